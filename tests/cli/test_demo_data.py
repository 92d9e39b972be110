"""The demo data: all of the year ahead, believable, and with books that are right."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp import create_app
from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.load import load_demo
from eventapp.cli.demo_data.payments import tell_sandbox
from eventapp.documents.year_numbers import Goal
from eventapp.documents.year_sections import sections
from eventapp.domain.account import Figure
from eventapp.domain.events import EventState, RegistrationMode, Window
from eventapp.domain.invoices import InvoiceState
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Relation
from eventapp.domain.programme import problems
from eventapp.domain.registrations import Review, State
from eventapp.domain.times import AMSTERDAM, local_date
from eventapp.extensions import db
from eventapp.models import (
    BREAKOUT,
    Capacity,
    Choice,
    Event,
    Membership,
    OutboxMail,
    PaymentAttempt,
    Person,
    PersonAddress,
    Presence,
    Registration,
    StaffMember,
    Ticket,
)
from eventapp.payments.choose import gateway_from
from eventapp.queries import health, invoice_list, journal, money
from eventapp.queries.account import year_of
from eventapp.queries.association import load_association
from eventapp.queries.evaluation import appreciation
from eventapp.queries.year_closings import known_years, totals_of
from eventapp.services import choosing
from tests.apps import AppPool
from tests.cli.console import run
from tests.databases import PostgresDatabase
from tests.sandbox import running_sandbox

NOW = TestConfig.NOW


@pytest.fixture(scope="module")
def loaded_app(sqlite_blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app with the demo data, for tests that only look."""
    file = tmp_path_factory.mktemp("demo-data") / "demo.db"
    file.write_bytes(sqlite_blank.read_bytes())
    app = create_app(TestConfig(f"sqlite:///{file}"))
    with app.app_context():
        assert load_demo(now=NOW)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def loaded(loaded_app: Flask) -> Iterator[Flask]:
    with loaded_app.app_context():
        yield loaded_app


def events() -> dict[str, Event]:
    return {event.slug: event for event in db.session.scalars(sa.select(Event).order_by(Event.starts_at))}


