"""Who asked to be forgotten, as keyed hashes, and what each nightly sweep took away"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erasures")),
    )
    op.create_table(
        "sweep_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_reports")),
    )
    op.create_index(op.f("ix_sweep_reports_swept_at"), "sweep_reports", ["swept_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_sweep_reports_swept_at"), table_name="sweep_reports")
    op.drop_table("sweep_reports")
    op.drop_table("erasures")
