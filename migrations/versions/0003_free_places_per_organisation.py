"""Free places per member organisation"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("free_per_organisation", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("beyond_free", sa.String(length=30), nullable=False, server_default="refused"))
        batch_op.add_column(sa.Column("beyond_free_cents", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(
            op.f("ck_events_free_places_positive"), "free_per_organisation IS NULL OR free_per_organisation > 0"
        )
        batch_op.create_check_constraint(
            op.f("ck_events_beyond_free_has_price"),
            "free_per_organisation IS NULL OR (beyond_free = 'pays') = (beyond_free_cents > 0)",
        )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.alter_column("beyond_free", existing_type=sa.String(length=30), server_default=None)
        batch_op.alter_column("beyond_free_cents", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_events_beyond_free_has_price"), type_="check")
        batch_op.drop_constraint(op.f("ck_events_free_places_positive"), type_="check")
        batch_op.drop_column("beyond_free_cents")
        batch_op.drop_column("beyond_free")
        batch_op.drop_column("free_per_organisation")
