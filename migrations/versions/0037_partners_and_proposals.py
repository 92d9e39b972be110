"""Which partner offers an event, who agreed that it may know that they come, and what ambassadors propose"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("events") as events:
        events.add_column(sa.Column("offered_by_id", sa.Integer(), nullable=True))
        events.create_foreign_key(
            op.f("fk_events_offered_by_id_organisations"), "organisations", ["offered_by_id"], ["id"]
        )
        events.create_index(op.f("ix_events_offered_by_id"), ["offered_by_id"], unique=False)
    op.create_table(
        "partner_consents",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= agreed_at", name=op.f("ck_partner_consents_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_partner_consents_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_partner_consents_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_partner_consents")),
    )
    op.create_index(op.f("ix_partner_consents_organisation_id"), "partner_consents", ["organisation_id"], unique=False)
    op.create_table(
        "event_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("form", sa.String(length=30), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("for_whom", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pays", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_proposals_in_order")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_proposals_event_id_events"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_event_proposals_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_proposals")),
    )
    op.create_index(op.f("ix_event_proposals_person_id"), "event_proposals", ["person_id"], unique=False)
    op.create_index(op.f("ix_event_proposals_event_id"), "event_proposals", ["event_id"], unique=False)
    op.create_index("ix_event_proposals_state_created_at", "event_proposals", ["state", "created_at"], unique=False)
    op.create_table(
        "proposal_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("written_by", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["event_proposals.id"],
            name=op.f("fk_proposal_remarks_proposal_id_event_proposals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_remarks")),
    )
    op.create_index(op.f("ix_proposal_remarks_proposal_id"), "proposal_remarks", ["proposal_id"], unique=False)


def downgrade() -> None:
    op.drop_table("proposal_remarks")
    op.drop_table("event_proposals")
    op.drop_table("partner_consents")
    with op.batch_alter_table("events") as events:
        events.drop_index(op.f("ix_events_offered_by_id"))
        events.drop_constraint(op.f("fk_events_offered_by_id_organisations"), type_="foreignkey")
        events.drop_column("offered_by_id")