def count(model: type, *where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def test_demo_data_is_what_it_says(loaded: Flask) -> None:
    found = events()

    assert count(Membership, Membership.relation == Relation.LID) == 25
    assert 380 <= count(Person) <= 440
    assert len(found) == 14 + 4 + 3 + 4 + 4 + 1
    assert count(StaffMember) == 8
    assert {event.state for event in found.values()} == set(EventState)
    assert found["themadag-2027"].places.size == 220
    assert 170 <= found["themadag-2027"].places.taken <= 190
    assert found["werkbezoek-de-fladderboom-2027"].places.full


def test_invoices_are_paid_late_and_credited(loaded: Flask) -> None:
    found, totals = invoice_list.page(invoice_list.Wanted(), 1, on=NOW.date())

    paid, late, credited = InvoiceState.PAID, InvoiceState.OPEN, InvoiceState.CREDITED
    back = [InvoiceState.OVERPAID, InvoiceState.OVERPAID, InvoiceState.SETTLED]
    online = count(PaymentAttempt, PaymentAttempt.status == AttemptStatus.PAID)
    states = [paid] * online + back + [late, credited, InvoiceState.SETTLED, InvoiceState.DRAFT]
    assert sorted(one.state for one in found.rows) == sorted(states)
    assert (totals.overdue, totals.overdue_cents) == (1, 9500)


def test_something_is_under_way_with_its_mail_in_the_outbox(loaded: Flask) -> None:
    registering = {"confirm_address", "pay", "on_invoice", "office_notice", "bank_refund"}
    together = {"confirm_group", "group_booked"}
    inviting = {"invitation", "invitation_declined", "confirmed"}
    changing = {"programme_changed", "hand_over", "thanks"}
    proposing = {"proposal", "proposal_notice"}
    sent = registering | together | inviting | changing | proposing
    assert set(db.session.scalars(sa.select(OutboxMail.kind))) == sent
    assert count(Registration, Registration.state == State.AWAITING_PAYMENT) == 8
    assert count(Registration, Registration.state == State.AWAITING_CONFIRMATION) == 6
    assert count(Registration, Registration.review == Review.PENDING, Registration.proven_at.is_not(None)) == 3


def test_themadag_has_a_day_that_people_chose_and_lines_where_it_is_full(loaded: Flask) -> None:
    event = events()["themadag-2027"]
    rounds, breakouts = choosing.facts_at(event.id)
    chosen: dict[int, dict[int, int | None]] = {}
    for choice in db.session.scalars(sa.select(Choice).where(Choice.speaks.is_(False))):
        chosen.setdefault(choice.registration_id, {})[choice.round_id] = choice.breakout_id
    rows = db.session.execute(
        sa.select(Capacity.taken, Capacity.size, Capacity.waiting).where(Capacity.kind == BREAKOUT)
    )
    filling = [tuple(row) for row in rows]

    assert (len(rounds), len(breakouts), sum(len(one.rounds) for one in breakouts.values())) == (3, 17, 18)
    assert 130 < len(chosen) < 170
    assert [problems(rounds, breakouts, one) for one in chosen.values() if problems(rounds, breakouts, one)] == []
    assert sum(taken == size and waiting > 0 for taken, size, waiting in filling) >= 3
    assert count(Choice, Choice.speaks) == 5
    assert events()["werkbezoek-de-fladderboom-2027"].places.waiting == 9


def test_past_event_knows_who_came(loaded: Flask) -> None:
    over = [event for event in events().values() if event.window(NOW) == Window.PAST]
    past = [event for event in over if event.circle_id is None and event.registration == RegistrationMode.HIER]

    came = [count(Presence, Presence.event_id == event.id) for event in past]
    worth = appreciation([event.id for event in over], now=NOW)

    assert len(past) == 2
    assert [0.6 * event.places.taken < n < event.places.taken for event, n in zip(past, came, strict=True)] == [
        True,
        True,
    ]
    assert count(Presence, Presence.event_id.not_in([event.id for event in over])) == 0
    assert {(type(one).__name__, one.answers) for one in worth.values()} == {("Appreciation", 12), ("TooFew", 3)}


def test_account_of_the_year_has_something_to_say(loaded: Flask) -> None:
    year = year_of(NOW.year - 1, now=NOW)

    numbers = totals_of(year, now=NOW)

    assert numbers.of(Figure.MEETINGS, "all", "all") > 1
    assert numbers.of(Figure.PEOPLE, "all", "people") > 10
    assert numbers.of(Figure.REACH, "all", "members") == 24
    assert numbers.of(Figure.VISIBILITY, "all", "heads") == 85


def test_only_invented_addresses(loaded: Flask) -> None:
    addresses = [
        *db.session.scalars(sa.select(PersonAddress.address)),
        *db.session.scalars(sa.select(OutboxMail.to_address)),
        *db.session.scalars(sa.select(StaffMember.address)),
    ]

    assert [address for address in addresses if not re.fullmatch(r"[a-z0-9.-]+@[a-z0-9-]+\.example", address)] == []


def test_names_with_traps_are_there(loaded: Flask) -> None:
    names = {(p.given_name, p.infix, p.family_name) for p in db.session.scalars(sa.select(Person))}

    assert {
        ("Suharti", "", ""),
        ("Ĳsbrand", "d'", "Ancona"),
        ("Zoë", "van 't", "Hoff-Müller"),
        ("prof. dr. A.", "de la", "Fuente-El Idrissi"),
    } <= names
    assert count(Person, Person.erased_at.is_not(None)) == 2


def test_second_time_says_so_and_changes_nothing(loaded: Flask) -> None:
    before = count(Registration)

    result = run(loaded, "demo-data")

    assert (result.exit_code, result.output) == (0, "there are events already: nothing was changed\n")
    assert count(Registration) == before


def test_books_are_right(loaded: Flask) -> None:
    books_are_right()


def test_payments_can_be_refunded(loaded_app: Flask, app_pool: AppPool, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    with loaded_app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(file),))

    app = app_pool.lend(f"sqlite:///{file}")
    with app.app_context():
        payments_can_be_refunded(app)
        db.session.remove()
    app_pool.take_back()


@pytest.mark.postgres
def test_same_moment_gives_the_same_demo_with_right_books_and_payments_that_can_be_refunded(
    loaded_app: Flask, postgres_database: PostgresDatabase, app_pool: AppPool
) -> None:
    """The other time is on the other database: what of it is up to chance, or to SQLite, shows as well as on one."""
    with loaded_app.app_context():
        first = who_comes_where()
        db.session.remove()
    postgres_database.make_blank()

    app = app_pool.lend(postgres_database.url)
    with app.app_context():
        load_demo(now=NOW)
        assert who_comes_where() == first
        books_are_right()
        payments_can_be_refunded(app)
        db.session.remove()
    app_pool.take_back()


def who_comes_where() -> list[tuple[str, str, State]]:
    registrations = db.session.scalars(sa.select(Registration).order_by(Registration.id))
    return [(row.person.sort_key, row.event.slug, row.state) for row in registrations]


