"""Who looked at a list of people; and how much of a price was credited by hand, so that a free place stays one"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("which", sa.String(length=30), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("circle_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("as_file", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hour_key", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN token_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_list_looks_one_looker"),
        ),
        sa.CheckConstraint(
            "people > 0 AND times > 0 AND last_at >= first_at", name=op.f("ck_list_looks_somebody_seen")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_list_looks_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_list_looks_person_id_people")),
        sa.ForeignKeyConstraint(["token_id"], ["api_tokens.id"], name=op.f("fk_list_looks_token_id_api_tokens")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_list_looks_event_id_events"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["circle_id"], ["circles.id"], name=op.f("fk_list_looks_circle_id_circles")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_list_looks_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_looks")),
        sa.UniqueConstraint("hour_key", name=op.f("uq_list_looks_hour_key")),
    )
    for column in ("circle_id", "organisation_id", "person_id", "staff_id", "token_id"):
        op.create_index(op.f(f"ix_list_looks_{column}"), "list_looks", [column], unique=False)
    op.create_index("ix_list_looks_event_id_last_at", "list_looks", ["event_id", "last_at", "id"], unique=False)
    op.create_index("ix_list_looks_last_at_id", "list_looks", ["last_at", "id"], unique=False)
    op.add_column("registrations", sa.Column("lowered_cents", sa.Integer(), nullable=False, server_default="0"))
    owed = (
        "COALESCE((SELECT SUM(amount_cents) FROM owed_changes"
        " WHERE registration_id = registrations.id AND amount_cents > 0), 0)"
    )
    # A member's place that had a price and was credited all of it: what the journal once asked. Who came free from the
    # start was never asked anything, and who came as an outsider and was linked has that price by right.
    op.execute(
        f"UPDATE registrations SET lowered_cents = {owed} WHERE price_cents = 0 AND category = 'lid'"
        " AND NOT EXISTS (SELECT 1 FROM audit_log"
        " WHERE act = 'linked' AND subject = 'registration' AND subject_id = registrations.id)"
        " AND NOT EXISTS (SELECT 1 FROM place_holds JOIN capacities ON capacities.id = place_holds.capacity_id"
        " WHERE place_holds.registration_id = registrations.id AND capacities.kind = 'organisation')"
    )
    # Whose difference is still to be decided on: what went back by hand meanwhile is not to go back once more.
    op.execute(
        f"UPDATE registrations SET lowered_cents = {owed} - price_cents WHERE state = 'confirmed'"
        f" AND {owed} > price_cents AND id IN (SELECT registration_id FROM refund_proposals WHERE state = 'open')"
    )


def downgrade() -> None:
    op.drop_column("registrations", "lowered_cents")
    op.drop_table("list_looks")
