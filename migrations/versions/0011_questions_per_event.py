"""Questions per event and their answers; diets, needs and photos apart from the rest"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KIND = sa.Enum("text", "choice", "multiple", "yes_no", "number", name="questionkind", native_enum=False, length=30)
_FORM = sa.Enum("fysiek", "online", "hybride", name="eventform", native_enum=False, length=30)
_BLOCK = sa.Enum("diet", "access", "photo", name="block", native_enum=False, length=30)


def upgrade() -> None:
    _questions()
    _answers()
    op.create_table(
        "event_blocks",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code", _BLOCK, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_blocks_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "code", name=op.f("pk_event_blocks")),
    )
    _special()


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", _KIND, nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("help", sa.String(length=300), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("categories", sa.String(length=200), nullable=False),
        sa.Column("attends", _FORM, nullable=True),
        sa.Column("depends_on", sa.Integer(), nullable=True),
        sa.Column("depends_values", sa.JSON(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("keep_days BETWEEN 1 AND 730", name=op.f("ck_questions_kept_two_years_at_most")),
        sa.CheckConstraint("depends_on <> id", name=op.f("ck_questions_not_of_itself")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_questions_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["depends_on"], ["questions.id"], name=op.f("fk_questions_depends_on_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_event_id"), "questions", ["event_id"], unique=False)


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        _of_registration("answers"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_answers_question_id_questions")),
        sa.PrimaryKeyConstraint("registration_id", "question_id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_question_id"), "answers", ["question_id"], unique=False)


def _special() -> None:
    op.create_table(
        "care_answers",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("diets", sa.String(length=200), nullable=False),
        sa.Column("diet_other", sa.String(length=300), nullable=False),
        sa.Column("access", sa.String(length=200), nullable=False),
        sa.Column("access_other", sa.String(length=300), nullable=False),
        sa.Column("consent_text", sa.String(length=20), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "consented_at IS NOT NULL OR (diets = '' AND diet_other = '' AND access = '' AND access_other = '')",
            name=op.f("ck_care_answers_special_only_with_consent"),
        ),
        sa.CheckConstraint(
            "(consented_at IS NULL) = (consent_text = '')", name=op.f("ck_care_answers_consent_names_its_text")
        ),
        _of_registration("care_answers"),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_care_answers")),
    )
    op.create_table(
        "photo_choices",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        _of_registration("photo_choices"),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_photo_choices")),
    )


def _of_registration(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["registration_id"],
        ["registrations.id"],
        name=op.f(f"fk_{table}_registration_id_registrations"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_table("photo_choices")
    op.drop_table("care_answers")
    op.drop_table("event_blocks")
    op.drop_index(op.f("ix_answers_question_id"), table_name="answers")
    op.drop_table("answers")
    op.drop_index(op.f("ix_questions_event_id"), table_name="questions")
    op.drop_table("questions")
