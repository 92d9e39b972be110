"""Rounds, breakouts and choices; pools and waiting lists; terms of withdrawing and handing over"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_rounds_in_order")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_rounds_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index(op.f("ix_rounds_event_id"), "rounds", ["event_id"], unique=False)
    op.create_table(
        "breakouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=100), nullable=False),
        sa.Column("speakers", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.String(length=200), nullable=False),
        sa.Column("materials_url", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_breakouts_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakouts")),
        sa.UniqueConstraint("event_id", "slug", name=op.f("uq_breakouts_event_id_slug")),
    )
    op.create_table(
        "breakout_rounds",
        sa.Column("breakout_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["breakout_id"], ["breakouts.id"], name=op.f("fk_breakout_rounds_breakout_id_breakouts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_breakout_rounds_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("breakout_id", "round_id", name=op.f("pk_breakout_rounds")),
    )
    op.create_index(op.f("ix_breakout_rounds_round_id"), "breakout_rounds", ["round_id"], unique=False)
    op.create_table(
        "breakout_exclusions",
        sa.Column("breakout_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["breakout_id"],
            ["breakouts.id"],
            name=op.f("fk_breakout_exclusions_breakout_id_breakouts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["breakouts.id"], name=op.f("fk_breakout_exclusions_other_id_breakouts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("breakout_id", "other_id", name=op.f("pk_breakout_exclusions")),
    )
    op.create_table(
        "choices",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("breakout_id", sa.Integer(), nullable=True),
        sa.Column("speaks", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["breakout_id"], ["breakouts.id"], name=op.f("fk_choices_breakout_id_breakouts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_choices_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_choices_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("registration_id", "round_id", name=op.f("pk_choices")),
    )
    op.create_index(op.f("ix_choices_breakout_id"), "choices", ["breakout_id"], unique=False)
    op.create_table(
        "pools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("categories", sa.String(length=200), nullable=False),
        sa.Column("function_groups", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_pools_event_id_events"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pools")),
    )
    op.create_index(op.f("ix_pools_event_id"), "pools", ["event_id"], unique=False)
    op.create_table(
        "waiting_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.Column("breakout_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["breakout_id"], ["breakouts.id"], name=op.f("fk_waiting_entries_breakout_id_breakouts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["capacity_id"],
            ["capacities.id"],
            name=op.f("fk_waiting_entries_capacity_id_capacities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_waiting_entries_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entries")),
        sa.UniqueConstraint("token", name=op.f("uq_waiting_entries_token")),
    )
    op.create_index(
        "ix_waiting_entries_line", "waiting_entries", ["capacity_id", "state", "joined_at", "id"], unique=False
    )
    op.create_index("ix_waiting_entries_state_until", "waiting_entries", ["state", "until"], unique=False)
    op.create_index(
        "uq_waiting_entries_open",
        "waiting_entries",
        ["registration_id", "capacity_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'offered')"),
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )
    op.create_table(
        "cancellation_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("refund_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("days_before >= 0", name=op.f("ck_cancellation_terms_days_not_negative")),
        sa.CheckConstraint("refund_percent BETWEEN 0 AND 100", name=op.f("ck_cancellation_terms_percent")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_cancellation_terms_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellation_terms")),
        sa.UniqueConstraint("event_id", "days_before", name=op.f("uq_cancellation_terms_event_id_days_before")),
    )
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("to_registration_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("infix", sa.String(length=30), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_hand_overs_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_registration_id"], ["registrations.id"], name=op.f("fk_hand_overs_to_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sa.UniqueConstraint("token", name=op.f("uq_hand_overs_token")),
    )
    op.create_index(op.f("ix_hand_overs_registration_id"), "hand_overs", ["registration_id"], unique=False)
    op.create_index(op.f("ix_hand_overs_to_registration_id"), "hand_overs", ["to_registration_id"], unique=False)
    op.create_index(
        "uq_hand_overs_open",
        "hand_overs",
        ["registration_id"],
        unique=True,
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
    with op.batch_alter_table("capacities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_capacities_waiting_not_negative"), "waiting >= 0")
    with op.batch_alter_table("capacities", schema=None) as batch_op:
        batch_op.alter_column("waiting", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting_list", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("hand_over_to_anybody", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.alter_column("waiting_list", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("hand_over_to_anybody", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("wants_waiting", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.alter_column("counts", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("wants_waiting", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_column("wants_waiting")
        batch_op.drop_column("counts")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_column("moved_at")
        batch_op.drop_column("hand_over_to_anybody")
        batch_op.drop_column("waiting_list")
    with op.batch_alter_table("capacities", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_capacities_waiting_not_negative"), type_="check")
        batch_op.drop_column("waiting")
    op.drop_table("hand_overs")
    op.drop_table("cancellation_terms")
    op.drop_table("waiting_entries")
    op.drop_table("pools")
    op.drop_table("choices")
    op.drop_table("breakout_exclusions")
    op.drop_table("breakout_rounds")
    op.drop_table("breakouts")
    op.drop_table("rounds")
