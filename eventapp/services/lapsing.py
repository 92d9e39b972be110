"""Holds that ran out: who did not confirm or pay in time gives the place back."""

import logging
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM
from eventapp.domain.events import EventState
from eventapp.domain.payments import ALIVE, Outcome
from eventapp.domain.places import payment_hold_until, remind_at
from eventapp.domain.registrations import State, check_step
from eventapp.extensions import db
from eventapp.models import PaymentAttempt, PaymentItem, Registration
from eventapp.payments.gateway import Gateway, GatewayError
from eventapp.queries.association import load_association
from eventapp.services import mails, never_left, proof_links, queueing, refunding, settling
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.services.one_by_one import one_by_one
from eventapp.transaction import transaction

log = logging.getLogger(__name__)


def remind_unconfirmed(*, now: datetime) -> int:
    """The one reminder to whoever has not confirmed yet. Returns how many went out."""
    waiting = db.session.execute(
        sa.select(Registration.id, Registration.created_at, Registration.expires_at).where(
            Registration.state == State.AWAITING_CONFIRMATION,
            Registration.reminded_at.is_(None),
            Registration.proven_at.is_(None),
            Registration.expires_at > now,
        )
    ).all()
    due = [row.id for row in waiting if remind_at(created_at=row.created_at, expires_at=row.expires_at) <= now]
    return one_by_one("reminding of registration", due, partial(_remind, now=now))


def _remind(registration_id: int, *, now: datetime) -> bool:
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.reminded_at or registration.proven_at or registration.state != State.AWAITING_CONFIRMATION:
            return False
        registration.reminded_at = now
        proof_links.send(registration, held=bool(registration.holds), now=now, kind="confirm_reminder")
        return True


def lapse_unconfirmed(*, now: datetime) -> int:
    """Unconfirmed holds end by the clock. Returns how many."""
    run_out = _run_out(State.AWAITING_CONFIRMATION, now=now)
    return one_by_one("lapsing of registration", run_out, partial(_lapse, now=now))


def lapse_unpaid(gateway: Gateway | None, *, now: datetime) -> int:
    """Unpaid holds end only after the provider was asked; while it does not answer they stay. Returns how many."""
    run_out = _run_out(State.AWAITING_PAYMENT, now=now)
    return one_by_one("lapsing of registration", run_out, partial(_lapse_unpaid, gateway=gateway, now=now))


def _lapse_unpaid(registration_id: int, *, gateway: Gateway | None, now: datetime) -> bool:
    return _surely_unpaid(registration_id, gateway, now=now) and _lapse(registration_id, now=now)


def _run_out(state: State, *, now: datetime) -> list[int]:
    query = sa.select(Registration.id).where(Registration.state == state, Registration.expires_at <= now)
    return list(db.session.scalars(query.order_by(Registration.id)))


def _surely_unpaid(registration_id: int, gateway: Gateway | None, *, now: datetime) -> bool:
    attempts = _attempts_under_way(registration_id)
    if gateway is None:
        return not attempts
    for attempt_id in attempts:
        try:
            settling.settle(attempt_id, gateway, now=now)
        except GatewayError as error:
            log.warning("the hold of registration %s stays: %s", registration_id, error)
            return False
    return True


def _attempts_under_way(registration_id: int) -> list[int]:
    attempts = _attempts_of(registration_id).where(PaymentAttempt.status.in_(ALIVE))
    return list(db.session.scalars(attempts))


def _paid_otherwise(registration_id: int) -> bool:
    """Whether we hold money that was not what we asked for: the office has to look before the place goes."""
    differing = _attempts_of(registration_id).where(PaymentAttempt.outcome == Outcome.DIFFERS)
    attempts = sa.select(PaymentAttempt).where(PaymentAttempt.id.in_(differing))
    # Money of another currency or world is none that we could have given back.
    return any(not a.received_cents or refunding.left_cents(a) > 0 for a in db.session.scalars(attempts))


def _attempts_of(registration_id: int) -> sa.Select[int]:
    """Those that pay for this registration; without items an attempt pays for all of its order."""
    order_id = sa.select(Registration.order_id).where(Registration.id == registration_id).scalar_subquery()
    for_whom = sa.select(PaymentItem.registration_id).where(PaymentItem.attempt_id == PaymentAttempt.id)
    names_it = sa.or_(~for_whom.exists(), for_whom.where(PaymentItem.registration_id == registration_id).exists())
    return sa.select(PaymentAttempt.id).where(PaymentAttempt.order_id == order_id, names_it)


def _lapse(registration_id: int, *, now: datetime) -> bool:
    with transaction():
        registration = lock_order_of(registration_id)
        waiting = registration.state in (State.AWAITING_CONFIRMATION, State.AWAITING_PAYMENT)
        if not waiting or registration.expires_at is None or registration.expires_at > now:
            return False
        if _attempts_under_way(registration_id) or _paid_otherwise(registration_id):
            # Still open at the provider, or begun while we asked: that money may yet come.
            return False
        if registration.state == State.AWAITING_PAYMENT and _begins_anew(registration, now=now):
            return False
        check_step(registration.state, State.EXPIRED)
        was, registration.state = registration.state, State.EXPIRED
        queueing.give_up(registration, now=now)
        key = f"{registration.expires_at:%Y%m%d%H%M}"
        kind = "hold_lapsed" if was == State.AWAITING_CONFIRMATION else "payment_lapsed"
        mails.lapsed(kind, registration, now=now, key=key)
        note("lapsed", "registration", registration.id, by=SYSTEM, now=now, event_id=registration.event_id)
        return True


def _begins_anew(registration: Registration, *, now: datetime) -> bool:
    """Nobody is too late to pay by a mail that never left: another one goes with a new term, for the whole order."""
    order, event = registration.order, registration.event
    ids = [one.id for one in order.registrations]
    if order.on_invoice_at or not never_left.begins_anew(f"pay-order-{order.id}-", ids):
        return False
    hours = load_association().payment_hold_hours
    until = payment_hold_until(now=now, hours=hours, starts_at=event.starts_at)
    if event.state != EventState.PUBLISHED or until <= now:
        return False
    for one in order.registrations:
        if one.state == State.AWAITING_PAYMENT and one.expires_at:
            one.expires_at = max(one.expires_at, until)
    mails.asks_money(registration, now=now, key=f"{never_left.ANEW}{now:%Y%m%d%H%M%S}")
    facts = {"until": until.isoformat()}
    note("payment_asked_anew", "order", order.id, by=SYSTEM, now=now, event_id=order.event_id, **facts)
    return True
