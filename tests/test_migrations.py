"""Do the migrations make what the models say, and can one go down and up again without losing rows?"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy.exc import IntegrityError

from config import ROOT, TestConfig
from eventapp import create_app
from eventapp.cli.migrating import enable_migrations
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import OwedChange, RefundProposal, Registration
from eventapp.services.audit import note
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_registration

MIGRATIONS = ROOT / "migrations"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres")
    server.create("migrating")
    yield server.url_for("migrating")
    server.drop("migrating")


@pytest.fixture
def empty_app(empty_url: str) -> Iterator[Flask]:
    with _migrating(empty_url) as app:
        yield app


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database as all migrations left it, for tests that begin there."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_blank"), tmp_path / "migrated.db")
        yield f"sqlite:///{tmp_path / 'migrated.db'}"
        return
    request.getfixturevalue("postgres_database")
    server = request.getfixturevalue("postgres")
    server.create("migrated", template="blank")
    yield server.url_for("migrated")
    server.drop("migrated")


@pytest.fixture
def migrated_app(migrated_url: str) -> Iterator[Flask]:
    with _migrating(migrated_url) as app:
        yield app


@contextmanager
def _migrating(url: str) -> Iterator[Flask]:
    app = enable_migrations(create_app(TestConfig(url)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def revisions() -> list[str]:
    """All revisions, the first one first."""
    scripts = ScriptDirectory(MIGRATIONS)
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def columns() -> dict[str, set[str]]:
    found = sa.inspect(db.engine).get_multi_columns()
    return {
        table: {column["name"] for column in of_table}
        for (_schema, table), of_table in found.items()
        if table != "alembic_version"
    }


def test_there_is_one_line_of_migrations_with_a_sentence_on_top():
    scripts = list(ScriptDirectory(MIGRATIONS).walk_revisions())

    assert len(ScriptDirectory(MIGRATIONS).get_heads()) == 1
    assert [script.revision for script in scripts if not (script.doc or "").strip()] == []


def test_up_makes_what_the_models_say(empty_app):
    upgrade()

    check()
    assert columns() == {name: {column.name for column in table.columns} for name, table in db.metadata.tables.items()}


def test_each_step_goes_up_down_and_up_again(empty_app):
    for revision in revisions():
        upgrade(revision=revision)
        made = columns()

        downgrade(revision="-1")
        upgrade(revision=revision)

        assert columns() == made


def test_all_the_way_down_leaves_nothing_and_up_works_again(migrated_app):
    made = columns()

    downgrade(revision="base")
    left = tables()
    upgrade()

    assert left == set()
    assert columns() == made


TRIAL = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "trial", "{head}", None, None


def upgrade():
    for table in ("events", "orders", "registrations"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("trial", sa.String(10), server_default="x"))
            batch.create_check_constraint(op.f(f"ck_{{table}}_trial"), "trial <> ''")


def downgrade():
    for table in ("events", "orders", "registrations"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{{table}}_trial"), type_="check")
            batch.drop_column("trial")
"""
# Each has rows that go with their parent when that is deleted, or would block it.
FAMILY = ("events", "event_prices", "capacities", "orders", "registrations", "tickets", "place_holds")


@pytest.fixture
def next_migration(tmp_path: Path) -> str:
    """A copy of the migrations with one more that rebuilds tables which others point to."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "trial.py").write_text(TRIAL.format(head=revisions()[-1]))
    return str(folder)


def counts() -> dict[str, int]:
    found = {name: db.session.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in FAMILY}
    db.session.remove()
    return found


def test_rows_in_parent_and_child_survive_a_rebuilt_table(migrated_app, next_migration):
    """SQLite changes a table by making it anew: with foreign keys on, the children would go with the old one."""
    make_registration(make_event())
    before = counts()

    upgrade(directory=next_migration)
    above = columns()["events"], counts()
    downgrade(directory=next_migration, revision="-1")
    below = columns()["events"], counts()

    assert before == dict.fromkeys(FAMILY, 1) | {"event_prices": 2}
    assert ("trial" in above[0], above[1]) == (True, before)
    assert ("trial" in below[0], below[1]) == (False, before)


def test_foreign_keys_are_kept_again_after_a_migration(migrated_app):
    downgrade(revision="-1")
    upgrade()

    with pytest.raises(IntegrityError):
        db.session.execute(sa.text("INSERT INTO event_slugs (slug, event_id) VALUES ('gone', 4711)"))
        db.session.commit()


PAID = """
    INSERT INTO payment_attempts (id, order_id, token, idempotency_key, amount_cents, status, outcome, provider_id,
        mode, method, checkout_url, created_at, paid_at, refunded_cents, charged_back_cents)
    VALUES ({id}, 1, 'token-{id}', 'key-{id}', 9500, '{status}', 'confirmed', 'tr_{id}', 'test', 'ideal', '',
        '2027-01-11 09:00:00+00', '2027-01-11 09:05:00+00', {refunded}, {charged_back})
"""
SENT_BACK = """
    INSERT INTO refunds (id, attempt_id, amount_cents, reason, state, idempotency_key, provider_id, tries, created_at)
    VALUES (1, 1, 2500, 'x', 'done', 'key', 're_1', 1, '2027-01-12 09:00:00+00')
"""


def test_journal_begins_with_what_was_known(migrated_app):
    make_registration(make_event())
    downgrade(revision="0014")
    with db.engine.begin() as connection:
        connection.execute(sa.text(PAID.format(id=1, status="paid", refunded=4000, charged_back=3000)))
        connection.execute(sa.text(PAID.format(id=2, status="expired", refunded=0, charged_back=0)))
        connection.execute(sa.text(SENT_BACK))

    upgrade()

    rows = sa.text("SELECT attempt_id, refund_id, kind, ref, amount_cents FROM money_movements ORDER BY id")
    assert [tuple(row) for row in db.session.execute(rows)] == [
        (1, None, "received", "", 9500),
        (1, 1, "refund", "re_1", -2500),
        (1, None, "refund", "", -1500),
        (1, None, "chargeback", "", -3000),
    ]
    db.session.remove()


def test_prices_credited_before_are_known_as_agreed(migrated_app):
    event, organisation = make_event(), make_organisation()
    credited, free, linked, decided, partly = (
        make_registration(event, price_cents=price) for price in (9500, 0, 9500, 9500, 9500)
    )
    decided.category = Category.NIET_LID
    note("linked", "registration", linked.id, by=OFFICE, now=NOW)
    db.session.add(
        RefundProposal(
            registration=decided,
            organisation=organisation,
            amount_cents=5000,
            category=Category.LID,
            created_at=NOW,
        )
    )
    for one, left in ((credited, 0), (linked, 0), (decided, 4500), (partly, 4500)):
        db.session.add(OwedChange(registration_id=one.id, amount_cents=left - one.price_cents, booked_at=NOW))
        one.price_cents = left
    db.session.commit()
    ids = [one.id for one in (credited, free, linked, decided, partly)]
    db.session.remove()

    downgrade(revision="0043")
    upgrade()

    lowered = dict(db.session.execute(sa.select(Registration.id, Registration.lowered_cents)).all())
    assert [lowered[one] for one in ids] == [9500, 0, 0, 5000, 0]
    db.session.remove()
