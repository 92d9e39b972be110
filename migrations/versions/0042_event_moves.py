"""When an event was to begin before it was moved, so that the figures of a day past stay what they were"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_moves_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_moves")),
    )
    op.create_index(op.f("ix_event_moves_event_id"), "event_moves", ["event_id"], unique=False)
    # Of what was moved before, only the last move is known.
    op.execute(
        "INSERT INTO event_moves (event_id, starts_at, moved_at)"
        " SELECT id, moved_from, moved_at FROM events WHERE moved_from IS NOT NULL AND moved_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("event_moves")
