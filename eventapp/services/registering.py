"""Registering: who comes in at what price, and is there a place?"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.addresses import mail_domain
from eventapp.domain.errors import (
    AlreadyRegistered,
    EventFull,
    NoFreePlaceLeft,
    NotAdmitted,
    PaymentNotPossible,
    RegistrationClosed,
)
from eventapp.domain.events import EventForm, TargetGroup, Window
from eventapp.domain.people import STATUSES
from eventapp.domain.places import hold_until, payment_hold_until
from eventapp.domain.pricing import (
    Category,
    Entitlement,
    PriceLine,
    Proof,
    decide,
    line_for,
    more_than_niet_lid,
    needs_proof,
)
from eventapp.domain.registrations import Review, State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Event, Order, Person, Registration
from eventapp.queries.association import load_association
from eventapp.queries.membership import organisation_of, proofs_by_domain, proofs_by_naming, proofs_by_status
from eventapp.queries.orders import live_registration
from eventapp.services import confirming, holding, mails, one_time, organisation_places, people
from eventapp.services.audit import note
from eventapp.services.locks import keep_event
from eventapp.transaction import transaction


class Basis(StrEnum):
    """On what ground somebody asks to come in, when the address does not belong to a member."""

    OUTSIDER = "niet-lid"
    CLAIM = "medewerker"
    STATUS = "eigen"


@dataclass(frozen=True)
class Booking:
    """What somebody filled in: `address` is normalised, `visitor_key` a keyed hash of where the visitor came from."""

    event_id: int
    address: str
    given_name: str
    infix: str
    family_name: str
    organisation_name: str = ""
    function: str = ""
    function_group: TargetGroup | None = None
    attends: EventForm = EventForm.FYSIEK
    basis: Basis = Basis.OUTSIDER
    submission_key: str | None = None
    visitor_key: str = ""


@dataclass(frozen=True)
class Receipt:
    """What became of it. `repeated` is True when the very same form had come in before."""

    order_id: int
    registration_id: int
    order_token: str
    state: State
    price_cents: int
    repeated: bool = False


@dataclass(frozen=True)
class Quote:
    """What the form says before somebody commits; decided on the mail domain alone, never on who the address is.

    `entitlement` is None when the event admits nobody on these grounds.
    """

    organisation_name: str
    entitlement: Entitlement | None
    outsider: Entitlement | None
    may_claim: bool
    may_have_status: bool


# What rests on who somebody is: a status, or having been named by a member or partner.
_PERSONAL = (*STATUSES, Category.LID, Category.KERNPARTNER, Category.STEUNPARTNER)


def day_that_counts(event: Event, *, booked_at: datetime) -> date:
    """The day on which a membership or status must count for whoever books this event at that moment."""
    return load_association().membership_day(starts_at=event.starts_at, booked_at=booked_at)


def quote(event: Event, address: str, *, now: datetime) -> Quote:
    """What this address gives at this event, and which other grounds the visitor may name."""
    lines = event.price_lines
    proofs = proofs_by_domain(address, on=day_that_counts(event, booked_at=now))
    organisation = organisation_of(address)
    admitted = {line.category for line in lines if line.admits}
    claimable = line_for(lines, Category.LID, None)
    recognised = more_than_niet_lid(proofs)
    return Quote(
        organisation_name=organisation.name if organisation else "",
        entitlement=_decide_or_none(lines, proofs),
        outsider=_decide_or_none(lines, []),
        may_claim=not recognised and claimable is not None and claimable.admits,
        may_have_status=not recognised and bool(admitted.intersection(_PERSONAL)),
    )


def _decide_or_none(lines: list[PriceLine], proofs: list[Proof]) -> Entitlement | None:
    try:
        return decide(lines, proofs)
    except NotAdmitted:
        return None


def register(booking: Booking, *, by: Actor, now: datetime, can_pay: bool = True) -> Receipt:
    """Book one person in, with a place held, and mail the next step: a link to confirm, or one to pay.

    Refuses with RegistrationClosed, NotAdmitted, EventFull, PaymentNotPossible (something to pay and no provider),
    AlreadyRegistered (that person has a live registration; a mail with its link is on its way) or NoFreePlaceLeft (of
    the organisation, and the event gives nothing beyond). The same submission key again gives the same receipt.
    """
    try:
        try:
            outcome = _register(booking, by=by, now=now, can_pay=can_pay)
        except IntegrityError:
            # Somebody sent the same thing in the same moment; what they left behind is now found.
            outcome = _register(booking, by=by, now=now, can_pay=can_pay)
    except NoFreePlaceLeft as refusal:
        if booking.basis == Basis.STATUS:
            _refuse_by_mail(booking, refusal, now=now)
        raise
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome


def _refuse_by_mail(booking: Booking, refusal: NoFreePlaceLeft, *, now: datetime) -> None:
    """On a status of one's own only the mailbox hears how it went: the page would tell a stranger who is known here."""
    with transaction():
        event = _open_event(booking.event_id, now=now)
        person = people.find_or_add(booking.address, booking.given_name, booking.infix, booking.family_name, now=now)
        mails.not_admitted(event, booking.address, person, now=now, refusal=refusal)


