"""Indexes for what was looked up by reading a whole table"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_INDEXES = (
    ("waiting_entries", "registration_id"),
    ("waiting_entries", "breakout_id"),
    ("invitations", "address"),
    ("hand_overs", "address"),
    ("payment_attempts", "outcome"),
)


def upgrade() -> None:
    for table, column in _INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    nobodys = sa.text("organisation_id IS NULL")
    op.create_index(
        op.f("ix_registrations_mail_domain"),
        "registrations",
        ["mail_domain"],
        unique=False,
        sqlite_where=nobodys,
        postgresql_where=nobodys,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_registrations_mail_domain"), table_name="registrations")
    for table, column in reversed(_INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
