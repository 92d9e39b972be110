"""Money came in for an order: what does it do?"""

from datetime import datetime

from eventapp.domain.actors import SYSTEM
from eventapp.domain.errors import AlreadyRegistered, EventFull
from eventapp.domain.events import EventState
from eventapp.domain.payments import Outcome, outcome_of_money, refund_cents
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Order, PaymentAttempt, Registration
from eventapp.services import confirming, holding, mails, refunding
from eventapp.services.audit import note


def receive(order: Order, attempt: PaymentAttempt, *, now: datetime) -> None:
    """Within the transaction that locked the order: confirm its registrations, or send the money back.

    Confirms once, mails once, and writes the named outcome on the attempt; what the office should know of is mailed.
    """
    waiting = [r for r in order.registrations if r.state == State.AWAITING_PAYMENT]
    coming = waiting or [r for r in order.registrations if r.state == State.EXPIRED]
    confirmed_already = any(r.state == State.CONFIRMED for r in order.registrations)
    cancelled = order.event.state == EventState.CANCELLED or not coming
    held = bool(waiting) and all(r.holds for r in waiting)
    outcome = outcome_of_money(
        confirmed_already=confirmed_already,
        cancelled=cancelled,
        held=held,
        # Taken only for money that buys a place: nobody would give it back otherwise.
        place_left=not (confirmed_already or cancelled or held) and _take_all(coming),
    )
    attempt.outcome = outcome
    facts = {"outcome": outcome.value, "amount_cents": attempt.amount_cents}
    note("paid", "order", order.id, by=SYSTEM, now=now, event_id=order.event_id, **facts)
    if outcome in (Outcome.CONFIRMED, Outcome.PAID_LATE):
        for registration in coming:
            confirming.confirm(registration, now=now)
        return
    refunding.plan(
        attempt, refund_cents(outcome, amount_cents=attempt.amount_cents), reason=outcome.value, by=SYSTEM, now=now
    )
    mails.to_payer("money_back", order, now=now, key=str(attempt.id), outcome=outcome.value, attempt=attempt)
    mails.to_office("money_back", key=str(attempt.id), now=now, registration=order.registrations[0], attempt=attempt)


def _take_all(registrations: list[Registration]) -> bool:
    """Take a place for each again, or for none: whether that worked. Who registered anew meanwhile needs no second."""
    try:
        with db.session.begin_nested():
            for registration in registrations:
                if registration.state == State.EXPIRED:
                    confirming.refuse_second(registration)
                holding.take(registration)
    except (AlreadyRegistered, EventFull):
        return False
    return True
