"""What a withdrawn registration still costs: the fee that stays, and stays invoiced"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registrations", sa.Column("kept_cents", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.alter_column("kept_cents", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.drop_column("kept_cents")
