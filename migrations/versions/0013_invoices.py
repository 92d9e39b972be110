"""Invoices: numbered without holes, frozen by triggers once issued, with their papers and what was paid on them"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_VATS = ("21", "9", "0", "vrijgesteld", "buiten-heffing")
# What a draft may still change and an issued invoice may not; reminders and their moment are not among them.
_FROZEN = (
    "token, order_id, kind, number, credits_id, replaces_id, buyer, buyer_name, snapshot, gross_cents, net_cents, "
    "vat_cents, reason, issued_at, issued_on, due_on"
)
_GUARDS = (
    ("invoices_stay_as_issued", "UPDATE OF " + _FROZEN, "invoices", "OLD.number IS NOT NULL"),
    ("invoices_stay", "DELETE", "invoices", "OLD.number IS NOT NULL"),
    ("invoice_lines_stay_as_issued", "UPDATE", "invoice_lines", ""),
    ("invoice_lines_stay", "DELETE", "invoice_lines", ""),
    ("invoice_files_stay_as_drawn", "UPDATE", "invoice_files", ""),
    ("invoice_files_stay", "DELETE", "invoice_files", ""),
)


def upgrade() -> None:
    _invoices()
    _lines()
    _files_and_series()
    _matches()
    _rules()
    _guard()


def _invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("invoicekind", "invoice", "credit"), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column("credits_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("buyer_name", sa.String(length=200), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("issue_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name=op.f("ck_invoices_number_when_issued")),
        sa.CheckConstraint(
            "(kind = 'credit') = (credits_id IS NOT NULL)", name=op.f("ck_invoices_credit_names_its_invoice")
        ),
        sa.CheckConstraint("gross_cents = net_cents + vat_cents", name=op.f("ck_invoices_adds_up")),
        _points("invoices", "order_id", "orders"),
        _points("invoices", "credits_id", "invoices"),
        _points("invoices", "replaces_id", "invoices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("token", name=op.f("uq_invoices_token")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
    )
    for column in ("order_id", "credits_id", "issue_on", "issued_on"):
        op.create_index(op.f(f"ix_invoices_{column}"), "invoices", [column], unique=False)
    draft = sa.text("number IS NULL AND issue_on IS NOT NULL")
    op.create_index(
        "uq_invoices_draft", "invoices", ["order_id"], unique=True, sqlite_where=draft, postgresql_where=draft
    )


def _lines() -> None:
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("credits_line_id", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat", _enum("vat", *_VATS), nullable=False),
        *_booked(),
        _points("invoice_lines", "invoice_id", "invoices"),
        _points("invoice_lines", "registration_id", "registrations"),
        _points("invoice_lines", "credits_line_id", "invoice_lines"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
    )
    for column in ("invoice_id", "registration_id", "credits_line_id"):
        op.create_index(op.f(f"ix_invoice_lines_{column}"), "invoice_lines", [column], unique=False)


def _files_and_series() -> None:
    op.create_table(
        "invoice_files",
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("ubl", sa.LargeBinary(), nullable=True),
        sa.Column("ubl_lacks", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        _points("invoice_files", "invoice_id", "invoices"),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_invoice_files")),
    )
    op.create_table(
        "invoice_series",
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_invoice_series")),
    )


def _matches() -> None:
    op.create_table(
        "invoice_matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("source", _enum("matchsource", "hand", "bank", "mollie", "write_off"), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("bank_line", sa.String(length=140), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.Column("undone_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_invoice_matches_not_nothing")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_reason = '')", name=op.f("ck_invoice_matches_undone_with_reason")
        ),
        _points("invoice_matches", "invoice_id", "invoices"),
        _points("invoice_matches", "attempt_id", "payment_attempts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_matches")),
    )
    for column in ("invoice_id", "attempt_id"):
        op.create_index(op.f(f"ix_invoice_matches_{column}"), "invoice_matches", [column], unique=False)


def _rules() -> None:
    op.create_table(
        "revenue_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=True),
        sa.Column("category", sa.String(length=30), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("vat", _enum("vat", *_VATS), nullable=False),
        *_booked(),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_revenue_rules_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revenue_rules")),
    )
    op.create_index(op.f("ix_revenue_rules_event_id"), "revenue_rules", ["event_id"], unique=False)


def _guard() -> None:
    """Whoever changes an issued invoice, in whatever program, is refused."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION refuse_change_of_invoice() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'an issued invoice never changes'; END $$"
        )
    for name, what, table, when in _GUARDS:
        head = f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW"
        head += f" WHEN ({when})" if when else ""
        act = "EXECUTE FUNCTION refuse_change_of_invoice()"
        op.execute(f"{head} {act if postgres else _REFUSE}")


_REFUSE = "BEGIN SELECT RAISE(ABORT, 'an issued invoice never changes'); END"


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=30)


def _booked() -> tuple[sa.Column, ...]:
    return (
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("ledger_account", sa.String(length=20), nullable=False),
        sa.Column("cost_centre", sa.String(length=40), nullable=False),
    )


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def downgrade() -> None:
    """The triggers go with their tables."""
    for table in ("revenue_rules", "invoice_matches", "invoice_series", "invoice_files", "invoice_lines", "invoices"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_invoice()")
