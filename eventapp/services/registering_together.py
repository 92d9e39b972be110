"""Registering colleagues along: several people in one order, all of them or nobody, and each their own ticket."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.errors import (
    AlreadyRegistered,
    DomainError,
    EventFull,
    GroupDoesNotFit,
    GroupTooLarge,
    NoFreePlaceLeft,
    NotAdmitted,
    OrganisationFull,
    PaymentNotPossible,
)
from eventapp.domain.events import TargetGroup
from eventapp.domain.group_orders import MOST_PEOPLE, Seat, Trouble, Wish, cheaper_claim, goes_with_booker, seat
from eventapp.domain.organisation_places import counts
from eventapp.domain.pricing import OUTSIDER, Category, Entitlement, Proof, decide
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Order, Person, Registration
from eventapp.queries.association import load_association
from eventapp.queries.membership import proofs_by_domain
from eventapp.queries.orders import live_registration
from eventapp.queries.organisation_places import free_places_of
from eventapp.queries.places import Division, division_of
from eventapp.services import (
    drafting,
    flooding,
    holding,
    limiting,
    mails,
    organisation_places,
    people,
    proof_links,
    queueing,
)
from eventapp.services.audit import note
from eventapp.services.registering import (
    Basis,
    Booking,
    Colleague,
    Receipt,
    claimed_entitlement,
    day_that_counts,
    earlier_receipt,
    entitle,
    fill,
    keep_wishes,
    live_or_gone,
    new_order,
    new_registration,
    open_event,
    own_proofs,
    receipt_of,
    refuse_by_mail,
    waits_until,
)
from eventapp.transaction import transaction

# Stands for whoever comes on a ground that only the address itself can tell: they need a place, and no more.
_UNTOLD = Entitlement(Category.NIET_LID, 0, OUTSIDER)


class _Guest(NamedTuple):
    """Somebody in the order: the person, the address, and what they get."""

    person: Person
    address: str
    seat: Seat
    colleague: Colleague | None = None


def seats(event: Event, booking: Booking, booker: Entitlement | None, *, now: datetime) -> list[Seat]:
    """Who of the form would fit now, whoever fills it in first, in the order of the form; changes nothing.

    `booker` is as what that person comes, None where only the address itself will tell. Rests on mail domains and
    places alone, never on who is known.
    """
    division = division_of(event.id)
    own = _wish(event, booker) if booker else Wish(_UNTOLD)
    wishes = [_needing(own, division, booker, booking, group=booking.function_group)]
    for colleague in booking.colleagues:
        theirs = _of_colleague(event, colleague, booking, booker, now=now)
        # Of a colleague the form asks no function, so they are in no pool that is for one.
        wishes.append(_needing(_wish(event, theirs), division, theirs, booking, group=None))
    wanted = {wish.free_of for wish in wishes if wish.free_of is not None}
    free = {number: free_places_of(event, number).left or 0 for number in wanted}
    left = {part.capacity_id: part.places.left for part in division.parts if part.places.left is not None}
    return seat(wishes, left=left, free_left=free)


def _needing(
    wish: Wish, division: Division, comes_as: Entitlement | None, booking: Booking, *, group: TargetGroup | None
) -> Wish:
    needed = division.of(comes_as.category if comes_as else None, group, booking.attends)
    return replace(wish, needs=tuple(part.capacity_id for part in needed.parts))


def _wish(event: Event, entitlement: Entitlement | None) -> Wish:
    if entitlement is None or event.free_per_organisation is None:
        return Wish(entitlement)
    organisation_id = entitlement.proof.organisation_id
    limited = counts(
        category=entitlement.category, price_cents=entitlement.price_cents, organisation_id=organisation_id
    )
    if not limited:
        return Wish(entitlement)
    beyond = organisation_places.beyond_entitlement(event, entitlement.proof)
    return Wish(entitlement, free_of=organisation_id, beyond=beyond)


def _of_colleague(
    event: Event, colleague: Colleague, booking: Booking, booker: Entitlement | None, *, now: datetime
) -> Entitlement | None:
    """By the proofs of the own address; one that tells nothing may be said to work where whoever booked does."""
    proofs = proofs_by_domain(colleague.address, on=day_that_counts(event, booked_at=now))
    own = _or_none(event, proofs)
    same_work = booker is not None and booker.category == Category.LID and booking.basis != Basis.STATUS
    if proofs or not same_work:
        return own
    try:
        return cheaper_claim(own, claimed_entitlement(event.price_lines))
    except NotAdmitted:
        return own


def _or_none(event: Event, proofs: list[Proof]) -> Entitlement | None:
    try:
        return decide(event.price_lines, proofs)
    except NotAdmitted:
        return None


def register_together(booking: Booking, *, by: Actor, now: datetime, can_pay: bool = True) -> Receipt:
    """Book whoever fills in the form and their colleagues in one order, and mail the one link that proves the address.

    Nothing else happens before that link: no payment, and no mail to a colleague, except that who has a live
    registration already hears of it and is left out. With `wants_waiting` whoever does not fit stands in line once the
    address is proven, each on their own. Refuses with GroupDoesNotFit (nobody was booked; `seats` tells who could),
    GroupTooLarge, and else as `registering.register` does; AlreadyRegistered when that goes for all of them.
    """
    if len(booking.colleagues) >= MOST_PEOPLE:
        raise GroupTooLarge(most=MOST_PEOPLE)
    try:
        outcome = _try(booking, by=by, now=now, can_pay=can_pay)
    except IntegrityError:
        # Somebody sent the same thing, or registered one of them, in the same moment; that is now found.
        outcome = _try(booking, by=by, now=now, can_pay=can_pay)
    except NoFreePlaceLeft as refusal:
        refuse_by_mail(booking, refusal, now=now)
        raise
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome


def _try(booking: Booking, *, by: Actor, now: datetime, can_pay: bool) -> Receipt | DomainError:
    """Refusals that leave a mail behind are returned, so that the transaction keeps the mail."""
    try:
        with transaction():
            if repeated := earlier_receipt(booking.submission_key):
                return repeated
            limiting.check_registering(booking.address, booking.visitor_key, now=now)
            event = open_event(booking.event_id, now=now, waits=booking.wants_waiting)
            return _book(event, booking, by=by, now=now, can_pay=can_pay)
    except (EventFull, OrganisationFull) as refusal:
        raise GroupDoesNotFit() from refusal


def _book(event: Event, booking: Booking, *, by: Actor, now: datetime, can_pay: bool) -> Receipt | DomainError:
    booker = people.find_or_add(booking.address, booking.given_name, booking.infix, booking.family_name, now=now)
    try:
        entitlement = entitle(event, booker, booking, now=now)
    except NotAdmitted as refusal:
        if booking.basis != Basis.STATUS:
            raise
        mails.not_admitted(event, booking.address, booker, now=now)
        return refusal
    guests = _guests(booker, booking, _all_seated(event, booking, entitlement, now=now), now=now)
    own = live_or_gone(event, booker, by=by, now=now)
    coming = [guest for guest in guests if guest.person is not booker or own is None]
    coming = _without_live(event, coming, now=now)
    if not coming:
        assert own is not None
        mails.about("already_registered", own, now=now, key=now.strftime("%Y%m%d%H"))
        return AlreadyRegistered(registration_id=own.id)
    if not can_pay and any(guest.seat.entitlement and guest.seat.entitlement.price_cents for guest in coming):
        raise PaymentNotPossible()
    order = _order(event, booker, booking, coming, now=now)
    for registration in order.registrations:
        facts = {"event_id": event.id, "order_id": order.id, **registration.reason}
        note("registered", "registration", registration.id, by=by, now=now, **facts)
    held = flooding.may_take_unconfirmed(order.registrations)
    waits = booking.wants_waiting and any(guest.seat.trouble for guest in coming)
    proof_links.send(order.registrations[0], held=held and not waits, now=now)
    for registration, guest in zip(order.registrations, coming, strict=True):
        _take(registration, replace(booking, **_wishes(booking, guest)), held=held)
    return receipt_of(order.registrations[0])


def _wishes(booking: Booking, guest: _Guest) -> dict[str, Any]:
    """What of the form is of this person: a colleague answers on their own page, and may share the breakouts."""
    if guest.colleague is None:
        return {}
    choices = booking.choices if guest.colleague.same_choices else {}
    return {"answers": {}, "choices": choices, "shares_with": None}


def _take(registration: Registration, booking: Booking, *, held: bool) -> None:
    """The place with the breakouts, or neither for who waits. Refuses when they do not wait."""
    try:
        with db.session.begin_nested():
            keep_wishes(registration, booking, now=registration.created_at)
            if held:
                holding.take(registration)
    except (EventFull, OrganisationFull) as refusal:
        if not queueing.may_wait(registration, refusal):
            raise
        keep_wishes(registration, replace(booking, choices={}), now=registration.created_at)


def _all_seated(event: Event, booking: Booking, entitlement: Entitlement, *, now: datetime) -> list[Seat]:
    """What each gets. Refuses with GroupDoesNotFit, or NoFreePlaceLeft for who comes on a status: that goes by mail."""
    found = seats(event, booking, entitlement, now=now)
    if booking.basis == Basis.STATUS and found[0].trouble == Trouble.NO_FREE_PLACE:
        organisation = entitlement.proof.facts.get("organisation", "")
        raise NoFreePlaceLeft(organisation=organisation, function=load_association().member_contact_function)
    if any(one.trouble and not (booking.wants_waiting and may_stand_in_line(event, one)) for one in found):
        raise GroupDoesNotFit()
    return found


def may_stand_in_line(event: Event, place: Seat) -> bool:
    """Whether somebody of a group who does not fit can wait for a place."""
    if place.trouble == Trouble.NO_FREE_PLACE:
        return organisation_places.waits_beyond(event)
    return place.trouble == Trouble.NO_PLACE and event.waiting_list


def _guests(booker: Person, booking: Booking, found: Sequence[Seat], *, now: datetime) -> list[_Guest]:
    """Everybody of the form once; the same name at the same address is one person."""
    guests = [_Guest(booker, booking.address, found[0])]
    for one, place in zip(booking.colleagues, found[1:], strict=True):
        person = people.find_or_add(one.address, one.given_name, one.infix, one.family_name, now=now)
        if all(person.id != guest.person.id for guest in guests):
            guests.append(_Guest(person, one.address, place, one))
    return guests


def _without_live(event: Event, guests: list[_Guest], *, now: datetime) -> list[_Guest]:
    """Who is registered already is told so and left out; the page says the same to whoever filled it in."""
    coming = []
    for guest in guests:
        live = live_registration(event.id, guest.person.id)
        if live is None:
            coming.append(guest)
        elif mails.has_heard(live):
            mails.about("already_registered", live, now=now, key=now.strftime("%Y%m%d%H"))
    return coming


def _order(event: Event, booker: Person, booking: Booking, coming: list[_Guest], *, now: datetime) -> Order:
    proofs = own_proofs(event, booker, booking, now=now)
    until = waits_until(event, proof_first=True, now=now)
    order = new_order(event, booker, booking.address, now=now)
    order.submission_key, order.visitor_key = booking.submission_key, booking.visitor_key
    if booking.invoice:
        drafting.choose_invoice(order, booking.invoice, now=now)
    for guest in coming:
        registration = _registration(order, guest, booking, proofs, now=now)
        registration.state, registration.expires_at = State.AWAITING_CONFIRMATION, until
        if guest.person is booker:
            registration.function, registration.function_group = booking.function, booking.function_group
    db.session.flush()
    return order


def _registration(order: Order, guest: _Guest, booking: Booking, proofs: list[Proof], *, now: datetime) -> Registration:
    given = guest.seat.entitlement
    assert given is not None
    registration = new_registration(order.event, guest.person, guest.address, now=now, order=order)
    fill(registration, replace(booking, organisation_name=booking.organisation_name or _claimed(proofs)), given)
    if guest.person is not order.booker:
        same_mailbox = guest.address == booking.address
        registration.with_booker = goes_with_booker(given, proofs, same_mailbox=same_mailbox)
    return registration


def _claimed(proofs: list[Proof]) -> str:
    """Where a colleague of somebody with these proofs is said to work."""
    names = (proof.facts.get("organisation", "") for proof in proofs if proof.category == Category.LID)
    return next(filter(None, names), "")
