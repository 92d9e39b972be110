"""A whole event is off: everybody is withdrawn and told, and all money goes back, however many they are.

The event itself is off at once. A few people are withdrawn in the same transaction; of many the worker withdraws one
order at a time, from what the rows say: whoever still has a live registration for an event that is off.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import AlreadyCancelled, EventOver, NotFound
from eventapp.domain.events import EventState
from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Event, Invoice, Order, PaymentAttempt, PendingDetails, Registration
from eventapp.queries import bank_refunds
from eventapp.services import following, refunding
from eventapp.services.audit import note
from eventapp.services.cancelling import withdraw
from eventapp.services.locks import lock_order
from eventapp.services.one_by_one import one_by_one
from eventapp.services.withdrawal import EventCancellation, paid_attempts, preview_event
from eventapp.transaction import transaction

# A mail takes some milliseconds, during which on SQLite everybody else who writes waits.
AT_ONCE = 50
# Nobody can register any more, so what is not done by then was looked at for a week.
_LOOKED_AT = timedelta(days=7)


def cancel_event(event_id: int, *, reason: str, by: Actor, now: datetime) -> EventCancellation:
    """Turn the event off, withdraw and tell everybody, and plan the refund of all that was paid; many by the worker.

    Answers what it does in all. Payments that are still under way are watched: what arrives later goes back as well.
    Refuses with NotFound, EventOver or AlreadyCancelled.
    """
    with transaction():
        _end_event(event_id, reason, now=now)
        db.session.execute(sa.delete(PendingDetails).where(PendingDetails.event_id == event_id))
        effect = preview_event(event_id)
        # Where nobody is to be withdrawn any more, a fee that stayed goes back all the same.
        orders = [
            *_with_money_only(event_id),
            *(_with_people(Event.id == event_id) if effect.people <= AT_ONCE else ()),
        ]
        for order_id in sorted(orders):
            _call_off(order_id, by=by, now=now)
        facts = {"people": effect.people, "refund_cents": effect.refund_cents, "reason": reason}
        facts |= {"by_bank_cents": effect.by_bank_cents} if effect.by_bank_cents else {}
        note("event_cancelled", "event", event_id, by=by, now=now, event_id=event_id, **facts)
        return effect


def finish(*, now: datetime) -> int:
    """Withdraw whoever still has a live registration for an event that is off; answers of how many orders.

    Each order is a transaction of its own, so that a run that breaks off has done what it did.
    """
    ids = _with_people(Event.cancelled_at > now - _LOOKED_AT)
    return one_by_one("calling off of order", ids, partial(_call_off_alone, now=now))


def _call_off_alone(order_id: int, *, now: datetime) -> int:
    with transaction():
        _call_off(order_id, by=SYSTEM, now=now)
    return 1


def _with_people(of_event: sa.ColumnElement[bool]) -> list[int]:
    live = sa.select(Registration.order_id).join(Event, Event.id == Registration.event_id)
    live = live.where(of_event, Event.state == EventState.CANCELLED, Registration.state.in_(LIVE))
    return sorted(set(db.session.scalars(live)))


def _with_money_only(event_id: int) -> list[int]:
    """Orders with a payment or an invoice of which everybody had withdrawn before."""
    live = sa.exists().where(Registration.order_id == Order.id, Registration.state.in_(LIVE))
    touched = sa.or_(
        sa.exists().where(PaymentAttempt.order_id == Order.id), sa.exists().where(Invoice.order_id == Order.id)
    )
    return list(db.session.scalars(sa.select(Order.id).where(Order.event_id == event_id, touched, ~live)))


def _call_off(order_id: int, *, by: Actor, now: datetime) -> None:
    """Within a transaction: everybody of this order withdrawn and told, and nothing owed or kept any more."""
    order = lock_order(order_id)
    banked = bank_refunds.banked_if_issued(order.id)
    for registration in order.registrations:
        if registration.state in LIVE:
            billed = banked is not None and registration.price_cents > 0
            words = {"reason": order.event.cancel_reason, "on_invoice": billed, "by_bank": billed and bool(banked)}
            withdraw(registration, "event_cancelled", by=by, now=now, words=words)
    for attempt in paid_attempts(PaymentAttempt.order_id == order.id):
        refunding.plan(attempt, attempt.amount_cents, reason="event_cancelled", by=by, now=now)
    following.event_off(order, by=by, now=now)


def _end_event(event_id: int, reason: str, *, now: datetime) -> None:
    """Turn the event off first: whoever registers or pays in this moment finds it cancelled."""
    ended = db.session.scalar(
        sa.update(Event)
        .where(Event.id == event_id, Event.state == EventState.PUBLISHED, Event.ends_at > now)
        .values(
            state=EventState.CANCELLED,
            cancelled_at=now,
            cancel_reason=reason,
            updated_at=now,
            version=Event.version + 1,
            calendar_sequence=Event.calendar_sequence + 1,
        )
        .returning(Event.id)
    )
    if ended is None:
        _refuse_to_end(event_id)


def _refuse_to_end(event_id: int) -> NoReturn:
    event = db.session.get(Event, event_id)
    if event is None:
        raise NotFound()
    raise EventOver() if event.state == EventState.PUBLISHED else AlreadyCancelled()
