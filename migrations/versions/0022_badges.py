"""Badges that were printed, and how each read, so that only what changed is printed again"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_SELECTION = sa.Enum("all", "changed", "one", name="selection", native_enum=False, length=30)
_ORDER = sa.Enum("family_name", "organisation", "arrival", name="sortorder", native_enum=False, length=30)
_SHEET = sa.Enum("l4784", "l7418", "a6", "free", name="sheetkind", native_enum=False, length=30)


def upgrade() -> None:
    op.create_table(
        "badge_prints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selection", _SELECTION, nullable=False),
        sa.Column("sort_order", _ORDER, nullable=False),
        sa.Column("sheet_kind", _SHEET, nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("first_label", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_label >= 1", name=op.f("ck_badge_prints_first_label_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_badge_prints_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_prints")),
    )
    op.create_index(op.f("ix_badge_prints_event_id"), "badge_prints", ["event_id"], unique=False)
    op.create_table(
        "badge_print_lines",
        sa.Column("print_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["print_id"],
            ["badge_prints.id"],
            name=op.f("fk_badge_print_lines_print_id_badge_prints"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_badge_print_lines_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("print_id", "registration_id", name=op.f("pk_badge_print_lines")),
    )
    op.create_index(
        op.f("ix_badge_print_lines_registration_id"), "badge_print_lines", ["registration_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("badge_print_lines")
    op.drop_table("badge_prints")
