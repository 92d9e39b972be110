"""Money came in for an order: what does it do?"""

from datetime import datetime

from eventapp.domain.actors import SYSTEM
from eventapp.domain.errors import AlreadyRegistered, EventFull
from eventapp.domain.events import EventState
from eventapp.domain.payments import Outcome, outcome_for_group, refund_cents
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Order, PaymentAttempt, Registration
from eventapp.queries.on_invoice import closed_by_hand, payable
from eventapp.services import choosing, confirming, following, mails, refunding
from eventapp.services.audit import note


def receive(order: Order, attempt: PaymentAttempt, *, now: datetime) -> None:
    """Within the transaction that locked the order: confirm whom the money is for, or send it back.

    Confirms once, mails once, and writes the named outcome on the attempt; what the office should know of is mailed.
    Whoever of a group was withdrawn meanwhile gets their share back.
    """
    covered = attempt.pays_for
    coming, late = _coming(order, covered)
    dropped = [registration for registration in covered if registration not in coming]
    besides = order.on_invoice_at is not None and closed_by_hand(order.id)
    outcome = outcome_for_group(
        bought=len(coming),
        dropped=len(dropped),
        late=late,
        confirmed_already=any(r.state == State.CONFIRMED for r in covered),
        cancelled=order.event.state == EventState.CANCELLED or not (coming or _waiting(covered)),
        besides_invoice=besides,
    )
    attempt.outcome = outcome
    facts = {"outcome": outcome.value, "amount_cents": attempt.amount_cents}
    note("paid", "order", order.id, by=SYSTEM, now=now, event_id=order.event_id, **facts)
    for registration in coming:
        if registration.state != State.CONFIRMED:
            confirming.confirm(registration, now=now)
    if outcome == Outcome.PAID_BESIDES_INVOICE:
        mails.to_office(outcome.value, key=str(attempt.id), now=now, registration=covered[0], attempt=attempt)
    elif outcome not in (Outcome.CONFIRMED, Outcome.PAID_LATE):
        _send_back(order, attempt, dropped, now=now)
    if coming:
        following.paid(order, attempt, now=now)


def _coming(order: Order, covered: list[Registration]) -> tuple[list[Registration], bool]:
    """Who gets a place for this money, and whether one had to be taken again: for all who lapsed, or for none.

    A place that is sure already and on an open invoice is paid by it as well.
    """
    if order.event.state == EventState.CANCELLED:
        return [], False
    billed = [one for one, _ in payable(order) if one.state == State.CONFIRMED and one in covered]
    waiting = _waiting(covered)
    lapsed = [registration for registration in waiting if not registration.holds]
    if not lapsed:
        return [*billed, *waiting], False
    # Taken only for money that buys a place: nobody would give it back otherwise.
    if _take_all(lapsed):
        return [*billed, *waiting], True
    return [*billed, *(registration for registration in waiting if registration.holds)], False


def _waiting(covered: list[Registration]) -> list[Registration]:
    """Who waits for money or lapsed, or chose an invoice while this was under way and had to prove the address."""
    states = (State.AWAITING_PAYMENT, State.EXPIRED)
    return [
        r for r in covered if r.state in states or (r.state == State.AWAITING_CONFIRMATION and r.order.on_invoice_at)
    ]


def _send_back(order: Order, attempt: PaymentAttempt, dropped: list[Registration], *, now: datetime) -> None:
    outcome = attempt.outcome
    assert outcome is not None
    share = {item.registration_id: item.amount_cents for item in attempt.items}
    in_part = sum(share.get(registration.id, 0) for registration in dropped)
    cents = in_part if outcome == Outcome.PAID_IN_PART else refund_cents(outcome, amount_cents=attempt.amount_cents)
    refunding.plan(attempt, cents, reason=outcome.value, by=SYSTEM, now=now)
    words = {"outcome": outcome.value, "attempt": attempt, "back_cents": cents}
    mails.to_payer("money_back", order, now=now, key=str(attempt.id), **words)
    mails.to_office("money_back", key=str(attempt.id), now=now, registration=order.registrations[0], attempt=attempt)


def _take_all(registrations: list[Registration]) -> bool:
    """Take a place for each again, or for none: whether that worked. Who registered anew meanwhile needs no second."""
    try:
        with db.session.begin_nested():
            for registration in registrations:
                if registration.state == State.EXPIRED:
                    confirming.refuse_second(registration)
                choosing.take_or_let_go(registration)
    except (AlreadyRegistered, EventFull):
        return False
    return True
