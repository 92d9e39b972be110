"""Somebody stands at the door without a registration: who is it, what does it cost, is there a place, and in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp import formatting
from eventapp.domain.actors import Actor
from eventapp.domain.admission import Action
from eventapp.domain.errors import NotFound, NothingToPay, PaymentNotPossible, PresenceFixed, PriceDiffers, ToTheDesk
from eventapp.domain.events import EventForm
from eventapp.domain.invoices import Buyer
from eventapp.domain.pricing import Entitlement, decide
from eventapp.domain.registrations import State, check_step
from eventapp.domain.walk_ins import PAYS_WITHIN, SOURCE, Known, Way, as_guest, check_moment, known_as
from eventapp.extensions import db
from eventapp.models import Event, Order, Person, Registration
from eventapp.queries.circles import membership_for
from eventapp.queries.door import Bearer
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming, proofs_by_status
from eventapp.queries.orders import live_registration
from eventapp.services import (
    choosing,
    circle_guests,
    circle_meetings,
    confirming,
    drafting,
    holding,
    mails,
    marking,
    organisation_places,
    people,
    quoting,
)
from eventapp.services.admitting import admit
from eventapp.services.audit import note
from eventapp.services.locks import keep_event, lock_event, lock_order_of
from eventapp.services.registering import new_registration
from eventapp.services.scan_reports import ScanReport
from eventapp.transaction import transaction


@dataclass(frozen=True)
class WalkIn:
    """What is filled in at the door; `address` is normalised.

    `price_cents` is what was shown: another price refuses, None takes any. `key` is made by whoever asks, so that the
    same request again is the same person. `force`, with its `reason`, goes above the capacity and is for the office.
    """

    event_id: int
    address: str
    given_name: str
    infix: str
    family_name: str
    organisation_name: str = ""
    way: Way = Way.ONLINE
    guest_of: str = ""
    price_cents: int | None = None
    key: str = ""
    force: bool = False
    reason: str = ""


class Arrival(NamedTuple):
    """How it stands with them. `registered` when they were already before they came."""

    registration_id: int
    order_id: int
    state: State
    price_cents: int
    registered: bool


def check_open(event: Event, *, by: Actor, now: datetime) -> None:
    """Whether anybody walks in here now. Refuses with RegistrationClosed, NotAtTheDoor, EventOver or PresenceFixed."""
    if event.presence_fixed_at is not None:
        raise PresenceFixed()
    check_moment(event.state, event.registration, event.schedule, by_office=by.kind == "staff", now=now)


def entitlement_of(event: Event, walk_in: WalkIn, person: Person | None, *, now: datetime) -> Entitlement:
    """As what, and at what price: whoever takes them in sees who it is, which is proof of the address enough.

    A member of the circle that meets comes as at any of its meetings, whatever they answered. Refuses with NotAdmitted
    or CircleMembersOnly.
    """
    if walk_in.way == Way.GUEST:
        return as_guest(walk_in.guest_of)
    if member := person and membership_for(event, person.id):
        return circle_meetings.entitle(member, event, now=now)
    # Who is not of the circle comes where it takes guests.
    circle_guests.check_open(event)
    on = quoting.day_that_counts(event, booked_at=now)
    proofs = proofs_by_domain(walk_in.address, on=on)
    if person:
        proofs += [*proofs_by_status(person.id, on=on), *proofs_by_naming(person.id, on=on)]
    return decide(event.price_lines, proofs)


def come_in(walk_in: WalkIn, *, by: Actor, door: Bearer | None, can_pay: bool, now: datetime) -> Arrival:
    """Take somebody in: free, a guest or on an invoice they are inside at once, otherwise a place waits for the money.

    Who was registered already is let in, confirmed first or asked to pay as that stands. `door` is the phone that lets
    them in, None for the office. Refuses as `check_open` does, and with NotFound, NotAdmitted, CircleMembersOnly,
    EventFull, NoFreePlaceLeft, PaymentNotPossible, InvoiceNotPossible, PriceDiffers or ToTheDesk.
    """
    try:
        arrival = _come_in(walk_in, by=by, can_pay=can_pay, now=now)
    except IntegrityError:
        # The same person at two doors in the same moment; what the other left behind is now found.
        arrival = _come_in(walk_in, by=by, can_pay=can_pay, now=now)
    let_in(arrival.registration_id, key=walk_in.key, door=door, now=now)
    return arrival


def let_in(registration_id: int, *, key: str = "", door: Bearer | None, now: datetime) -> bool:
    """Let somebody in who has a ticket by now; answers whether they have. `key` is the id that the scan gets.

    Twice is once. Refuses with NotFound, and with PresenceFixed what the office does too late.
    """
    found = db.session.get(Registration, registration_id)
    if found is None:
        raise NotFound()
    if found.state != State.CONFIRMED or found.ticket is None:
        return False
    event_id, ticket_id = found.event_id, found.ticket.id
    if door is None:
        with transaction():
            if lock_event(event_id).presence_fixed_at is not None:
                raise PresenceFixed()
            marking.mark(registration_id, ticket_id, event_id, at=marking.came_at(found.event, now=now), now=now)
        return True
    scan_id = key or str(uuid4())
    report = ScanReport(scan_id=scan_id, event_id=event_id, action=Action.IN, scanned_at=now, ticket_id=ticket_id)
    said = admit(report, by=door, now=now)
    if said.ticket is not None and said.ticket.id != ticket_id:
        # The key let somebody else in before: this person gets an id that is theirs, and the same each time.
        admit(replace(report, scan_id=str(uuid5(UUID(key), str(registration_id)))), by=door, now=now)
    return True


def put_on_invoice(
    registration_id: int, *, anybody: bool = False, by: Actor, door: Bearer | None, key: str = "", now: datetime
) -> None:
    """Somebody who was to pay now pays on an invoice after all, and is inside.

    Only who was taken in at the door, unless it may be `anybody`: whoever was registered already says at the door who
    they are, and comes in on an invoice by `come_in`. A payment that is open at the provider pays the invoice. Refuses
    with NotFound, NothingToPay (paid meanwhile, or lapsed), InvoiceNotPossible or ToTheDesk, and as `check_open` does.
    """
    with transaction():
        event_id = db.session.scalar(sa.select(Registration.event_id).where(Registration.id == registration_id))
        check_open(keep_event(event_id or 0), by=by, now=now)
        registration = lock_order_of(registration_id)
        if not (anybody or registration.source == SOURCE):
            raise NotFound()
        if registration.state != State.CONFIRMED:
            if registration.state != State.AWAITING_PAYMENT:
                raise NothingToPay()
            if len(registration.order.registrations) > 1 or registration.order.on_invoice_at is not None:
                raise ToTheDesk(registration_id=registration_id)
            _on_invoice(registration, by=by, now=now)
    let_in(registration_id, key=key, door=door, now=now)


def _come_in(walk_in: WalkIn, *, by: Actor, can_pay: bool, now: datetime) -> Arrival:
    with transaction():
        if repeated := _repeated(walk_in):
            return _arrival(repeated, registered=False)
        event = keep_event(walk_in.event_id)
        check_open(event, by=by, now=now)
        person = people.find_or_add(walk_in.address, walk_in.given_name, walk_in.infix, walk_in.family_name, now=now)
        if live := live_registration(event.id, person.id):
            registration = lock_order_of(live.id)
            _go_on(registration, walk_in, by=by, can_pay=can_pay, now=now)
            return _arrival(registration, registered=True)
        registration = _add(event, person, walk_in, now=now)
        if organisation_places.beyond_for(registration):
            # As it was shown: the price beyond the free places is known before prices are compared.
            organisation_places.go_beyond(registration)
        settle = partial(_settle, registration, walk_in, by=by, can_pay=can_pay, now=now)
        organisation_places.or_beyond(registration, settle)
        facts = {"way": walk_in.way.value, "forced": walk_in.force, "reason": walk_in.reason}
        note("walked_in", "registration", registration.id, by=by, now=now, event_id=event.id, **facts)
        return _arrival(registration, registered=False)


def _repeated(walk_in: WalkIn) -> Registration | None:
    """The very same request came in before, and its answer was lost."""
    if not walk_in.key:
        return None
    kept = sa.select(Registration).join(Order).where(Order.submission_key == _submission_key(walk_in))
    first: Registration | None = db.session.scalar(kept)
    if first is not None and first.address != walk_in.address:
        # One key for two people: the second is never answered with the first.
        raise ToTheDesk(registration_id=first.id)
    return first


def _submission_key(walk_in: WalkIn) -> str | None:
    return f"walk-in-{walk_in.event_id}-{walk_in.key}" if walk_in.key else None


def _arrival(registration: Registration, *, registered: bool) -> Arrival:
    return Arrival(
        registration_id=registration.id,
        order_id=registration.order_id,
        state=registration.state,
        price_cents=registration.price_cents,
        registered=registered,
    )


def _add(event: Event, person: Person, walk_in: WalkIn, *, now: datetime) -> Registration:
    given = entitlement_of(event, walk_in, person, now=now)
    registration = new_registration(event, person, walk_in.address, now=now)
    registration.order.submission_key = _submission_key(walk_in)
    registration.organisation_id = given.proof.organisation_id
    registration.organisation_name = given.proof.facts.get("organisation") or walk_in.organisation_name
    registration.attends = EventForm.ONLINE if event.form == EventForm.ONLINE else EventForm.FYSIEK
    registration.category, registration.price_cents = given.category, given.price_cents
    registration.reason, registration.source = given.reason(), SOURCE
    registration.state = State.AWAITING_CONFIRMATION
    db.session.flush()
    return registration


def _settle(registration: Registration, walk_in: WalkIn, *, by: Actor, can_pay: bool, now: datetime) -> None:
    """Take the place: sure at once, or kept while they pay."""
    _check_price(registration, walk_in)
    if registration.price_cents == 0:
        confirming.confirm(registration, by=by, now=now, force=walk_in.force)
    elif walk_in.way == Way.INVOICE:
        _on_invoice(registration, by=by, now=now, force=walk_in.force)
    else:
        take = partial(holding.take, registration, force=True) if walk_in.force else None
        _await_payment(registration, take=take, can_pay=can_pay, now=now)


def _check_price(registration: Registration, walk_in: WalkIn) -> None:
    cents = registration.price_cents
    if walk_in.price_cents is not None and walk_in.price_cents != cents:
        raise PriceDiffers(price_cents=cents, price=formatting.money_short(cents))


def _on_invoice(registration: Registration, *, by: Actor, now: datetime, force: bool = False) -> None:
    """Sure at once. Where a place is sure only once the invoice is paid, nobody comes in on one."""
    order = registration.order
    drafting.choose_invoice(order, Buyer(), now=now)
    if not registration.event.confirm_on_invoice:
        raise ToTheDesk(registration_id=registration.id)
    cents = registration.price_cents
    note("invoice_chosen", "order", order.id, by=by, now=now, event_id=order.event_id, cents=cents)
    confirming.confirm(registration, by=by, now=now, force=force)
    drafting.draft_for(order.id, now=now)
    mails.asks_money(registration, now=now, key="door-invoice")


def _await_payment(
    registration: Registration, *, take: Callable[[], None] | None = None, can_pay: bool, now: datetime
) -> None:
    if not can_pay:
        raise PaymentNotPossible()
    if registration.state != State.AWAITING_PAYMENT:
        check_step(registration.state, State.AWAITING_PAYMENT)
        registration.state = State.AWAITING_PAYMENT
    until = now + PAYS_WITHIN
    registration.expires_at = max(registration.expires_at or until, until)
    if take:
        take()
    else:
        choosing.take_or_let_go(registration)
    mails.asks_money(registration, now=now, key="door")


def _go_on(registration: Registration, walk_in: WalkIn, *, by: Actor, can_pay: bool, now: datetime) -> None:
    """Who was registered already goes on from there; what was agreed stays agreed."""
    alone = len(registration.order.registrations) == 1
    known = known_as(registration.state, registration.review, alone=alone, price_cents=registration.price_cents)
    if known == Known.DESK or (known == Known.PAY and registration.order.on_invoice_at is not None):
        raise ToTheDesk(registration_id=registration.id)
    if known == Known.CONFIRM:
        step = partial(_confirm_free, registration, by=by, now=now, force=walk_in.force)
        organisation_places.or_beyond(registration, step)
    elif known == Known.PAY:
        _check_price(registration, walk_in)
        if walk_in.way == Way.INVOICE:
            _on_invoice(registration, by=by, now=now)
        else:
            _await_payment(registration, can_pay=can_pay, now=now)


def _confirm_free(registration: Registration, *, by: Actor, now: datetime, force: bool) -> None:
    """Beyond the free places of an organisation it costs something after all, which nobody was told."""
    if registration.price_cents:
        raise ToTheDesk(registration_id=registration.id)
    confirming.confirm(registration, by=by, now=now, force=force)
