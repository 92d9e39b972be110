"""When a phone at a door was rehearsed, and what it could not do then"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("rehearsed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("api_tokens", sa.Column("rehearsal_failed", sa.String(100), nullable=False, server_default=""))
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.alter_column("rehearsal_failed", existing_type=sa.String(100), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.drop_column("rehearsal_failed")
        batch_op.drop_column("rehearsed_at")
