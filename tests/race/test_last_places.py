"""Hundreds at once, and never more registrations than places: from threads and from processes, on both databases."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import DomainError
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING, State
from eventapp.extensions import db
from eventapp.models import Capacity, Event, OneTimeLink, OutboxMail, Person, PlaceHold, Registration, Ticket
from eventapp.services import confirming, one_time
from eventapp.services.registering import Booking, register
from tests.bad_days.house import FULL
from tests.factories import NOW, make_event, make_registration
from tests.race.processes import in_processes

pytestmark = pytest.mark.race
# `make bad-days` takes the whole dose; of this one a place taken without a lock is seen as well.
PLACES, ATTEMPTS = (200, 400) if FULL else (40, 80)
THREADS, PROCESSES = 16, 4


def booking(event_id: int, number: int) -> Booking:
    """Everybody from a domain and a place of their own, so that the limits against flooding stay out of it."""
    return Booking(
        event_id=event_id,
        address=f"iemand@organisatie-{number}.example",
        given_name=f"Iemand {number}",
        infix="",
        family_name="Tester",
        visitor_key=f"bezoeker-{number}",
    )


def attempt(wanted: Booking) -> str:
    """What became of one attempt: the state, or the code of the refusal. Anything else is an error and rises."""
    try:
        return register(wanted, by=VISITOR, now=NOW).state.value
    except DomainError as refusal:
        return refusal.code


def in_threads(app: Flask, calls: list[Callable[[], str]], threads: int = THREADS) -> Counter[str]:
    """What the calls returned, made from so many threads that start at the same moment."""
    start = Barrier(threads)

    def work(mine: list[Callable[[], str]]) -> list[str]:
        start.wait()
        answers = []
        for call in mine:
            with app.app_context():
                answers.append(call())
        return answers

    with ThreadPoolExecutor(threads) as pool:
        portions = pool.map(work, [calls[first::threads] for first in range(threads)])
        return Counter(answer for portion in portions for answer in portion)


@pytest.fixture
def event(app: Flask) -> Iterator[Event]:
    """Free for everybody: an attempt holds a place until its address is proven."""
    event = make_event(capacity=PLACES, prices={Category.NIET_LID: 0})
    db.session.commit()
    yield event


def check_the_books(event_id: int) -> None:
    """Places taken, holds and registrations that hold one are the same number, and it is the number of places."""
    holding = sa.select(sa.func.count(Registration.id)).where(
        Registration.event_id == event_id, Registration.state.in_(HOLDING)
    )
    db.session.rollback()

    taken = db.session.scalar(sa.select(Capacity.taken).where(Capacity.event_id == event_id))

    assert taken == PLACES
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlaceHold)) == PLACES
    assert db.session.scalar(holding) == PLACES
    assert db.session.scalar(sa.select(sa.func.count(OutboxMail.id))) == PLACES


@pytest.mark.bad_day
def test_half_of_a_crowd_gets_a_place_from_threads(app, event):
    event_id = event.id

    answers = in_threads(app, [lambda n=n: attempt(booking(event_id, n)) for n in range(ATTEMPTS)])

    assert answers == {"awaiting_confirmation": PLACES, "event_full": ATTEMPTS - PLACES}
    check_the_books(event_id)


def book_all(app: Flask, wanted: tuple[int, list[int]]) -> list[str]:
    event_id, numbers = wanted
    answers = []
    for number in numbers:
        with app.app_context():
            answers.append(attempt(booking(event_id, number)))
    return answers


@pytest.mark.bad_day
def test_half_of_a_crowd_gets_a_place_from_processes(database_url, event):
    portions = [(event.id, list(range(first, ATTEMPTS, PROCESSES))) for first in range(PROCESSES)]

    outputs = in_processes(book_all, database_url, portions)

    answers = Counter(answer for output in outputs for answer in output)
    assert answers == {"awaiting_confirmation": PLACES, "event_full": ATTEMPTS - PLACES}
    check_the_books(event.id)


def test_the_same_person_from_eight_threads_has_one_registration(app, event):
    event_id = event.id

    answers = in_threads(app, [lambda: attempt(booking(event_id, 1))] * 8, threads=8)

    db.session.rollback()
    assert answers == {"awaiting_confirmation": 1, "already_registered": 7}
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1
    kinds = sorted(db.session.scalars(sa.select(OutboxMail.kind)))
    assert kinds == ["already_registered", "confirm_address"]


def test_the_same_form_sent_eight_times_at_once_is_one_registration(app, event):
    event_id = event.id
    wanted = Booking(**vars(booking(event_id, 1)) | {"submission_key": "een-en-hetzelfde-formulier"})

    answers = in_threads(app, [lambda: attempt(wanted)] * 8, threads=8)

    db.session.rollback()
    assert answers == {"awaiting_confirmation": 8}
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 1
    assert list(db.session.scalars(sa.select(OutboxMail.kind))) == ["confirm_address"]


def test_the_same_link_pressed_from_eight_threads_gives_one_ticket(app, event):
    registration = make_registration(event, state=State.AWAITING_CONFIRMATION)
    token = one_time.make(
        confirming.PURPOSE,
        subject_id=registration.order_id,
        address=registration.address,
        expires_at=event.starts_at,
        now=NOW,
    )
    db.session.commit()

    def press() -> str:
        try:
            return confirming.prove(token, now=NOW).state.value
        except DomainError as refusal:
            return refusal.code

    answers = in_threads(app, [press] * 8, threads=8)

    db.session.rollback()
    assert answers == {"confirmed": 1, "used_link": 7}
    assert db.session.scalar(sa.select(sa.func.count(Ticket.id))) == 1
    assert list(db.session.scalars(sa.select(OutboxMail.kind))) == ["confirmed"]
    assert db.session.scalar(sa.select(sa.func.count(OneTimeLink.id)).where(OneTimeLink.used_at.is_not(None))) == 1
