"""What people thought of an event: who may answer, counts per question, and what they wrote"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("thanks", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint("answers BETWEEN 0 AND asked", name=op.f("ck_evaluations_answered_by_who_was_asked")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_evaluations_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_evaluations")),
    )
    op.create_table(
        "evaluation_invites",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_evaluation_invites_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_evaluation_invites_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_evaluation_invites")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_evaluation_invites_token_digest")),
    )
    op.create_index(op.f("ix_evaluation_invites_event_id"), "evaluation_invites", ["event_id"])
    op.create_table(
        "evaluation_counts",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_evaluation_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_evaluation_counts_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "item", "value", name=op.f("pk_evaluation_counts")),
    )
    op.create_table(
        "evaluation_texts",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_evaluation_texts_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_evaluation_texts_registration_id_registrations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_evaluation_texts")),
    )
    op.create_index(op.f("ix_evaluation_texts_event_id"), "evaluation_texts", ["event_id"])
    op.create_index(op.f("ix_evaluation_texts_registration_id"), "evaluation_texts", ["registration_id"])


def downgrade() -> None:
    for name in ("evaluation_texts", "evaluation_counts", "evaluation_invites", "evaluations"):
        op.drop_table(name)
