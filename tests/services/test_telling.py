"""What the office changes for thousands takes it no longer than for a few, and everybody hears of it once."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.errors import ProgrammeInUse
from eventapp.domain.events import EventForm
from eventapp.domain.jobs import JobState
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Event, Job, OutboxMail, PlaceHold, Registration, Round
from eventapp.queries import health
from eventapp.services import calling_off, carrying_out, dividing, organising, programming, resizing
from eventapp.services.dividing import PoolDetails
from eventapp.services.long_work import RUNNERS
from eventapp.services.programming import BreakoutDetails, RoundDetails
from eventapp.services.telling import AT_ONCE
from eventapp.transaction import transaction
from tests.factories import (
    NOW,
    OFFICE,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
)

WHO = {"by": OFFICE, "now": NOW}
HOUR = timedelta(hours=1)


def crowd(number: int) -> Event:
    """An event with so many people of two members, all in the one breakout of its round."""
    event = make_event(capacity=500, form=EventForm.HYBRIDE)
    one = make_round(event)
    breakout = make_breakout(one, size=500)
    members = [make_organisation(f"Lid {event.id}-{n}", domains=(f"lid{event.id}{n}.example",)).id for n in (1, 2)]
    for n in range(number):
        person = make_person(address=f"iemand{n}@lid{event.id}{1 + n % 2}.example")
        registration = make_registration(event, person, organisation_id=members[n % 2])
        db.session.add(Choice(registration_id=registration.id, round_id=one.id, breakout_id=breakout.id, chosen_at=NOW))
        db.session.add(PlaceHold(registration_id=registration.id, capacity_id=breakout.capacity.id))
    breakout.capacity.taken = number
    db.session.commit()
    return event


def to_another_day(event_id: int) -> None:
    event = db.session.get_one(Event, event_id)
    details = organising.details_of(event)
    moved = replace(
        details, starts_at=details.starts_at + timedelta(days=7), ends_at=details.ends_at + timedelta(days=7)
    )
    organising.change_event(event_id, moved, version=event.version, **WHO)


def mailed(event_id: int) -> Counter[str]:
    """How many mails everybody got about this event."""
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(OutboxMail.to_address).where(OutboxMail.event_id == event_id)))


def work(batches: int) -> bool:
    """A worker that is stopped after so many batches."""
    left = iter([False] * batches)
    return carrying_out.run_next(RUNNERS, clock=lambda: NOW, stopping=lambda: next(left, True))


@pytest.mark.usefixtures("app")
def test_many_people_hear_of_a_new_date_from_the_worker_once_each_whatever_stops_it():
    event = crowd(AT_ONCE + 3)
    event_id, was = event.id, f"Was: {formatting.when(event.starts_at, event.ends_at)}"
    withdrawn = db.session.scalars(sa.select(Registration).order_by(Registration.id.desc())).first()
    assert withdrawn is not None

    to_another_day(event_id)
    before = mailed(event_id)
    work(batches=1)
    between = mailed(event_id)
    withdrawn.state, withdrawn.confirmed_at = "cancelled", None
    db.session.commit()
    work(batches=9)

    job = db.session.scalars(sa.select(Job)).one()
    after = mailed(event_id)
    assert (before.total(), between.total(), after.total()) == (0, AT_ONCE, AT_ONCE + 2)
    assert set(after.values()) == {1}
    assert (job.state, job.done, job.total) == (JobState.DONE, AT_ONCE + 3, AT_ONCE + 3)
    texts = db.session.scalars(sa.select(OutboxMail.text)).all()
    assert {was in text for text in texts} == {True}


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def see(_connection, _cursor, statement, *_more) -> None:
        said.append(statement.split()[0])

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", see)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", see)


MEMBERS = PoolDetails("leden", 30, categories=frozenset({Category.LID}))


def divide(event_id: int) -> None:
    dividing.add_pool(event_id, MEMBERS, **WHO)


def divide_again(event_id: int) -> None:
    dividing.divide_forms(event_id, {EventForm.FYSIEK: 20, EventForm.ONLINE: 20}, **WHO)


def limit_members(event_id: int) -> None:
    with transaction() as session:
        session.get_one(Event, event_id).free_per_organisation = 2
        resizing.resize_organisations(event_id, 2)


def move_the_round(event_id: int) -> None:
    found = db.session.scalars(sa.select(Round).where(Round.event_id == event_id)).one()
    later = RoundDetails(found.title, found.starts_at + HOUR, found.ends_at + HOUR)
    programming.change_round(found.id, later, **WHO)


def put_the_breakout_elsewhere(event_id: int) -> None:
    event = db.session.get_one(Event, event_id)
    other = make_round(event, "Ronde 2", hours=3)
    found = db.session.scalars(sa.select(Breakout).where(Breakout.event_id == event_id)).one()
    programming.change_breakout(found.id, BreakoutDetails(found.title, frozenset({other.id}), size=500), **WHO)


def call_it_off(event_id: int) -> None:
    calling_off.cancel_event(event_id, reason="Storm", **WHO)


OFFICE_DOES: tuple[Callable[[int], None], ...] = (
    to_another_day,
    divide,
    divide_again,
    limit_members,
    move_the_round,
    put_the_breakout_elsewhere,
    call_it_off,
)


@pytest.mark.usefixtures("app")
def test_what_the_office_does_asks_as_much_of_the_database_for_many_as_for_more():
    few, many = (crowd(number).id for number in (AT_ONCE + 1, AT_ONCE + 21))
    counted: dict[str, list[int]] = {}

    for act in OFFICE_DOES:
        for event_id in (few, many):
            db.session.remove()
            with statements() as said:
                act(event_id)
            counted.setdefault(act.__name__, []).append(len(said))

    assert {name for name, (one, other) in counted.items() if one != other} == set()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Choice)) == 0
    assert health.miscounts() == []
    assert mailed(many).total() == 0


@pytest.mark.usefixtures("app")
def test_a_cancelled_breakout_stays_until_everybody_heard_of_it():
    event = crowd(AT_ONCE + 1)
    event_id, breakout_id = event.id, db.session.scalars(sa.select(Breakout.id)).one()

    programming.cancel_breakout(breakout_id, **WHO)
    with pytest.raises(ProgrammeInUse):
        programming.remove_breakout(breakout_id, **WHO)
    work(batches=9)
    programming.remove_breakout(breakout_id, **WHO)

    assert set(mailed(event_id).values()) == {1}
    assert mailed(event_id).total() == AT_ONCE + 1
