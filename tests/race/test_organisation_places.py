"""Fifty colleagues of one organisation on three free places: exactly three come in free, on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import DomainError
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import ORGANISATION, WHOLE_EVENT, Capacity, Event, Registration
from eventapp.queries import health
from eventapp.queries.events import event_by_id
from eventapp.services import confirming, one_time, organising
from eventapp.services.registering import Booking, register
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.race.test_last_places import in_threads

pytestmark = pytest.mark.race
COLLEAGUES, FREE = 50, 3
PAYS = {"beyond_free": BeyondFree.PAYS, "beyond_free_cents": 4500}


def colleague(event_id: int, number: int) -> str:
    """What became of one colleague: what they pay in cents, or the code of the refusal."""
    booking = Booking(
        event_id=event_id,
        address=f"collega{number}@zonnevlinder.example",
        given_name=f"Collega {number}",
        infix="",
        family_name="Tester",
        visitor_key=f"bezoeker-{number}",
    )
    try:
        return str(register(booking, by=VISITOR, now=NOW).price_cents)
    except DomainError as refusal:
        return refusal.code


def taken(event_id: int, kind: str) -> int | None:
    where = (Capacity.event_id == event_id, Capacity.kind == kind)
    return db.session.scalar(sa.select(Capacity.taken).where(*where))


def check_the_books(event_id: int, *, free: int) -> None:
    """No miscount, and as many free registrations as the organisation's row says."""
    db.session.rollback()
    counted = sa.select(sa.func.count(Registration.id)).where(
        Registration.event_id == event_id, Registration.price_cents == 0
    )
    assert health.miscounts() == []
    assert (taken(event_id, ORGANISATION), db.session.scalar(counted)) == (free, free)


def test_exactly_three_of_fifty_come_in_free_and_the_rest_is_refused(app):
    make_organisation()
    event_id = make_event(free_per_organisation=FREE).id

    answers = in_threads(app, [lambda n=n: colleague(event_id, n) for n in range(COLLEAGUES)])

    assert answers == {"0": FREE, "no_free_place_left": COLLEAGUES - FREE}
    check_the_books(event_id, free=FREE)
    assert taken(event_id, WHOLE_EVENT) == FREE


def test_exactly_three_of_fifty_come_in_free_and_the_rest_pays(app):
    make_organisation()
    event_id = make_event(free_per_organisation=FREE, **PAYS).id

    answers = in_threads(app, [lambda n=n: colleague(event_id, n) for n in range(COLLEAGUES)])

    assert answers == {"0": FREE, "4500": COLLEAGUES - FREE}
    check_the_books(event_id, free=FREE)


def unheld_links(event: Event) -> list[str]:
    """Fifty colleagues for whom no place is held, each with the link that confirms."""
    organisation = make_organisation()
    links = []
    for number in range(COLLEAGUES):
        person = make_person(address=f"collega{number}@zonnevlinder.example")
        registration = make_registration(
            event, person, state=State.WAITLISTED, organisation_id=organisation.id, organisation_name="Zonnevlinder"
        )
        registration.state = State.AWAITING_CONFIRMATION
        order_id, address = registration.order_id, registration.address
        until = event.starts_at
        links.append(one_time.make(confirming.PURPOSE, subject_id=order_id, address=address, expires_at=until, now=NOW))
    db.session.commit()
    return links


def press(token: str) -> str:
    try:
        return confirming.prove(token, now=NOW).state.value
    except DomainError as refusal:
        return refusal.code


@pytest.mark.parametrize(
    ("more", "others", "places"),
    [({}, "no_free_place_left", FREE), (PAYS, "awaiting_payment", COLLEAGUES)],
    ids=["refused", "pays"],
)
def test_exactly_three_of_fifty_who_confirm_at_once_come_in_free(app, more, others, places):
    event = make_event(free_per_organisation=FREE, **more)
    event_id, links = event.id, unheld_links(event)

    answers = in_threads(app, [lambda link=link: press(link) for link in links])

    db.session.rollback()
    assert answers == {"confirmed": FREE, others: COLLEAGUES - FREE}
    assert health.miscounts() == []
    assert (taken(event_id, ORGANISATION), taken(event_id, WHOLE_EVENT)) == (FREE, places)


def test_a_limit_that_comes_while_they_register_counts_everybody(app):
    make_organisation()
    event_id = make_event().id

    def limit() -> str:
        event = event_by_id(event_id)
        before = organising.details_of(event)
        wanted = replace(before, free_per_organisation=FREE)
        organising.change_event(event_id, wanted, version=event.version, by=OFFICE, now=NOW)
        return "limited"

    calls = [lambda n=n: colleague(event_id, n) for n in range(COLLEAGUES)]
    answers = in_threads(app, [*calls[:20], limit, *calls[20:]])

    db.session.rollback()
    refused, free = answers["no_free_place_left"], answers["0"]
    assert (answers["limited"], refused + free) == (1, COLLEAGUES)
    assert free >= FREE
    assert health.miscounts() == []
