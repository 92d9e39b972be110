"""Registering: who comes in at what price, and is there a place?"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.addresses import mail_domain
from eventapp.domain.errors import (
    AlreadyRegistered,
    DomainError,
    EventFull,
    NoFreePlaceLeft,
    NotAdmitted,
    OrganisationFull,
    PaymentNotPossible,
    RegistrationClosed,
)
from eventapp.domain.events import Window
from eventapp.domain.places import hold_until, payment_hold_until
from eventapp.domain.pricing import (
    Category,
    Entitlement,
    PriceLine,
    Proof,
    decide,
    more_than_niet_lid,
    needs_proof,
)
from eventapp.domain.registrations import Review, State, check_step
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Event, Order, Person, Registration
from eventapp.queries.association import load_association
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming, proofs_by_status, proofs_by_tenant
from eventapp.queries.orders import live_registration
from eventapp.queries.terms import frozen_terms
from eventapp.services import (
    answering_questions,
    choosing,
    circle_guests,
    drafting,
    flooding,
    holding,
    limiting,
    mails,
    on_behalf,
    organisation_places,
    people,
    proof_links,
    queueing,
    sharing,
)
from eventapp.services.audit import note
from eventapp.services.bookings import Basis as Basis
from eventapp.services.bookings import Booking as Booking
from eventapp.services.bookings import Colleague as Colleague
from eventapp.services.bookings import Receipt as Receipt
from eventapp.services.locks import keep_event, lock_order_of
from eventapp.services.quoting import day_that_counts as day_that_counts
from eventapp.transaction import transaction


def register(booking: Booking, *, by: Actor, now: datetime, can_pay: bool = True) -> Receipt:
    """Book one person in, with a place held, and mail the next step: a link to confirm, or one to pay.

    Who finds no place and `wants_waiting` stands in line once the address is proven; breakouts come with a place.
    Refuses with RegistrationClosed, NotAdmitted, EventFull, ChoiceRefused or BreakoutFull (of the breakouts chosen),
    PaymentNotPossible (something to pay and no way to), InvoiceNotPossible (and one was asked), AlreadyRegistered (that
    person has a live registration; a mail with its link is on its way), NoFreePlaceLeft (of the organisation, and the
    event gives nothing beyond) or TooManyRequests. The same submission key again gives the same receipt.
    """
    try:
        try:
            outcome = _register(booking, by=by, now=now, can_pay=can_pay)
        except IntegrityError:
            # Somebody sent the same thing in the same moment; what they left behind is now found.
            outcome = _register(booking, by=by, now=now, can_pay=can_pay)
    except NoFreePlaceLeft as refusal:
        if booking.basis == Basis.STATUS:
            refuse_by_mail(booking, refusal, now=now)
        raise
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome


def refuse_by_mail(booking: Booking, refusal: NoFreePlaceLeft, *, now: datetime) -> None:
    """On a status of one's own only the mailbox hears how it went: the page would tell a stranger who is known here."""
    with transaction():
        event = open_event(booking.event_id, now=now)
        person = people.find_or_add(booking.address, booking.given_name, booking.infix, booking.family_name, now=now)
        mails.not_admitted(event, booking.address, person, now=now, refusal=refusal)


def _register(
    booking: Booking, *, by: Actor, now: datetime, can_pay: bool
) -> Receipt | AlreadyRegistered | NotAdmitted:
    """One try. Refusals that leave a mail behind are returned, so that the transaction keeps the mail."""
    with transaction():
        if repeated := earlier_receipt(booking.submission_key):
            return repeated
        limiting.check_registering(booking.address, booking.visitor_key, now=now)
        event = open_event(booking.event_id, now=now, waits=booking.wants_waiting)
        person = people.find_or_add(booking.address, booking.given_name, booking.infix, booking.family_name, now=now)
        if live := live_or_gone(event, person, by=by, now=now):
            if booking.visitor_key:
                _do_the_same_work(event, booking, by=by, now=now, can_pay=can_pay)
            key = now.strftime("%Y%m%d%H")
            mails.about("already_registered", live, now=now, key=key)
            return AlreadyRegistered(registration_id=live.id)
        try:
            entitlement = entitle(event, person, booking, now=now)
        except NotAdmitted as refusal:
            if booking.basis != Basis.STATUS:
                raise
            mails.not_admitted(event, booking.address, person, now=now)
            return refusal
        registration = _add(event, person, booking, entitlement, now=now)
        held = flooding.may_take_unconfirmed([registration])
        step = partial(_take_in, registration, booking, held=held, by=by, now=now, can_pay=can_pay)
        try:
            with db.session.begin_nested():
                if not held and organisation_places.beyond_for(registration):
                    organisation_places.go_beyond(registration)
                organisation_places.or_beyond(registration, step)
        except (EventFull, OrganisationFull) as refusal:
            if not queueing.may_wait(registration, refusal):
                raise
            later = replace(booking, choices={})
            _take_in(registration, later, held=False, by=by, now=now, can_pay=can_pay)
        return receipt_of(registration)


