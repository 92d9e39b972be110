"""Messages to many at once, with what became of each person, and who wants no announcements"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_preferences",
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("off", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_digest", name=op.f("pk_mail_preferences")),
        sa.UniqueConstraint("token", name=op.f("uq_mail_preferences_token")),
    )
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=30), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("circle_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=30), nullable=True),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_mailings_event_id_events")),
        sa.ForeignKeyConstraint(["circle_id"], ["circles.id"], name=op.f("fk_mailings_circle_id_circles")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_mailings_job_id_jobs"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
    )
    for column in ("event_id", "circle_id", "job_id"):
        op.create_index(op.f(f"ix_mailings_{column}"), "mailings", [column])
    op.create_index("ix_mailings_state_scheduled_at", "mailings", ["state", "scheduled_at"])
    op.create_table(
        "mailing_recipients",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("ground", sa.String(length=30), nullable=False),
        sa.Column("left_out", sa.String(length=30), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_recipients_mailing_id_mailings"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mailing_recipients_person_id_people")),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_mailing_recipients_registration_id_registrations"),
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox.id"], name=op.f("fk_mailing_recipients_mail_id_outbox")),
        sa.PrimaryKeyConstraint("mailing_id", "person_id", name=op.f("pk_mailing_recipients")),
    )
    for column in ("person_id", "registration_id", "mail_id"):
        op.create_index(op.f(f"ix_mailing_recipients_{column}"), "mailing_recipients", [column])


def downgrade() -> None:
    for name in ("mailing_recipients", "mailings", "mail_preferences"):
        op.drop_table(name)
