"""People named by an organisation; mails are found by address"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("named_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_organisation_people_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_people_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_organisation_people_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_people")),
    )
    with op.batch_alter_table("organisation_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_people_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_people_person_id"), ["person_id"], unique=False)
    op.create_index(op.f("ix_outbox_to_address"), "outbox", ["to_address"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_to_address"), table_name="outbox")
    with op.batch_alter_table("organisation_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_people_person_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_people_organisation_id"))
    op.drop_table("organisation_people")
