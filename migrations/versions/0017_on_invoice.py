"""Paying on an invoice: what an event allows, and what an order chose with whom the invoice is for"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ALLOWED = ("invoice_allowed", "confirm_on_invoice")


def upgrade() -> None:
    for name in _ALLOWED:
        op.add_column("events", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("orders", sa.Column("on_invoice_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("invoice_buyer", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("events") as batch_op:
        for name in _ALLOWED:
            batch_op.alter_column(name, existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("invoice_buyer", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("invoice_buyer")
        batch_op.drop_column("on_invoice_at")
    with op.batch_alter_table("events") as batch_op:
        for name in reversed(_ALLOWED):
            batch_op.drop_column(name)
