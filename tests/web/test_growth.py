"""What every page asks: as many statements of many as of a few, and none that reads a table that grows from end to end.

The pages are those of the URL map, looked at by somebody who left something everywhere and by the office.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import TestConfig
from eventapp import create_app
from eventapp.domain.actors import Role
from eventapp.domain.admission import Action, Result
from eventapp.domain.payments import AttemptStatus, Outcome
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import MailboxTransport
from eventapp.models import MailState, OutboxMail, PaymentAttempt, Registration, Scan
from eventapp.services import carrying_out, working
from eventapp.services.long_work import RUNNERS
from eventapp.web.access import Audience
from tests import crowds
from tests.factories import NOW, make_event
from tests.statements import GROWING, Asked, listening, read_through
from tests.traces import Traces, leave_traces
from tests.web.addresses import pages
from tests.web.office import made, signed_in
from tests.web.test_hot_paths import books, scans
from tests.web.test_mine import browser

pytestmark = pytest.mark.both_databases

# Enough for PostgreSQL to take an index; with fewer it reads more tables whole, so that no fault hides behind them.
MANY = 40_000
# Of a table with a few thousand rows PostgreSQL rightly reads all, rather than jump to and fro in an index.
LARGE = frozenset(
    {
        "audit_log",
        "evaluation_invites",
        "fixed_presences",
        "orders",
        "outbox",
        "payment_attempts",
        "people",
        "person_addresses",
        "place_holds",
        "presences",
        "registrations",
        "scans",
        "tickets",
    }
)
# Who asks for figures or a list of everything has all of it read, and what is open in money is added up from all of it.
_FIGURES = {"invoices", "orders", "owed_changes", "payment_attempts", "registrations"}
# By where the address begins, an exact one with a space behind; the others may read nothing.
READ_WHOLE = {
    "/beheer/ ": {"invoices"},
    "/beheer/aanmeldingen ": {"people", "registration_labels", "registrations"},
    "/beheer/aanmeldingen.csv ": {"people", "registrations"},
    "/beheer/aanmeldingen/samen/": {"registration_labels"},
    "/beheer/evenementen/voorstellen ": {"people"},
    "/beheer/geld ": _FIGURES,
    "/beheer/geld/afsluiting": {"invoices", "registrations"},
    "/beheer/geld/bankregel ": {"invoices"},
    "/beheer/geld/cijfers/": _FIGURES,
    "/beheer/geld/facturen ": {"invoices", "orders"},
    "/beheer/geld/overzicht": _FIGURES,
    "/beheer/geld/journaal": {"payment_attempts"},
    "/beheer/mensen ": {"people", "person_statuses"},
    "/beheer/vandaag/": {"invoices"},
    "worker: remind_unpaid_invoices ": {"invoices"},
    "/beheer/verantwoording": {"evaluation_invites", "fixed_presences", "people", "registrations", "waiting_entries"},
}


@dataclass
class House:
    """An app on a database of its own, and what each page asked of it when it held a few of everything."""

    app: Flask
    left: Traces
    clients: dict[bool, FlaskClient]
    asked: dict[str, Asked]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Not a database of other tests: it would have to be emptied of a million rows."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("growth") / "growth.db"
        shutil.copyfile(request.getfixturevalue("sqlite_blank"), file)
        url = f"sqlite:///{file}"
    else:
        request.getfixturevalue("postgres_database")
        server = request.getfixturevalue("postgres")
        server.create("growth", template="blank")
        url = server.url_for("growth")
    app = create_app(TestConfig(url, PROPAGATE_BUGS=False))
    app.jinja_env.bytecode_cache = app.jinja_env.bytecode_cache or request.getfixturevalue("compiled_templates")
    left = made(app, lambda: leave_traces("kwikstaart"))
    made(app, _came_and_paid)
    house = House(app, left, {True: signed_in(app, Role.BEHEERDER), False: browser(app, left.address)}, {})
    house.asked = worked(house) | walked(house)
    yield house
    with app.app_context():
        db.engine.dispose()
    if request.param == "postgres":
        server.drop("growth")


def _came_and_paid() -> None:
    """Of everybody with a ticket, so that there are as many scans and payments as in a house that goes on for years."""
    for registration in db.session.scalars(sa.select(Registration).where(Registration.confirmed_at.is_not(None))):
        scan = {"scan_id": new_token()[:36], "action": Action.IN, "result": Result.ADMITTED}
        moments = dict.fromkeys(("scanned_at", "counted_at", "received_at"), NOW)
        keys = {"registration_id": registration.id, "event_id": registration.event_id}
        db.session.add(Scan(**keys, **scan, **moments))
        paid = {"status": AttemptStatus.PAID, "outcome": Outcome.CONFIRMED, "amount_cents": 100, "mode": "test"}
        tokens = {"token": new_token(), "idempotency_key": new_token(), "created_at": NOW}
        db.session.add(PaymentAttempt(order_id=registration.order_id, **paid, **tokens))
    db.session.execute(sa.update(OutboxMail).values(state=MailState.SENT, sent_at=OutboxMail.created_at))
    db.session.commit()


def worked(house: House) -> dict[str, Asked]:
    """What a booking, a scan and every round of the worker ask, by name."""
    found, client = {}, house.app.test_client()
    with house.app.app_context():
        acts = {
            act.__name__: act(client, make_event(capacity=5, starts_at=NOW - timedelta(minutes=30)))
            for act in (books, scans)
        }
        acts |= {f"worker: {task.name}": partial(task.run, None, NOW) for task in working.TASKS if not task.nightly}
        acts["worker: long work"] = partial(carrying_out.run_next, RUNNERS, clock=lambda: NOW)
        acts["worker: mail"] = partial(deliver_due, MailboxTransport(), now=NOW)
        for name, act in acts.items():
            with listening() as found[name]:
                act()
            db.session.remove()
    return found


def walked(house: House) -> dict[str, Asked]:
    """What each page of the URL map asks, by its path; of those that are no page with these rows, nothing.

    The second time only paths are tried that showed something the first time.
    """
    found = {}
    for rule, paths in pages(house.app, house.left):
        office = house.app.view_functions[rule.endpoint].audience == Audience.STAFF
        for path in [path for path in paths if path in house.asked] if house.asked else paths:
            with house.app.app_context(), listening() as asked:
                answer = house.clients[office].get(path)
            if answer.status_code == 200:
                found[path] = asked
                break
    return found


def test_a_page_asks_as_little_of_many_as_of_a_few(house: House):
    if house.app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        pytest.skip("how many statements a page asks does not depend on the database")
    with house.app.app_context():
        crowds.more_people(6)
        crowds.more_of_everything(4)

    later = walked(house)

    grown = {path: (len(house.asked[path]), len(asked)) for path, asked in later.items()}
    assert {path: counts for path, counts in grown.items() if counts[1] > counts[0]} == {}
    assert len(grown) > 150


def test_nothing_reads_a_table_that_grows_from_end_to_end(house: House):
    known: dict[str, set[str]] = {}
    with house.app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
        if sqlite:
            # It counts no rows: what it plans for a few is what it plans for a million.
            assert [name for name in sa.inspect(db.engine).get_table_names() if name.startswith("sqlite_stat")] == []
        else:
            _become_many()
        growing = GROWING if sqlite else LARGE
        found = {
            path: read_through(asked, growing - may_read(path), known=known) for path, asked in house.asked.items()
        }

    assert [f"{path} {sorted(tables)}: {sql}" for path, reads in found.items() for sql, tables in reads.items()] == []


def _become_many() -> None:
    crowds.more_people(20)
    there = db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) or 1
    crowds.more_of_everything(-(-MANY // there), days_back=5)
    crowds.analyse()


def may_read(path: str) -> set[str]:
    return set().union(*(tables for begin, tables in READ_WHOLE.items() if f"{path} ".startswith(begin)))
