"""Years that are closed with their numbers, and what is known of events for which nobody registers with us"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_CLOSED = sa.text("reopened_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "year_closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unfixed", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.String(length=200), nullable=False),
        sa.Column("reopened_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_reason = '')", name=op.f("ck_year_closings_reopened_with_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_closings")),
    )
    op.create_index(
        "uq_year_closings_closed",
        "year_closings",
        ["year"],
        unique=True,
        sqlite_where=_CLOSED,
        postgresql_where=_CLOSED,
    )
    op.create_table(
        "year_totals",
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=30), nullable=False),
        sa.Column("row", sa.String(length=60), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closing_id"],
            ["year_closings.id"],
            name=op.f("fk_year_totals_closing_id_year_closings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("closing_id", "figure", "row", "column", name=op.f("pk_year_totals")),
    )
    op.create_table(
        "event_visibility",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("contribution", sa.String(length=300), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=True),
        sa.CheckConstraint("heads IS NULL OR heads >= 0", name=op.f("ck_event_visibility_heads_not_negative")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_visibility_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_visibility")),
    )


def downgrade() -> None:
    for name in ("event_visibility", "year_totals", "year_closings"):
        op.drop_table(name)
