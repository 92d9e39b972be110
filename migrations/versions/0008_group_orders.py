"""Several people in one order: who proved what, and which money is for whom"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_items",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_payment_items_positive")),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["payment_attempts.id"],
            name=op.f("fk_payment_items_attempt_id_payment_attempts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_payment_items_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attempt_id", "registration_id", name=op.f("pk_payment_items")),
    )
    with op.batch_alter_table("payment_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_items_registration_id"), ["registration_id"], unique=False)
    op.add_column("orders", sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("registrations", sa.Column("with_booker", sa.Boolean(), nullable=False, server_default=sa.false()))
    _booker_proved_own_address()
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.alter_column("with_booker", existing_type=sa.Boolean(), server_default=None)


def _booker_proved_own_address() -> None:
    """Until now everybody booked for themselves, so who proved a registration proved its order."""
    orders = sa.table("orders", sa.column("id"), sa.column("proven_at"))
    registrations = sa.table("registrations", sa.column("order_id"), sa.column("proven_at"))
    proven = (
        sa.select(sa.func.min(registrations.c.proven_at))
        .where(registrations.c.order_id == orders.c.id)
        .scalar_subquery()
    )
    op.execute(sa.update(orders).values(proven_at=proven))


def downgrade() -> None:
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_column("with_booker")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("proven_at")
    with op.batch_alter_table("payment_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_items_registration_id"))
    op.drop_table("payment_items")
