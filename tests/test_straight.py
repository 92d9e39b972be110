"""Does what goes straight to the driver say and refuse what SQLAlchemy itself would?"""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from config import TestConfig
from eventapp.domain.events import EventState
from eventapp.extensions import db
from eventapp.models import Event, PlaceHold, Setting
from eventapp.straight import ReadyStatement
from eventapp.transaction import transaction
from tests.factories import make_event
from tests.statements import listening

pytestmark = pytest.mark.both_databases

_EVENT = sa.select(Event.state, Event.starts_at, Event.waiting_list, sa.exists().where(Setting.name == "none"))
AT_SLUG = ReadyStatement(_EVENT.where(Event.slug == sa.bindparam("slug"), Event.state != EventState.DRAFT))
HOLD = ReadyStatement(sa.insert(PlaceHold.__table__), columns=("registration_id", "capacity_id"))
NAMED = ReadyStatement(sa.select(Setting.value).where(Setting.name == sa.bindparam("name")))


def test_a_row_has_our_types_and_the_names_of_its_columns(app: Flask):
    event = make_event()

    row = AT_SLUG.first({"slug": event.slug})

    found = (row.state, row.starts_at, row.waiting_list, bool(row[3]))
    assert found == (EventState.PUBLISHED, event.starts_at, True, False)
    assert (AT_SLUG.first({"slug": "none"}), AT_SLUG.all({"slug": "none"})) == (None, [])


def test_whoever_listens_hears_it_and_gets_the_same(app: Flask):
    event = make_event()
    unheard = AT_SLUG.all({"slug": event.slug})

    with listening() as asked:
        heard = AT_SLUG.all({"slug": event.slug})

    assert (heard, len(asked)) == (unheard, 1)


def test_it_sees_what_is_pending_in_its_transaction_and_no_other(app: Flask):
    with transaction() as session:
        session.add(Setting(name="naam", value="Onze vereniging"))
        within = NAMED.scalar({"name": "naam"})
        with app.app_context():
            elsewhere = NAMED.scalar({"name": "naam"})

    assert (within, elsewhere, NAMED.scalar({"name": "naam"})) == ("Onze vereniging", None, "Onze vereniging")


def test_what_the_database_refuses_is_an_error_of_sqlalchemy_and_undone(app: Flask):
    event = make_event()
    wrong = {"registration_id": 999, "capacity_id": event.capacities[0].id}

    with pytest.raises(IntegrityError, match="parameters hidden"), transaction() as session:
        session.add(Setting(name="naam", value="Onze vereniging"))
        HOLD.all(wrong)

    assert NAMED.scalar({"name": "naam"}) is None


def test_outside_a_transaction_a_connection_goes_back_at_once(app: Flask):
    db.session.remove()

    NAMED.all({"name": "naam"})

    assert (db.engine.pool.checkedout(), db.session.registry.has()) == (0, False)


@pytest.mark.parametrize(
    "statement",
    [
        sa.select(Setting.value).where(Setting.name.in_(sa.bindparam("names", expanding=True))),
        sa.insert(Event.__table__),
    ],
    ids=["a list", "defaults"],
)
def test_what_only_sqlalchemy_can_write_is_refused(app: Flask, statement: sa.Executable):
    with pytest.raises(TypeError, match="need SQLAlchemy itself"):
        ReadyStatement(statement, columns=("slug",)).all()


def test_a_value_that_the_statement_does_not_know_is_a_mistake(app: Flask):
    with pytest.raises(KeyError):
        NAMED.all({"name": "naam", "nam": TestConfig.NOW})