def _do_the_same_work(event: Event, booking: Booking, *, by: Actor, now: datetime, can_pay: bool) -> None:
    """Register somebody who does not exist and undo it: how long an answer takes tells nobody who is registered."""
    with suppress(DomainError, _Undone), db.session.begin_nested():
        nobody = people.find_or_add(booking.address, new_token(), "", "", now=now)
        entitlement = entitle(event, nobody, booking, now=now)
        registration = _add(event, nobody, booking, entitlement, now=now)
        held = flooding.may_take_unconfirmed([registration])
        _take_in(registration, booking, held=held, by=by, now=now, can_pay=can_pay)
        raise _Undone


class _Undone(Exception):
    """Ends a savepoint of which nothing is to stay."""


def _take_in(
    registration: Registration, booking: Booking, *, held: bool, by: Actor, now: datetime, can_pay: bool
) -> None:
    if registration.price_cents and not can_pay:
        raise PaymentNotPossible()
    _offer_next_step(registration, held=held, now=now)
    facts = {"event_id": registration.event_id, **registration.reason}
    note("registered", "registration", registration.id, by=by, now=now, **facts)
    keep_wishes(registration, booking, now=now)
    if held:
        holding.take(registration)


def keep_wishes(registration: Registration, booking: Booking, *, now: datetime) -> None:
    """Write down what was answered, chosen and agreed to, before the places are taken.

    Refuses with ChoiceRefused.
    """
    if booking.answers:
        answering_questions.keep_answers(registration, booking.answers, now=now)
    if booking.choices:
        choosing.put(registration, booking.choices, now=now)
    if booking.shares_with is not None:
        sharing.keep_consent(registration, booking.shares_with, now=now)


def earlier_receipt(submission_key: str | None) -> Receipt | None:
    """What the very same form led to when it came in before."""
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
        price_cents=registration.order.total_cents,
        repeated=repeated,
        is_bookers=registration.is_bookers,
    )


def live_or_gone(event: Event, person: Person, *, by: Actor, now: datetime) -> Registration | None:
    """The live registration of whoever fills in the form, if there is one that they can do something with.

    One by somebody who never proved to have booked it gives way: nobody may keep another out by naming them.
    """
    live = live_registration(event.id, person.id)
    if live is None or live.is_bookers or live.order.proven_at is not None:
        return live
    live = lock_order_of(live.id)
    if live.state != State.AWAITING_CONFIRMATION or live.order.proven_at is not None:
        return live_registration(event.id, person.id)
    check_step(live.state, State.CANCELLED)
    live.state, live.cancelled_at, live.expires_at = State.CANCELLED, now, None
    queueing.give_up(live, now=now)
    note("gave_way", "registration", live.id, by=by, now=now, event_id=event.id)
    return None


def open_event(event_id: int, *, now: datetime, waits: bool = False) -> Event:
    """The event, while one can register and has a place; who `waits` may find it full.

    Refuses with NotFound, RegistrationClosed, CircleMembersOnly or EventFull.
    """
    event = keep_event(event_id)
    window = event.window(now)
    if window != Window.OPEN:
        raise RegistrationClosed(window=window.value)
    circle_guests.check_open(event)
    whole = event.whole
    if whole and whole.places.full and not (waits and event.waiting_list):
        raise EventFull(capacity_id=whole.id, kind=whole.kind)
    return event


def entitle(event: Event, person: Person, booking: Booking, *, now: datetime) -> Entitlement:
    """As what whoever fills in the form comes in, on the ground they name. Refuses with NotAdmitted."""
    proofs = own_proofs(event, person, booking, now=now)
    recognised = more_than_niet_lid(proofs)
    if booking.basis == Basis.CLAIM and not recognised:
        return claimed_entitlement(event.price_lines)
    if booking.basis == Basis.STATUS and not recognised:
        raise NotAdmitted(category=Category.NIET_LID.value, admission="niet")
    return decide(event.price_lines, proofs)


