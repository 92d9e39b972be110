"""How often a token was used in this minute, for all processes together"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("used_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("api_tokens", sa.Column("used", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.alter_column("used", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.drop_column("used")
        batch_op.drop_column("used_since")