def books_are_right() -> None:
    confirmed = count(Registration, Registration.state == State.CONFIRMED)

    assert health.miscounts() == []
    assert confirmed > 500
    assert count(Ticket, Ticket.state == "valid") == confirmed
    on_account = 2
    assert count(Registration, Registration.price_cents > 0, Registration.state == State.CONFIRMED) == (
        count(PaymentAttempt, PaymentAttempt.status == AttemptStatus.PAID) + on_account
    )


def payments_can_be_refunded(app: Flask) -> None:
    """Once the sandbox knows them."""
    attempts = db.session.scalars(sa.select(PaymentAttempt)).all()
    with running_sandbox() as sandbox:
        pays = {**app.config, "MOLLIE_API_KEY": sandbox.api_key, "MOLLIE_API_ENDPOINT": sandbox.url}
        told = tell_sandbox(pays)
        gateway = gateway_from(pays)
        pictures = [gateway.fetch_payment(attempt.provider_id) for attempt in attempts[:3]]
        again = tell_sandbox(pays)

    assert (told, again) == (len(attempts), 0)
    assert [(p.status, p.amount_cents, p.reference) for p in pictures] == [
        ("paid", attempt.amount_cents, attempt.reference) for attempt in attempts[:3]
    ]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 21, 12, tzinfo=UTC),
        datetime(2027, 1, 11, 9, tzinfo=UTC),
        datetime(2027, 1, 12, 9, tzinfo=UTC),
        datetime(2027, 3, 28, 1, tzinfo=UTC),
        datetime(2029, 8, 1, 22, 30, tzinfo=UTC),
    ],
)
def test_year_lies_ahead_on_the_same_weekdays_and_clock_times(now: datetime) -> None:
    calendar = DemoCalendar(now)

    first = calendar.moment(1, 14, "15.30").astimezone(AMSTERDAM)
    summer = calendar.moment(5, 27, "09.30").astimezone(AMSTERDAM)

    assert timedelta(days=2) < first - now
    assert first - now < timedelta(days=12) or calendar.weeks == 0
    assert (first.strftime("%w %H.%M"), summer.strftime("%w %H.%M")) == ("4 15.30", "4 09.30")
    assert calendar.past(3, 3, "13.00") < now - timedelta(days=20)


def figures() -> dict[str, object]:
    """Everything that is accounted for: the whole report of each year, and the money by event, by day and in the books.

    As it stands on the day of the demo and once all of it is over.
    """
    said: dict[str, object] = {"miscounts": health.miscounts()}
    for moment in (NOW, NOW + timedelta(days=500)):
        for year in known_years(now=moment):
            numbers = totals_of(year_of(year, now=moment), now=moment)
            said[f"report of {year} on {moment:%F}"] = sections(numbers, year=year, goal=Goal(160, 2028))
        money_then = money.figures(money.Period.ever(local_date(moment)))
        said[f"money on {moment:%F}"] = [(one.event.slug, one.cents) for one in money_then]
        found, totals = invoice_list.page(invoice_list.Wanted(), 1, on=local_date(moment))
        said[f"invoices on {moment:%F}"] = [(one.number, one.state) for one in found.rows], totals
    first, last = date(2000, 1, 1), date(2100, 1, 1)
    said["books"] = [repr(entry) for entry in journal.entries(first, last, load_association().chart)]
    return said


@pytest.mark.postgres
def test_archive_of_the_demo_gives_the_same_figures_in_the_other_database(
    loaded_app, postgres_database, sqlite_blank, app_pool, tmp_path
):
    """From SQLite into PostgreSQL, and from there into SQLite again."""
    second = tmp_path / "second.db"
    second.write_bytes(sqlite_blank.read_bytes())
    postgres_database.make_blank()
    with loaded_app.app_context():
        here = figures()
        assert run(loaded_app, "backup", str(tmp_path / "demo.zip")).exit_code == 0
    there = app_pool.lend(postgres_database.url)
    with there.app_context():
        assert run(there, "restore", str(tmp_path / "demo.zip")).exit_code == 0
        between = figures()
        assert run(there, "backup", str(tmp_path / "back.zip")).exit_code == 0
        db.session.remove()
    back = app_pool.lend(f"sqlite:///{second}")
    with back.app_context():
        assert run(back, "restore", str(tmp_path / "back.zip")).exit_code == 0
        after = figures()
        db.session.remove()
    app_pool.take_back()

    assert here["miscounts"] == [] and all(value for name, value in here.items() if name != "miscounts")
    for name, value in here.items():
        assert (name, between[name]) == (name, value)
        assert (name, after[name]) == (name, value)
