"""Circles of people that meet, who is in them, what they said of a meeting, and the school holidays to plan around"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("season", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("form", sa.String(length=30), nullable=False),
        sa.Column("visibility", sa.String(length=30), nullable=False),
        sa.Column("join_policy", sa.String(length=30), nullable=False),
        sa.Column("sit_in", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["circles.id"], name=op.f("fk_circles_follows_id_circles"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circles")),
        sa.UniqueConstraint("slug", name=op.f("uq_circles_slug")),
    )
    op.create_index(op.f("ix_circles_follows_id"), "circles", ["follows_id"], unique=False)

    op.create_table(
        "school_holidays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=10), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_school_holidays_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_holidays")),
    )
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

    op.create_table(
        "circle_groups",
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_groups_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "code", name=op.f("pk_circle_groups")),
    )
    op.create_table(
        "circle_hosts",
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_hosts_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_circle_hosts_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("circle_id", "organisation_id", name=op.f("pk_circle_hosts")),
    )
    op.create_index(op.f("ix_circle_hosts_organisation_id"), "circle_hosts", ["organisation_id"], unique=False)

    op.create_table(
        "circle_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("function_group", sa.String(length=30), nullable=True),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("left_on IS NULL OR left_on >= joined_on", name=op.f("ck_circle_members_in_order")),
        sa.ForeignKeyConstraint(["circle_id"], ["circles.id"], name=op.f("fk_circle_members_circle_id_circles")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_circle_members_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_circle_members_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_members")),
        sa.UniqueConstraint("token", name=op.f("uq_circle_members_token")),
    )
    op.create_index(op.f("ix_circle_members_circle_id"), "circle_members", ["circle_id"], unique=False)
    op.create_index(op.f("ix_circle_members_organisation_id"), "circle_members", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_circle_members_person_id"), "circle_members", ["person_id"], unique=False)
    op.create_index(
        "uq_circle_members_open",
        "circle_members",
        ["circle_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("left_on IS NULL"),
        postgresql_where=sa.text("left_on IS NULL"),
    )

    op.create_table(
        "circle_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("infix", sa.String(length=30), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("function_group", sa.String(length=30), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("visitor_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_requests_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_circle_requests_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_requests")),
    )
    op.create_index(op.f("ix_circle_requests_circle_id"), "circle_requests", ["circle_id"], unique=False)
    op.create_index(op.f("ix_circle_requests_organisation_id"), "circle_requests", ["organisation_id"], unique=False)

    op.create_table(
        "circle_answers",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_circle_answers_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["circle_members.id"],
            name=op.f("fk_circle_answers_member_id_circle_members"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "member_id", name=op.f("pk_circle_answers")),
    )
    op.create_index(op.f("ix_circle_answers_member_id"), "circle_answers", ["member_id"], unique=False)

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("circle_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_events_circle_id"), ["circle_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_events_circle_id_circles"), "circles", ["circle_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_events_circle_id_circles"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_events_circle_id"))
        batch_op.drop_column("circle_id")

    for name in ("answers", "requests", "members", "hosts", "groups", "coordinators"):
        op.drop_table(f"circle_{name}")
    op.drop_table("school_holidays")
    op.drop_table("circles")
