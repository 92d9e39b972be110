"""Relation per period of membership, phase, tenants, invoicing; who was merged is forwarded; lapses that were seen"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _give_each_period_its_relation()
    with op.batch_alter_table("organisations", schema=None, **_never_twice()) as batch_op:
        batch_op.add_column(sa.Column("phase", sa.String(length=30), nullable=True))
        batch_op.drop_column("relation")
    with op.batch_alter_table("people", schema=None, **_never_twice()):
        pass

    op.create_table(
        "organisation_tenants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_tenants_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_tenants")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_organisation_tenants_tenant_id")),
    )
    with op.batch_alter_table("organisation_tenants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_tenants_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "organisation_invoicing",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("attention", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("house_number", sa.String(length=10), nullable=False),
        sa.Column("addition", sa.String(length=20), nullable=False),
        sa.Column("postcode", sa.String(length=12), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("kvk", sa.String(length=8), nullable=False),
        sa.Column("btw_id", sa.String(length=20), nullable=False),
        sa.Column("oin", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_invoicing_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_invoicing")),
    )
    _create_forwards("organisation_forwards", "organisation_id", "organisations")
    _create_forwards("person_forwards", "person_id", "people")
    op.create_table(
        "seen_lapses",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_seen_lapses_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_seen_lapses")),
    )


def _never_twice() -> dict[str, object]:
    """An id that was merged away leads on for good; SQLite would give it to the next one, PostgreSQL never does."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    return {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": True}}


def _give_each_period_its_relation() -> None:
    """A relation without any period gave no right on any day; it goes with the column."""
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("relation", sa.String(length=30), nullable=True))
    organisations = sa.table("organisations", sa.column("id"), sa.column("relation"))
    memberships = sa.table("memberships", sa.column("organisation_id"), sa.column("relation"))
    of_organisation = sa.select(organisations.c.relation).where(organisations.c.id == memberships.c.organisation_id)
    op.execute(sa.update(memberships).values(relation=of_organisation.scalar_subquery()))
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.alter_column("relation", existing_type=sa.String(length=30), nullable=False)


def _create_forwards(name: str, column: str, parents: str) -> None:
    op.create_table(
        name,
        sa.Column("old_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            [column], [f"{parents}.id"], name=op.f(f"fk_{name}_{column}_{parents}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("old_id", name=op.f(f"pk_{name}")),
    )
    with op.batch_alter_table(name, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{name}_{column}"), [column], unique=False)


def downgrade() -> None:
    """The organisation gets the relation of its last period; who had none, is no member."""
    op.drop_table("seen_lapses")
    for name, column in (("person_forwards", "person_id"), ("organisation_forwards", "organisation_id")):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{name}_{column}"))
        op.drop_table(name)
    op.drop_table("organisation_invoicing")
    with op.batch_alter_table("organisation_tenants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_tenants_organisation_id"))
    op.drop_table("organisation_tenants")
    _give_each_organisation_its_last_relation()
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_column("relation")


def _give_each_organisation_its_last_relation() -> None:
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("relation", sa.String(length=30), nullable=False, server_default="geen"))
        batch_op.drop_column("phase")
    organisations = sa.table("organisations", sa.column("id"), sa.column("relation"))
    memberships = sa.table(
        "memberships", sa.column("organisation_id"), sa.column("relation"), sa.column("starts_on", sa.Date())
    )
    last = (
        sa.select(memberships.c.relation)
        .where(memberships.c.organisation_id == organisations.c.id)
        .order_by(memberships.c.starts_on.desc())
        .limit(1)
    )
    op.execute(sa.update(organisations).values(relation=sa.func.coalesce(last.scalar_subquery(), "geen")))
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.alter_column("relation", existing_type=sa.String(length=30), server_default=None)
