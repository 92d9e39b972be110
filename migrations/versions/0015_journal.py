"""A journal of the money at the provider, guarded by triggers; payments that the provider forgot; refunds done over"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_GUARDS = (("money_movements_stay", "UPDATE"), ("money_movements_stay_there", "DELETE"))
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'a row of the journal never changes'); END"
_PROBLEMS = ("key", "away", "twin", "nothing_left", "refused", "returned")


def upgrade() -> None:
    op.create_table(
        "money_movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("kind", _enum("movementkind", "received", "refund", "chargeback"), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_money_movements_not_nothing")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["payment_attempts.id"], name=op.f("fk_money_movements_attempt_id_payment_attempts")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_money_movements_refund_id_refunds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_movements")),
    )
    for column in ("attempt_id", "refund_id", "booked_at"):
        op.create_index(op.f(f"ix_money_movements_{column}"), "money_movements", [column], unique=False)
    op.add_column("payment_attempts", sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.add_column(sa.Column("problem", _enum("refundproblem", *_PROBLEMS), nullable=True))
        batch_op.add_column(sa.Column("retry_of_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_refunds_retry_of_id"), ["retry_of_id"])
        batch_op.create_foreign_key(op.f("fk_refunds_retry_of_id_refunds"), "refunds", ["retry_of_id"], ["id"])
    _book_what_is_known()
    _guard()


def _book_what_is_known() -> None:
    """What came and went until now, at the moment it was learned of as far as that was kept.

    A payment that differs may have another amount than was asked: its next look at the provider puts that right.
    """
    into = "INSERT INTO money_movements (attempt_id, refund_id, kind, ref, amount_cents, booked_at, happened_at) "
    moment = "coalesce(checked_at, paid_at, created_at)"
    op.execute(
        f"{into} SELECT id, NULL, 'received', '', amount_cents, coalesce(paid_at, {moment}), paid_at"
        " FROM payment_attempts WHERE status = 'paid'"
    )
    gone = "refunds WHERE state IN ('sent', 'done') AND provider_id IS NOT NULL"
    op.execute(
        f"{into} SELECT attempt_id, id, 'refund', provider_id, -amount_cents, coalesce(sent_at, created_at), NULL"
        f" FROM {gone}"
    )
    ours = f"(SELECT coalesce(sum(amount_cents), 0) FROM {gone} AND attempt_id = payment_attempts.id)"
    op.execute(
        f"{into} SELECT id, NULL, 'refund', '', {ours} - refunded_cents, {moment}, NULL"
        f" FROM payment_attempts WHERE status = 'paid' AND refunded_cents > {ours}"
    )
    op.execute(
        f"{into} SELECT id, NULL, 'chargeback', '', -charged_back_cents, {moment}, NULL"
        " FROM payment_attempts WHERE status = 'paid' AND charged_back_cents > 0"
    )


def _guard() -> None:
    """Whoever changes a row of the journal, in whatever program, is refused."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION refuse_change_of_journal() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a row of the journal never changes'; END $$"
        )
    for name, what in _GUARDS:
        act = "EXECUTE FUNCTION refuse_change_of_journal()" if postgres else _REFUSE
        op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON money_movements FOR EACH ROW {act}")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=30)


def downgrade() -> None:
    """The triggers go with their table."""
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.drop_constraint(op.f("fk_refunds_retry_of_id_refunds"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_refunds_retry_of_id"), type_="unique")
        batch_op.drop_column("retry_of_id")
        batch_op.drop_column("problem")
    with op.batch_alter_table("payment_attempts") as batch_op:
        batch_op.drop_column("missing_since")
    op.drop_table("money_movements")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_journal()")
