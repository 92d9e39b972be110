"""The office books somebody in by hand: a director who phones, a speaker, a guest above the number of places."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from eventapp.domain.actors import Actor
from eventapp.domain.errors import AlreadyRegistered, EventFull, OrganisationFull, RegistrationClosed
from eventapp.domain.events import BY_HAND, EventForm, TargetGroup
from eventapp.domain.places import payment_hold_until
from eventapp.domain.pricing import Category, fills_a_place, line_for
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Person, Registration
from eventapp.queries.association import load_association
from eventapp.queries.membership import organisation_of
from eventapp.queries.orders import live_registration
from eventapp.services import confirming, holding, mails, people, queueing
from eventapp.services.audit import note
from eventapp.services.locks import keep_event
from eventapp.services.registering import Receipt, new_registration, receipt_of
from eventapp.transaction import transaction


@dataclass(frozen=True)
class ManualBooking:
    """What the office fills in for somebody. `price_cents` None takes what the event says to the category.

    `counts` tells whether they fill a place of the event; None leaves that to the category. Who `waits` stands in line
    when there is no place. Nobody who is not `told` gets a mail.
    """

    event_id: int
    address: str
    given_name: str
    infix: str
    family_name: str
    category: Category
    organisation_name: str = ""
    function: str = ""
    function_group: TargetGroup | None = None
    attends: EventForm = EventForm.FYSIEK
    price_cents: int | None = None
    force: bool = False
    counts: bool | None = None
    note: str = ""
    # Somebody known already, whatever name this address has there.
    person_id: int | None = None
    waits: bool = False
    told: bool = True


class Ground(NamedTuple):
    """What the category of somebody rests on, when more is known than that the office said so."""

    organisation_id: int | None
    reason: dict[str, Any]


def add_by_hand(
    manual: ManualBooking,
    *,
    by: Actor,
    now: datetime,
    ground: Ground | None = None,
    event: Event | None = None,
    prepare: Callable[[Registration], None] | None = None,
) -> Receipt:
    """The office books somebody in: free is confirmed at once, a price is asked by a mail with the pay link.

    `event` is the one of the booking, for who keeps or locked it in a transaction already. `prepare` writes what has to
    stand before the mail about it is made.

    Refuses with AlreadyRegistered, NotFound, RegistrationClosed (a draft, cancelled, over, or not here at all) and,
    unless `force` is set (which is logged) or they wait, EventFull or OrganisationFull.
    """
    with transaction():
        event = event or keep_event(manual.event_id)
        if event.window(now) not in BY_HAND:
            raise RegistrationClosed(window=event.window(now).value)
        name = (manual.given_name, manual.infix, manual.family_name)
        known = db.session.get(Person, manual.person_id) if manual.person_id else None
        person = known or people.find_or_add(manual.address, *name, now=now)
        if live := live_registration(event.id, person.id):
            raise AlreadyRegistered(registration_id=live.id)
        registration = _add_manual(event, person, manual, ground, now=now)
        if prepare:
            prepare(registration)
        facts = {"category": manual.category.value, "forced": manual.force, "note": manual.note}
        note("added_by_hand", "registration", registration.id, by=by, now=now, event_id=event.id, **facts)
        if manual.waits and _stands_in_line(registration, manual, by=by, now=now):
            return receipt_of(registration)
        if registration.state == State.AWAITING_PAYMENT:
            if manual.told:
                mails.asks_money(registration, now=now, key="first")
            holding.take(registration, force=manual.force)
        else:
            confirming.confirm(registration, by=by, now=now, force=manual.force, told=manual.told)
        return receipt_of(registration)


def _stands_in_line(registration: Registration, manual: ManualBooking, *, by: Actor, now: datetime) -> bool:
    """Whether there is no place, so that they wait for one; else they hold it now."""
    try:
        with db.session.begin_nested():
            holding.take(registration)
        return False
    except (EventFull, OrganisationFull) as refusal:
        # A price is asked once there is a place.
        registration.state = State.AWAITING_CONFIRMATION
        queueing.wait_for_place(registration, refusal, by=by, now=now, told=manual.told)
        return True


def _add_manual(
    event: Event, person: Person, manual: ManualBooking, ground: Ground | None, *, now: datetime
) -> Registration:
    organisation = organisation_of(manual.address)
    line = line_for(event.price_lines, manual.category, organisation.kind if organisation else None)
    price = manual.price_cents if manual.price_cents is not None else (line.price_cents if line else 0)
    # From here on nothing is read, so that the row is written once.
    until = _payment_due(event, now=now) if price else None
    registration = new_registration(event, person, manual.address, now=now)
    registration.organisation_id = organisation.id if organisation else None
    registration.organisation_name = manual.organisation_name or (organisation.name if organisation else "")
    registration.function, registration.function_group = manual.function, manual.function_group
    registration.attends = manual.attends
    registration.counts = fills_a_place(manual.category) if manual.counts is None else manual.counts
    registration.category, registration.price_cents = manual.category, price
    registration.reason = {"category": manual.category.value, "via": "office"}
    if ground:
        registration.organisation_id, registration.reason = ground.organisation_id, ground.reason
    registration.source = "organiser"
    registration.state = State.AWAITING_PAYMENT if price else State.AWAITING_CONFIRMATION
    registration.expires_at = until
    db.session.flush()
    return registration


def _payment_due(event: Event, *, now: datetime) -> datetime:
    return payment_hold_until(now=now, hours=load_association().payment_hold_hours, starts_at=event.starts_at)
