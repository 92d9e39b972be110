"""Confirming: the address is proven, or the money is in, and the ticket goes out."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import AlreadyRegistered, RegistrationClosed
from eventapp.domain.events import EventState, Window
from eventapp.domain.places import payment_hold_until
from eventapp.domain.registrations import Review, State, check_step
from eventapp.extensions import db
from eventapp.models import Registration
from eventapp.queries.association import load_association
from eventapp.queries.orders import live_registration
from eventapp.services import holding, mails, one_time, organisation_places, people, ticketing
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

PURPOSE = "prove"
_WAITING = (State.AWAITING_CONFIRMATION, State.EXPIRED)


@dataclass(frozen=True)
class Proven:
    """What proving the address led to: the order's token and the state its registration is in now."""

    order_token: str
    state: State
    review: Review


def prove(token: str, *, now: datetime) -> Proven:
    """The mailed link was followed and the button pressed: the address is proven, the registration moves on.

    A late click still confirms while there are places. Refuses with UnknownLink, UsedLink, ExpiredLink, EventFull or
    NoFreePlaceLeft (the link stays good), AlreadyRegistered (it lapsed, and the same person registered anew) or
    RegistrationClosed (cancelled meanwhile).
    """
    with transaction():
        link = one_time.look(token, PURPOSE, now=now)
        order = lock_order(link.subject_id or 0)
        one_time.use(token, PURPOSE, now=now)
        if order.event.state == EventState.CANCELLED:
            raise RegistrationClosed(window=Window.CANCELLED.value)
        for registration in order.registrations:
            if registration.address != link.address:
                continue
            people.mark_proven(registration.person, link.address, now=now)
            if registration.state in _WAITING and registration.proven_at is None:
                _proven(registration, now=now)
        first = order.registrations[0]
        return Proven(order.token, first.state, first.review)


def _proven(registration: Registration, *, now: datetime) -> None:
    if registration.state == State.EXPIRED:
        refuse_second(registration)
    by = Actor("person", registration.address, registration.person_id)
    registration.proven_at = now
    note("address_proven", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
    if registration.review == Review.PENDING:
        _wait_for_office(registration, now=now)
    else:
        settle_free_or_ask_payment(registration, by=by, now=now)


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
    holding.take(registration)


def settle_free_or_ask_payment(registration: Registration, *, by: Actor, now: datetime) -> None:
    """The ground for the price is certain now: what is free is confirmed, the rest is asked to pay.

    Refuses with EventFull, or NoFreePlaceLeft when the free places of the organisation were gone before this one.
    """
    organisation_places.or_beyond(registration, partial(_settle, registration, by=by, now=now))


def _settle(registration: Registration, *, by: Actor, now: datetime) -> None:
    if registration.price_cents == 0:
        confirm(registration, by=by, now=now)
        return
    await_payment(registration, now=now)
    mails.to_payer("pay", registration.order, now=now, key="after-proof", until=registration.expires_at)
    holding.take(registration)


def await_payment(registration: Registration, *, now: datetime) -> None:
    """From now on the place waits for money, for as long as the association gives. Refuses with IllegalStep."""
    check_step(registration.state, State.AWAITING_PAYMENT)
    registration.state = State.AWAITING_PAYMENT
    registration.expires_at = payment_hold_until(
        now=now, hours=load_association().payment_hold_hours, starts_at=registration.event.starts_at
    )


def confirm(registration: Registration, *, by: Actor = SYSTEM, now: datetime, force: bool = False) -> None:
    """Within a transaction that locked the order: take the place if it was not held, issue the ticket, mail it.

    Refuses with IllegalStep, EventFull or OrganisationFull.
    """
    check_step(registration.state, State.CONFIRMED)
    holding.take(registration, force=force)
    registration.state = State.CONFIRMED
    registration.confirmed_at = now
    registration.expires_at = None
    ticketing.issue(registration, now=now)
    mails.confirmed(registration, now=now)
    note("confirmed", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
    db.session.flush()


def linked_order(token: str, *, now: datetime) -> tuple[int, bool]:
    """For the page behind the link: the order's id, and whether the link was used already. Changes nothing.

    Refuses with UnknownLink or ExpiredLink.
    """
    link = one_time.look(token, PURPOSE, now=now, used_is_fine=True)
    return link.subject_id or 0, link.used_at is not None
