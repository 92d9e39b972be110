"""Price lines narrowed to kinds of organisations"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("event_prices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kinds", sa.String(length=200), server_default="", nullable=False))
        batch_op.drop_constraint(op.f("uq_event_prices_event_id_category"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_event_prices_event_id_category_kinds"), ["event_id", "category", "kinds"]
        )
    with op.batch_alter_table("event_prices", schema=None) as batch_op:
        batch_op.alter_column("kinds", existing_type=sa.String(length=200), server_default=None)


def downgrade() -> None:
    # An event cannot say more than one thing to a category any more: what it said to some kinds only is lost.
    op.execute(sa.text("DELETE FROM event_prices WHERE kinds <> ''"))
    with op.batch_alter_table("event_prices", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_event_prices_event_id_category_kinds"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_event_prices_event_id_category"), ["event_id", "category"])
        batch_op.drop_column("kinds")