def _register(
    booking: Booking, *, by: Actor, now: datetime, can_pay: bool
) -> Receipt | AlreadyRegistered | NotAdmitted:
    """One try. Refusals that leave a mail behind are returned, so that the transaction keeps the mail."""
    with transaction():
        if repeated := _earlier_receipt(booking.submission_key):
            return repeated
        event = _open_event(booking.event_id, now=now)
        person = people.find_or_add(booking.address, booking.given_name, booking.infix, booking.family_name, now=now)
        if live := live_registration(event.id, person.id):
            key = now.strftime("%Y%m%d%H")
            mails.about("already_registered", live, now=now, key=key)
            return AlreadyRegistered(registration_id=live.id)
        try:
            entitlement = _entitle(event, person, booking, now=now)
        except NotAdmitted as refusal:
            if booking.basis != Basis.STATUS:
                raise
            mails.not_admitted(event, booking.address, person, now=now)
            return refusal
        registration = _add(event, person, booking, entitlement, now=now)
        held = holding.may_take_unconfirmed(registration)
        if not held and organisation_places.beyond_for(registration):
            organisation_places.go_beyond(registration)
        step = partial(_take_in, registration, held=held, by=by, now=now, can_pay=can_pay)
        organisation_places.or_beyond(registration, step)
        return receipt_of(registration)


def _take_in(registration: Registration, *, held: bool, by: Actor, now: datetime, can_pay: bool) -> None:
    if registration.price_cents and not can_pay:
        raise PaymentNotPossible()
    _offer_next_step(registration, held=held, now=now)
    facts = {"event_id": registration.event_id, **registration.reason}
    note("registered", "registration", registration.id, by=by, now=now, **facts)
    if held:
        holding.take(registration)


def _earlier_receipt(submission_key: str | None) -> Receipt | None:
    if not submission_key:
        return None
    order = db.session.scalar(sa.select(Order).where(Order.submission_key == submission_key))
    return receipt_of(order.registrations[0], repeated=True) if order else None


def receipt_of(registration: Registration, *, repeated: bool = False) -> Receipt:
    """What became of this registration, as a value that outlives the transaction."""
    return Receipt(
        order_id=registration.order_id,
        registration_id=registration.id,
        order_token=registration.order.token,
        state=registration.state,
        price_cents=registration.price_cents,
        repeated=repeated,
    )


def _open_event(event_id: int, *, now: datetime) -> Event:
    event = keep_event(event_id)
    window = event.window(now)
    if window != Window.OPEN:
        raise RegistrationClosed(window=window.value)
    if event.places.full:
        raise EventFull(event_id=event_id)
    return event


def _entitle(event: Event, person: Person, booking: Booking, *, now: datetime) -> Entitlement:
    on = day_that_counts(event, booked_at=now)
    proofs = proofs_by_domain(booking.address, on=on)
    if more_than_niet_lid(proofs) or booking.basis == Basis.STATUS:
        proofs += [*proofs_by_status(person.id, on=on), *proofs_by_naming(person.id, on=on)]
    elif booking.basis == Basis.CLAIM:
        return claimed_entitlement(event.price_lines)
    if booking.basis == Basis.STATUS and not more_than_niet_lid(proofs):
        raise NotAdmitted(category=Category.NIET_LID.value, admission="niet")
    return decide(event.price_lines, proofs)


def claimed_entitlement(lines: list[PriceLine]) -> Entitlement:
    """What somebody gets if the office agrees that they work for a member. Refuses with NotAdmitted."""
    return decide([line for line in lines if line.category == Category.LID], [Proof(Category.LID, "office")])


def _add(event: Event, person: Person, booking: Booking, entitlement: Entitlement, *, now: datetime) -> Registration:
    claim = entitlement.proof.via == "office"
    free_or_own = needs_proof(entitlement)
    settings = load_association()
    if free_or_own:
        until = hold_until(now=now, days=settings.hold_days, starts_at=event.starts_at)
    else:
        until = payment_hold_until(now=now, hours=settings.payment_hold_hours, starts_at=event.starts_at)
    registration = new_registration(event, person, booking.address, now=now)
    registration.order.submission_key = booking.submission_key
    registration.order.visitor_key = booking.visitor_key
    registration.organisation_id = entitlement.proof.organisation_id
    registration.organisation_name = entitlement.proof.facts.get("organisation") or booking.organisation_name
    registration.function, registration.function_group = booking.function, booking.function_group
    registration.attends = booking.attends
    registration.state = State.AWAITING_CONFIRMATION if free_or_own else State.AWAITING_PAYMENT
    registration.category, registration.price_cents = entitlement.category, entitlement.price_cents
    registration.reason = entitlement.reason()
    registration.review = Review.PENDING if claim else Review.NONE
    registration.claimed_organisation = booking.organisation_name if claim else ""
    registration.expires_at = until
    db.session.flush()
    return registration


def new_registration(event: Event, person: Person, address: str, *, now: datetime) -> Registration:
    """A registration in an order of its own, still without a state; not flushed yet."""
    order = Order(token=new_token(), pay_token=new_token(), event=event, booker=person, address=address, created_at=now)
    registration = Registration(
        order=order,
        event=event,
        person=person,
        address=address,
        mail_domain=mail_domain(address),
        created_at=now,
        calendar_uid=f"{new_token()}@{load_association().calendar_domain}",
    )
    db.session.add(registration)
    return registration


def _offer_next_step(registration: Registration, *, held: bool, now: datetime) -> None:
    if registration.state == State.AWAITING_PAYMENT:
        mails.to_payer("pay", registration.order, now=now, key="first", until=registration.expires_at)
    else:
        send_proof_link(registration, held=held, now=now)


def send_proof_link(
    registration: Registration, *, held: bool, now: datetime, kind: str = "confirm_address", key: str = ""
) -> None:
    """Mail the link that proves the address. It works until the event starts: a late click may still find a place.

    `held` says whether a place waits for it, also when that is taken only at the end of this transaction.
    """
    token = one_time.make(
        confirming.PURPOSE,
        subject_id=registration.order_id,
        address=registration.address,
        expires_at=max(registration.event.starts_at, now),
        now=now,
    )
    mails.about(kind, registration, now=now, key=key, token=token, holds_place=held, until=registration.expires_at)
