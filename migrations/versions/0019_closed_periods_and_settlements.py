"""What is owed as rows, closed months, what Mollie paid out, and invoices that may be emptied after their term"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_FROZEN = (
    "token, order_id, kind, number, credits_id, replaces_id, buyer, buyer_name, snapshot, gross_cents, net_cents, "
    "vat_cents, reason, issued_at, issued_on, due_on"
)
# As 0013 made them: name, what is refused, of which table.
_INVOICE_GUARDS = (
    ("invoices_stay_as_issued", "UPDATE OF " + _FROZEN, "invoices"),
    ("invoices_stay", "DELETE", "invoices"),
    ("invoice_lines_stay_as_issued", "UPDATE", "invoice_lines"),
    ("invoice_lines_stay", "DELETE", "invoice_lines"),
    ("invoice_files_stay_as_drawn", "UPDATE", "invoice_files"),
    ("invoice_files_stay", "DELETE", "invoice_files"),
)
_ADDED_ONLY = ("owed_changes", "settlement_lines")
_NEVER = "an issued invoice never changes"
_ROW_STAYS = "a row of the journal never changes"


def upgrade() -> None:
    _owed()
    _closed()
    _settlements()
    op.add_column("invoices", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invoice_matches", sa.Column("moved_from_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("invoice_matches") as batch_op:
        batch_op.create_unique_constraint(op.f("uq_invoice_matches_moved_from_id"), ["moved_from_id"])
        batch_op.create_foreign_key(
            op.f("fk_invoice_matches_moved_from_id_invoice_matches"), "invoice_matches", ["moved_from_id"], ["id"]
        )
    for column in ("created_at", "received_on"):
        op.create_index(op.f(f"ix_invoice_matches_{column}"), "invoice_matches", [column], unique=False)
    op.create_table(
        "invoice_sweeps",
        sa.Column("through", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("through", name=op.f("pk_invoice_sweeps")),
    )
    _guard_added_only()
    _guard_invoices(sweepable=True)


def _owed() -> None:
    op.create_table(
        "owed_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_owed_changes_not_nothing")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_owed_changes_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_changes")),
    )
    for column in ("registration_id", "booked_at"):
        op.create_index(op.f(f"ix_owed_changes_{column}"), "owed_changes", [column], unique=False)
    _write_what_is_owed()


def _write_what_is_owed() -> None:
    """The present price from the confirmation on, and from the withdrawal on what stays of it: no more was kept."""
    into = "INSERT INTO owed_changes (registration_id, amount_cents, booked_at) SELECT id,"
    known = "FROM registrations WHERE confirmed_at IS NOT NULL AND state IN ('confirmed', 'cancelled')"
    op.execute(f"{into} price_cents, confirmed_at {known} AND price_cents <> 0")
    op.execute(
        f"{into} kept_cents - price_cents, coalesce(cancelled_at, confirmed_at) {known}"
        " AND state = 'cancelled' AND kept_cents <> price_cents"
    )
    op.execute(
        f"{into} kept_cents, coalesce(cancelled_at, created_at) FROM registrations"
        " WHERE confirmed_at IS NULL AND state = 'cancelled' AND kept_cents <> 0"
    )


def _closed() -> None:
    op.create_table(
        "closed_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.String(length=200), nullable=False),
        sa.Column("reopened_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_reason = '')", name=op.f("ck_closed_months_reopened_with_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_months")),
    )
    closed = sa.text("reopened_at IS NULL")
    op.create_index(
        "uq_closed_months_closed",
        "closed_months",
        ["month"],
        unique=True,
        sqlite_where=closed,
        postgresql_where=closed,
    )


def _settlements() -> None:
    kinds = ("payment", "refund", "refund_returned", "chargeback", "chargeback_reversed", "fee", "other")
    op.create_table(
        "settlement_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settlement", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.Enum(*kinds, name="settlementkind", native_enum=False, length=30), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("payment_id", sa.String(length=80), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_settlement_lines_not_nothing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_lines")),
        sa.UniqueConstraint("key", name=op.f("uq_settlement_lines_key")),
    )
    for column in ("settlement", "provider_id", "payment_id", "settled_on"):
        op.create_index(op.f(f"ix_settlement_lines_{column}"), "settlement_lines", [column], unique=False)


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _guard_added_only() -> None:
    """The function of 0015 refuses whatever it is asked about."""
    for table in _ADDED_ONLY:
        for what in ("UPDATE", "DELETE"):
            act = "EXECUTE FUNCTION refuse_change_of_journal()" if _postgres() else _refuse(_ROW_STAYS)
            op.execute(f"CREATE TRIGGER {table}_stay_{what.lower()} BEFORE {what} ON {table} FOR EACH ROW {act}")


def _refuse(text: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{text}'); END"


def _guard_invoices(*, sweepable: bool) -> None:
    """`sweepable`: what was issued through a day of `invoice_sweeps` may change. A row is there only within the
    transaction of the sweep, which takes it away again, so that nobody else ever sees one.
    """
    if _postgres():
        _replace_function(sweepable)
        return
    for name, what, table in _INVOICE_GUARDS:
        op.execute(f"DROP TRIGGER IF EXISTS {name}")
        own = table == "invoices"
        issued_on = "OLD.issued_on" if own else "(SELECT issued_on FROM invoices WHERE id = OLD.invoice_id)"
        conditions = ["OLD.number IS NOT NULL"] if own else []
        if sweepable:
            conditions.append(f"NOT EXISTS (SELECT 1 FROM invoice_sweeps WHERE through >= {issued_on})")
        when = f" WHEN ({' AND '.join(conditions)})" if conditions else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW{when} {_refuse(_NEVER)}")


def _replace_function(sweepable: bool) -> None:
    look = (
        "IF TG_TABLE_NAME = 'invoices' THEN issued := OLD.issued_on; "
        "ELSE SELECT issued_on INTO issued FROM invoices WHERE id = OLD.invoice_id; END IF; "
        "IF EXISTS (SELECT 1 FROM invoice_sweeps WHERE through >= issued) "
        "THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF; "
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change_of_invoice() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ DECLARE issued date; BEGIN {look if sweepable else ''}RAISE EXCEPTION '{_NEVER}'; END $$"
    )


def downgrade() -> None:
    """The triggers of the tables that go, go with them."""
    _guard_invoices(sweepable=False)
    op.drop_table("invoice_sweeps")
    for column in ("received_on", "created_at"):
        op.drop_index(op.f(f"ix_invoice_matches_{column}"), table_name="invoice_matches")
    with op.batch_alter_table("invoice_matches") as batch_op:
        batch_op.drop_constraint(op.f("fk_invoice_matches_moved_from_id_invoice_matches"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_invoice_matches_moved_from_id"), type_="unique")
        batch_op.drop_column("moved_from_id")
    op.drop_column("invoices", "erased_at")
    for table in ("settlement_lines", "closed_months", "owed_changes"):
        op.drop_table(table)
