"""Presence that is fixed once an event is over, corrections of it, and certificates of attendance"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_STATUSES = (
    "verwacht",
    "aanwezig",
    "online",
    "gast",
    "waarnemend",
    "afwezig_met_bericht",
    "afgemeld_op_de_dag",
    "afwezig",
)
_STATUS = sa.Enum(*_STATUSES, name="presencestatus", native_enum=False, length=30)


def _points_to(table: str, column: str, other: str, cascade: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=cascade)


def upgrade() -> None:
    op.add_column("events", sa.Column("presence_fixed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("events", sa.Column("presence_fixed_by", sa.String(length=200), nullable=True))
    op.create_table(
        "presence_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=40), nullable=False),
        sa.Column("from_status", _STATUS, nullable=True),
        sa.Column("to_status", _STATUS, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        _points_to("presence_corrections", "event_id", "events"),
        _points_to("presence_corrections", "registration_id", "registrations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_corrections")),
    )
    op.create_index("ix_presence_corrections_event_id_session", "presence_corrections", ["event_id", "session"])
    op.create_index(op.f("ix_presence_corrections_registration_id"), "presence_corrections", ["registration_id"])
    op.create_table(
        "fixed_presences",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("status", _STATUS, nullable=False),
        sa.Column("no_show", sa.Boolean(), nullable=False),
        _points_to("fixed_presences", "event_id", "events"),
        _points_to("fixed_presences", "registration_id", "registrations"),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_fixed_presences")),
    )
    op.create_index("ix_fixed_presences_event_id_status", "fixed_presences", ["event_id", "status"])
    op.create_table(
        "certificate_terms",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("goals", sa.String(length=500), nullable=False),
        sa.Column("register_name", sa.String(length=100), nullable=False),
        sa.Column("register_number", sa.String(length=60), nullable=False),
        sa.Column("points", sa.String(length=40), nullable=False),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_certificate_terms_minutes_positive")),
        _points_to("certificate_terms", "event_id", "events"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_certificate_terms")),
    )
    _create_certificates()


def _create_certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=30), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("infix", sa.String(length=30), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.Column("revoke_reason", sa.String(length=300), nullable=False),
        _points_to("certificates", "person_id", "people", cascade=None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
    )
    op.create_index("ix_certificates_person_id_scope", "certificates", ["person_id", "scope"])
    op.create_index(op.f("ix_certificates_scope"), "certificates", ["scope"])
    op.create_table(
        "certificate_meetings",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        _points_to("certificate_meetings", "certificate_id", "certificates"),
        _points_to("certificate_meetings", "registration_id", "registrations"),
        sa.PrimaryKeyConstraint("certificate_id", "registration_id", name=op.f("pk_certificate_meetings")),
    )
    op.create_index(op.f("ix_certificate_meetings_registration_id"), "certificate_meetings", ["registration_id"])


def downgrade() -> None:
    tables = ("certificate_meetings", "certificates", "certificate_terms", "fixed_presences", "presence_corrections")
    for name in tables:
        op.drop_table(name)
    with op.batch_alter_table("events") as batch_op:
        batch_op.drop_column("presence_fixed_by")
        batch_op.drop_column("presence_fixed_at")
