"""What a phone at a door says of itself: its release, and how many scans wait there to be sent"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("app_release", sa.String(20), nullable=False, server_default=""))
    op.add_column("api_tokens", sa.Column("waiting", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.alter_column("app_release", existing_type=sa.String(20), server_default=None)
        batch_op.alter_column("waiting", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.drop_column("waiting")
        batch_op.drop_column("app_release")
