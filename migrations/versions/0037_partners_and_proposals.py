"""Which partner offers an event, and who agreed that it may know that they come"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"
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


def downgrade() -> None:
    op.drop_table("partner_consents")
    with op.batch_alter_table("events") as events:
        events.drop_index(op.f("ix_events_offered_by_id"))
        events.drop_constraint(op.f("fk_events_offered_by_id_organisations"), type_="foreignkey")
        events.drop_column("offered_by_id")
