"""Money that goes back by bank, credits that wait for a setting, and the terms of withdrawing agreed at booking"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_STATES = ("waiting", "done", "kept", "lapsed")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "bank_refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, name="bankrefundstate", native_enum=False, length=30), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("holder", sa.String(length=70), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_bank_refunds_positive")),
        sa.CheckConstraint("(invoice_id IS NULL) <> (refund_id IS NULL)", name=op.f("ck_bank_refunds_one_cause")),
        sa.CheckConstraint("(state = 'done') = (paid_on IS NOT NULL)", name=op.f("ck_bank_refunds_day_when_done")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_bank_refunds_order_id_orders")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_bank_refunds_invoice_id_invoices")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_bank_refunds_refund_id_refunds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_refunds")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_bank_refunds_refund_id")),
    )
    op.create_index(op.f("ix_bank_refunds_order_id"), "bank_refunds", ["order_id"], unique=False)
    op.create_index("ix_bank_refunds_invoice_id", "bank_refunds", ["invoice_id"], unique=False)
    op.create_index("ix_bank_refunds_state_since", "bank_refunds", ["state", "since"], unique=False)
    op.create_index(
        "uq_bank_refunds_waiting",
        "bank_refunds",
        ["invoice_id"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_table(
        "due_credits",
        sa.Column("order_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("missing", sa.String(length=300), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_due_credits_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_due_credits")),
    )
    op.add_column("registrations", sa.Column("terms", sa.JSON(), nullable=True))
    name = op.f("fk_invoice_matches_bank_refund_id_bank_refunds")
    with op.batch_alter_table("invoice_matches") as batch_op:
        batch_op.add_column(sa.Column("bank_refund_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(name, "bank_refunds", ["bank_refund_id"], ["id"])
        batch_op.create_index(op.f("ix_invoice_matches_bank_refund_id"), ["bank_refund_id"], unique=False)


def downgrade() -> None:
    name = op.f("fk_invoice_matches_bank_refund_id_bank_refunds")
    with op.batch_alter_table("invoice_matches") as batch_op:
        batch_op.drop_index(op.f("ix_invoice_matches_bank_refund_id"))
        batch_op.drop_constraint(name, type_="foreignkey")
        batch_op.drop_column("bank_refund_id")
    op.drop_column("registrations", "terms")
    op.drop_table("due_credits")
    op.drop_table("bank_refunds")
