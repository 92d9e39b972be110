"""What would somebody at the door meet? Said before anything is written."""

from datetime import datetime
from typing import NamedTuple

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotAdmitted, NotFound
from eventapp.domain.pricing import Category, Entitlement
from eventapp.domain.registrations import State
from eventapp.domain.walk_ins import Known, known_as
from eventapp.extensions import db
from eventapp.models import Event, Person, Registration
from eventapp.queries.membership import organisation_of
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.orders import live_registration
from eventapp.services import organisation_places, people
from eventapp.services.walking_in import WalkIn, check_open, entitlement_of


class Prospect(NamedTuple):
    """Who the system takes them for. `category` is None when the event admits them on no ground.

    `known` says what happens to a live registration, None when there is none; its price was agreed. `left` counts the
    places for a newcomer (None is no limit), `waiting` who stands in line before them.
    """

    organisation: str
    category: Category | None
    price_cents: int
    known: Known | None
    state: State | None
    left: int | None
    waiting: int
    may_invoice: bool


def look(walk_in: WalkIn, *, by: Actor, now: datetime) -> Prospect:
    """Changes nothing. Refuses with NotFound, and as `walking_in.check_open` does."""
    event = db.session.get(Event, walk_in.event_id)
    if event is None:
        raise NotFound()
    check_open(event, by=by, now=now)
    person = people.find(walk_in.address, walk_in.given_name, walk_in.infix, walk_in.family_name)
    live = live_registration(event.id, person.id) if person else None
    given = None if live else _entitlement(event, walk_in, person, now=now)
    organisation = organisation_of(walk_in.address)
    return Prospect(
        organisation=organisation.name if organisation else "",
        category=live.category if live else given.category if given else None,
        price_cents=live.price_cents if live else given.price_cents if given else 0,
        known=_known(live) if live else None,
        state=live.state if live else None,
        left=event.places.left,
        waiting=event.places.waiting,
        may_invoice=may_pay_on_invoice(event) and event.confirm_on_invoice,
    )


def _known(live: Registration) -> Known:
    alone = len(live.order.registrations) == 1
    return known_as(live.state, live.review, alone=alone, price_cents=live.price_cents)


def _entitlement(event: Event, walk_in: WalkIn, person: Person | None, *, now: datetime) -> Entitlement | None:
    try:
        given = entitlement_of(event, walk_in, person, now=now)
    except NotAdmitted:
        return None
    beyond = organisation_places.beyond_at(event, given)
    return beyond.entitlement if beyond else given
