"""Contact persons of organisations; what the office decided about people nobody recognised"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_contacts()
    op.create_table(
        "link_dismissals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("dismissed_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(domain IS NULL) <> (person_id IS NULL)", name=op.f("ck_link_dismissals_domain_or_person")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_link_dismissals_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_dismissals")),
        sa.UniqueConstraint("domain", name=op.f("uq_link_dismissals_domain")),
        sa.UniqueConstraint("person_id", name=op.f("uq_link_dismissals_person_id")),
    )
    _make_proposals()


def _make_contacts() -> None:
    op.create_table(
        "organisation_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("receives_invoices", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_organisation_contacts_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_contacts_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_organisation_contacts_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_contacts")),
    )
    with op.batch_alter_table("organisation_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_contacts_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_contacts_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_contacts_address"), ["address"], unique=False)


def _make_proposals() -> None:
    op.create_table(
        "refund_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_refund_proposals_amount_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_refund_proposals_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_refund_proposals_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_proposals")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_refund_proposals_registration_id")),
    )
    with op.batch_alter_table("refund_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_proposals_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("refund_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_proposals_organisation_id"))
    op.drop_table("refund_proposals")
    op.drop_table("link_dismissals")
    with op.batch_alter_table("organisation_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_contacts_address"))
        batch_op.drop_index(batch_op.f("ix_organisation_contacts_person_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_contacts_organisation_id"))
    op.drop_table("organisation_contacts")
