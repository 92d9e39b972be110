"""The sign by which an import finds an event again"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("external_id", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_events_external_id"), "events", ["external_id"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_events_external_id"), table_name="events")
    op.drop_column("events", "external_id")
