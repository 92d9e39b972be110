"""Roles for one event or one circle, accounts that begin on a day, and registrations per event in order of time"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_STAFF = sa.table("staff", sa.column("id"), sa.column("role"), sa.column("ends_on"), sa.column("created_at"))
_COORDINATORS = sa.table("circle_coordinators", sa.column("circle_id"), sa.column("staff_id"))
_GRANTS = sa.table(
    "staff_grants",
    sa.column("staff_id"),
    sa.column("role"),
    sa.column("event_id"),
    sa.column("circle_id"),
    sa.column("ends_on"),
    sa.column("created_at"),
)


def upgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.alter_column("role", existing_type=sa.String(length=30), nullable=True)
    op.create_table(
        "staff_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("circle_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(event_id IS NULL) <> (circle_id IS NULL)", name=op.f("ck_staff_grants_for_one_thing")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_staff_grants_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_staff_grants_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_grants_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_grants")),
        sa.UniqueConstraint("circle_id", "staff_id", "role", name=op.f("uq_staff_grants_circle_id_staff_id_role")),
        sa.UniqueConstraint("event_id", "staff_id", "role", name=op.f("uq_staff_grants_event_id_staff_id_role")),
    )
    op.create_index(op.f("ix_staff_grants_staff_id"), "staff_grants", ["staff_id"], unique=False)
    _carry_coordinators_over()
    op.drop_table("circle_coordinators")
    op.create_index("ix_registrations_event_id_created_at", "registrations", ["event_id", "created_at"], unique=False)


def _carry_coordinators_over() -> None:
    known = sa.select(
        _COORDINATORS.c.staff_id, sa.literal("kringcoordinator"), _COORDINATORS.c.circle_id, _STAFF.c.created_at
    ).join_from(_COORDINATORS, _STAFF, _STAFF.c.id == _COORDINATORS.c.staff_id)
    op.execute(sa.insert(_GRANTS).from_select(["staff_id", "role", "circle_id", "created_at"], known))


def downgrade() -> None:
    op.drop_index("ix_registrations_event_id_created_at", table_name="registrations")
    op.create_table(
        "circle_coordinators",
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_coordinators_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_circle_coordinators_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "staff_id", name=op.f("pk_circle_coordinators")),
    )
    op.create_index(op.f("ix_circle_coordinators_staff_id"), "circle_coordinators", ["staff_id"], unique=False)
    running = sa.select(_GRANTS.c.circle_id, _GRANTS.c.staff_id).where(
        _GRANTS.c.role == "kringcoordinator", _GRANTS.c.circle_id.is_not(None)
    )
    op.execute(sa.insert(_COORDINATORS).from_select(["circle_id", "staff_id"], running))
    op.drop_table("staff_grants")
    # An account without a role of its own has nothing to do any more: the smallest one, which has ended.
    nothing = sa.update(_STAFF).where(_STAFF.c.role.is_(None))
    op.execute(nothing.values(role="deurvrijwilliger", ends_on=sa.cast(_STAFF.c.created_at, sa.Date)))
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.alter_column("role", existing_type=sa.String(length=30), nullable=False)
        batch_op.drop_column("starts_on")