def own_proofs(event: Event, person: Person, booking: Booking, *, now: datetime) -> list[Proof]:
    """What the address of whoever fills in the form proves, once it is proven; with a status when that is named."""
    on = day_that_counts(event, booked_at=now)
    proofs = [*proofs_by_domain(booking.address, on=on), *proofs_by_tenant(booking.tenant, on=on)]
    if more_than_niet_lid(proofs) or booking.basis == Basis.STATUS:
        proofs += [*proofs_by_status(person.id, on=on), *proofs_by_naming(person.id, on=on)]
    return on_behalf.of(proofs, booking.organisation_id)


def claimed_entitlement(lines: list[PriceLine]) -> Entitlement:
    """What somebody gets if the office agrees that they work for a member. Refuses with NotAdmitted."""
    return decide([line for line in lines if line.category == Category.LID], [Proof(Category.LID, "office")])


def _add(event: Event, person: Person, booking: Booking, entitlement: Entitlement, *, now: datetime) -> Registration:
    # Who may have to wait proves the address first: only then do they stand in line. Nor is anybody's name put on an
    # invoice, or a place made sure by one, by who cannot read that mailbox.
    proof_first = needs_proof(entitlement) or booking.wants_waiting or booking.invoice is not None
    until = waits_until(event, proof_first=proof_first, now=now)
    registration = new_registration(event, person, booking.address, now=now)
    registration.order.submission_key = booking.submission_key
    registration.order.visitor_key = booking.visitor_key
    registration.function, registration.function_group = booking.function, booking.function_group
    registration.state = State.AWAITING_CONFIRMATION if proof_first else State.AWAITING_PAYMENT
    registration.expires_at = until
    fill(registration, booking, entitlement)
    if booking.invoice:
        drafting.choose_invoice(registration.order, booking.invoice, now=now)
    db.session.flush()
    return registration


def waits_until(event: Event, *, proof_first: bool, now: datetime) -> datetime:
    """Until when a place waits for the proof of an address or, without one, for the money."""
    settings = load_association()
    if proof_first:
        return hold_until(now=now, days=settings.hold_days, starts_at=event.starts_at)
    return payment_hold_until(now=now, hours=settings.payment_hold_hours, starts_at=event.starts_at)


def fill(registration: Registration, booking: Booking, entitlement: Entitlement) -> None:
    """Write down as what somebody comes, without asking the database anything."""
    claim = entitlement.proof.via == "office"
    registration.organisation_id = entitlement.proof.organisation_id
    registration.organisation_name = entitlement.proof.facts.get("organisation") or booking.organisation_name
    registration.attends = booking.attends
    registration.wants_waiting = booking.wants_waiting
    registration.category, registration.price_cents = entitlement.category, entitlement.price_cents
    registration.reason = entitlement.reason()
    registration.review = Review.PENDING if claim else Review.NONE
    registration.claimed_organisation = booking.organisation_name if claim else ""


def new_order(event: Event, booker: Person, address: str, *, now: datetime) -> Order:
    """An order without anybody in it; not flushed yet."""
    return Order(token=new_token(), pay_token=new_token(), event=event, booker=booker, address=address, created_at=now)


def new_registration(
    event: Event, person: Person, address: str, *, now: datetime, order: Order | None = None
) -> Registration:
    """A registration, in an order of its own unless one is given, still without a state; not flushed yet."""
    association = load_association()
    registration = Registration(
        order=order or new_order(event, person, address, now=now),
        event=event,
        person=person,
        address=address,
        mail_domain=mail_domain(address),
        terms=frozen_terms(event, association),
        created_at=now,
        calendar_uid=f"{new_token()}@{association.calendar_domain}",
        # Said to be empty, as nobody has to look for that in the database.
        holds=[],
        tickets=[],
    )
    db.session.add(registration)
    return registration


def _offer_next_step(registration: Registration, *, held: bool, now: datetime) -> None:
    if registration.state == State.AWAITING_PAYMENT:
        mails.asks_money(registration, now=now, key="first")
    else:
        proof_links.send(registration, held=held, now=now)
