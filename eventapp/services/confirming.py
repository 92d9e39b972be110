"""Confirming: the address is proven, or the money is in, and the ticket goes out."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import (
    AlreadyRegistered,
    EventFull,
    OrganisationFull,
    PaymentNotPossible,
    RegistrationClosed,
)
from eventapp.domain.events import EventState, Window
from eventapp.domain.group_orders import Step, next_step
from eventapp.domain.places import hold_until, payment_hold_until
from eventapp.domain.registrations import Review, State, check_step
from eventapp.domain.walk_ins import SOURCE
from eventapp.extensions import db
from eventapp.models import Order, Registration
from eventapp.queries.association import load_association
from eventapp.queries.orders import live_registration
from eventapp.queries.waiting import waits_for_the_day
from eventapp.services import (
    choosing,
    circle_guests,
    drafting,
    holding,
    inviting,
    mails,
    on_behalf,
    one_time,
    organisation_places,
    owing,
    people,
    proof_links,
    queueing,
    ticketing,
)
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.services.proof_links import PURPOSE as PURPOSE
from eventapp.transaction import transaction

_WAITING = (State.AWAITING_CONFIRMATION, State.EXPIRED)


class Proven(NamedTuple):
    """What proving the address led to, for the one whose link it was.

    `order_token` is '' for a colleague, who may see no more than the own ticket. `waiting_token` is of whoever came to
    wait and is alone in it.
    """

    order_token: str
    ticket_token: str
    state: State
    review: Review
    waiting_token: str = ""


def prove(token: str, *, now: datetime, organisation_id: int | None = None) -> Proven:
    """The mailed link was followed and the button pressed: the address is proven, the registration moves on.

    Whoever booked takes along the colleagues who need no link of their own, all of them or nobody; the others get
    theirs now. `organisation_id` answers "namens wie?". A late click still confirms while there are places. Refuses
    with UnknownLink, UsedLink, ExpiredLink, EventFull or NoFreePlaceLeft (the link stays good), AlreadyRegistered (it
    lapsed, and the same person registered anew), SatInBefore (at another meeting of the circle), NotFound (another
    organisation than those on offer) or RegistrationClosed (cancelled meanwhile).
    """
    with transaction():
        link = one_time.look(token, PURPOSE, now=now)
        order = lock_order(link.subject_id or 0)
        one_time.use(token, PURPOSE, now=now)
        if order.event.state == EventState.CANCELLED:
            raise RegistrationClosed(window=Window.CANCELLED.value)
        mine = [registration for registration in order.registrations if registration.address == link.address]
        if organisation_id is not None and mine:
            on_behalf.choose(mine[0], organisation_id)
        booked = link.address == order.address
        along = _booker_proven(order, now=now) if booked else []
        _all_proven([*mine, *along], order, link.address, now=now)
        if booked:
            proof_links.send_to_colleagues(order, now=now)
        return _proven(order, mine, booked=booked)


def _booker_proven(order: Order, *, now: datetime) -> list[Registration]:
    """The first time: the colleagues who go along, except who registered anew meanwhile."""
    if order.proven_at is not None:
        return []
    order.proven_at = now
    people.mark_proven(order.booker, order.address, now=now)
    for registration in order.registrations:
        own_link = not (registration.is_bookers or registration.with_booker)
        if own_link and registration.state == State.AWAITING_CONFIRMATION:
            # Only from now on they know of it.
            days, starts_at = load_association().hold_days, order.event.starts_at
            registration.expires_at = hold_until(now=now, days=days, starts_at=starts_at)
            registration.reminded_at = None
    others = [r for r in order.registrations if r.with_booker and not r.is_bookers and r.state in _WAITING]
    return [r for r in others if r.state != State.EXPIRED or not live_registration(r.event_id, r.person_id)]


def _all_proven(registrations: list[Registration], order: Order, address: str, *, now: datetime) -> None:
    by = Actor("person", address, registrations[0].person_id if registrations else order.booker_id)
    for registration in registrations:
        if registration.address == address:
            people.mark_proven(registration.person, address, now=now)
    moving = [r for r in registrations if r.state in _WAITING and r.proven_at is None]
    for registration in moving:
        _go_on(registration, address, by=by, now=now)
    _tell_booker(order, moving, now=now)


def _go_on(registration: Registration, address: str, *, by: Actor, now: datetime) -> None:
    if registration.state == State.EXPIRED:
        refuse_second(registration)
    own = registration.address == address
    circle_guests.check_once(registration)
    if own:
        registration.proven_at = now
        note("address_proven", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
    step = next_step(
        with_booker=registration.with_booker,
        booker_proven=registration.order.proven_at is not None,
        own_proven=own,
        price_cents=registration.price_cents,
        review=registration.review,
    )
    if step == Step.OFFICE:
        _wait_for_office(registration, now=now)
    else:
        _settle_or_wait(registration, by=by, now=now)


def _tell_booker(order: Order, moved: list[Registration], *, now: datetime) -> None:
    """One mail to pay for everybody who came to wait for that, or else one about who is in the order."""
    unpaid = next((one for one in moved if _is_charged(one)), None)
    if unpaid:
        _ask_money(unpaid, now=now)
    elif order.proven_at == now and any(not registration.is_bookers for registration in order.registrations):
        mails.to_payer("group_booked", order, now=now, key="proven", people=order.registrations)


def _proven(order: Order, mine: list[Registration], *, booked: bool) -> Proven:
    first = (mine or order.registrations)[0]
    ticket = "" if booked or first.ticket is None else first.ticket.token
    alone = not booked or len(order.registrations) == 1
    entry = waits_for_the_day(first.id) if alone and first.state == State.WAITLISTED else None
    return Proven(order.token if booked else "", ticket, first.state, first.review, entry.token if entry else "")


def refuse_second(registration: Registration) -> None:
    """Refuses with AlreadyRegistered when this person has a live registration at the event besides this ended one."""
    if live := live_registration(registration.event_id, registration.person_id):
        raise AlreadyRegistered(registration_id=live.id)


def _wait_for_office(registration: Registration, *, now: datetime) -> None:
    if registration.state == State.EXPIRED:
        check_step(registration.state, State.AWAITING_CONFIRMATION)
        registration.state = State.AWAITING_CONFIRMATION
    registration.expires_at = None
    mails.to_office("claim", key=str(registration.id), now=now, registration=registration)
    try:
        choosing.take_or_let_go(registration)
    except (EventFull, OrganisationFull) as refusal:
        # In line for it only once the office decided as what they come.
        if not queueing.may_wait(registration, refusal):
            raise


def settle_free_or_ask_payment(registration: Registration, *, by: Actor, now: datetime) -> None:
    """The ground for the price is certain now: what is free is confirmed, the rest is asked to pay.

    Who said yes to the waiting list gets in line when there is no place. Otherwise refuses with EventFull, or
    NoFreePlaceLeft when the free places of the organisation were gone before this one.
    """
    _settle_or_wait(registration, by=by, now=now)
    if _is_charged(registration):
        _ask_money(registration, now=now)


def settle_offered(registration: Registration, *, by: Actor, now: datetime, can_pay: bool) -> None:
    """A place that was held for whoever waited is taken: free is confirmed, the rest is asked to pay.

    Refuses with PaymentNotPossible.
    """
    if registration.price_cents and not can_pay:
        raise PaymentNotPossible()
    _settle(registration, by=by, now=now)
    if _is_charged(registration):
        _ask_money(registration, now=now)


def settle_on_invoice(registration: Registration, *, by: Actor, now: datetime) -> None:
    """Within a transaction that locked the order, which goes on an invoice now: who waits for payment is sure of the
    place at once, or waits for the invoice without an end, as the event says. Refuses with IllegalStep.
    """
    if registration.event.confirm_on_invoice:
        confirm(registration, by=by, now=now)
    else:
        registration.expires_at = None


def _is_charged(registration: Registration) -> bool:
    """Whether it waits for money, or is sure already and goes on the invoice of its order."""
    sure = registration.state == State.CONFIRMED and registration.order.on_invoice_at is not None
    return registration.price_cents > 0 and (registration.state == State.AWAITING_PAYMENT or sure)


def _ask_money(registration: Registration, *, now: datetime) -> None:
    """By a mail to pay, or by the draft of an invoice."""
    key = "after-proof" if mails.is_alone(registration) else f"after-proof-{registration.id}"
    if registration.order.on_invoice_at is not None:
        drafting.draft_for(registration.order_id, now=now)
    mails.asks_money(registration, now=now, key=key)


def _settle_or_wait(registration: Registration, *, by: Actor, now: datetime) -> None:
    step = partial(_settle, registration, by=by, now=now)
    try:
        with db.session.begin_nested():
            organisation_places.or_beyond(registration, step)
    except (EventFull, OrganisationFull) as refusal:
        if not queueing.may_wait(registration, refusal):
            raise
        queueing.wait_for_place(registration, refusal, by=by, now=now)


def _settle(registration: Registration, *, by: Actor, now: datetime) -> None:
    sure_on_invoice = registration.order.on_invoice_at is not None and registration.event.confirm_on_invoice
    if registration.price_cents == 0 or sure_on_invoice:
        confirm(registration, by=by, now=now)
        return
    await_payment(registration, now=now)
    choosing.take_or_let_go(registration)


def await_payment(registration: Registration, *, now: datetime) -> None:
    """From now on the place waits for money, for as long as the association gives; on an invoice until that is paid.

    Refuses with IllegalStep.
    """
    check_step(registration.state, State.AWAITING_PAYMENT)
    registration.state, registration.expires_at = State.AWAITING_PAYMENT, None
    if registration.order.on_invoice_at is None:
        registration.expires_at = payment_hold_until(
            now=now, hours=load_association().payment_hold_hours, starts_at=registration.event.starts_at
        )


def confirm(
    registration: Registration, *, by: Actor = SYSTEM, now: datetime, force: bool = False, told: bool = True
) -> None:
    """Within a transaction that locked the order: take the place if it was not held, issue the ticket, mail it.

    Who is not `told` gets no mail.

    Refuses with IllegalStep, EventFull or OrganisationFull.
    """
    check_step(registration.state, State.CONFIRMED)
    inviting.count_answer(registration, now=now)
    if force:
        holding.take(registration, force=True)
    else:
        choosing.take_or_let_go(registration)
    registration.state = State.CONFIRMED
    registration.confirmed_at = now
    registration.expires_at = None
    owing.book([registration], now=now)
    ticketing.issue(registration, now=now)
    if told and (registration.source != SOURCE or now < registration.event.ends_at):
        # Who was written down at the door and typed in afterwards needs no ticket any more.
        mails.confirmed(registration, now=now)
    note("confirmed", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
    db.session.flush()


class Linked(NamedTuple):
    """What a link is about: an order, and the address that it proves; `used` already or not."""

    order_id: int
    address: str
    used: bool


def linked_order(token: str, *, now: datetime) -> Linked:
    """For the page behind the link. Changes nothing.

    Refuses with UnknownLink or ExpiredLink.
    """
    link = one_time.look(token, PURPOSE, now=now, used_is_fine=True)
    return Linked(link.subject_id or 0, link.address, link.used_at is not None)
