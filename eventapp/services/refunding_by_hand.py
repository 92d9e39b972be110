"""The office gives money back itself, or does a failed refund over: asked first how it stands, then planned, once."""

from datetime import datetime

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound, NothingToRefund, ProviderSilent, RetriedAlready, SecondYesNeeded
from eventapp.domain.payments import AttemptStatus, RefundState, needs_second_yes
from eventapp.extensions import db
from eventapp.models import PaymentAttempt, Refund
from eventapp.payments.gateway import Gateway, GatewayError
from eventapp.queries.association import load_association
from eventapp.services import following, mails, refunding, settling
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

REASON = "by_hand"


def refund(
    attempt_id: int,
    amount_cents: int,
    gateway: Gateway,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    confirmed_cents: int | None = None,
) -> int:
    """Plan a refund of one payment, never more than is left of it, and tell who booked. Answers the cents planned.

    The place stays as it is and costs so much less, which its invoice follows. `reason` is read by who booked and by
    who reads the log. Above the set amount `confirmed_cents` has to repeat the amount. Refuses with SecondYesNeeded,
    NothingToRefund (more than is left, or nothing is), ProviderSilent or NotFound.
    """
    if amount_cents != confirmed_cents and needs_second_yes(
        amount_cents, above_cents=load_association().refund_confirm_cents
    ):
        raise SecondYesNeeded(amount=formatting.money(amount_cents))
    ask(attempt_id, gateway, now=now)
    with transaction():
        order, attempt = settling.lock_attempt(attempt_id)
        if attempt.status != AttemptStatus.PAID or not 0 < amount_cents <= refunding.left_cents(attempt):
            raise NothingToRefund()
        planned = refunding.plan(attempt, amount_cents, reason=REASON, by=by, now=now)
        assert planned is not None
        following.given_back(order, attempt, amount_cents, by=by, now=now)
        facts = {"amount_cents": amount_cents, "why": reason, "attempt_id": attempt_id}
        note("refund_by_hand", "order", order.id, by=by, now=now, event_id=order.event_id, **facts)
        words = {"outcome": REASON, "attempt": attempt, "back_cents": amount_cents, "why": reason}
        mails.to_payer("money_back", order, now=now, key=f"refund-{planned.id}", **words)
        return planned.amount_cents


def retry(refund_id: int, gateway: Gateway, *, by: Actor, now: datetime) -> int:
    """Do a failed refund over, as a new one. Answers the cents planned, less when less is left by now.

    The provider is asked first: what failed for us may have been done there after all. Refuses with RetriedAlready,
    NothingToRefund, ProviderSilent or NotFound.
    """
    attempt_id = db.session.scalar(sa.select(Refund.attempt_id).where(Refund.id == refund_id))
    if attempt_id is None:
        raise NotFound()
    ask(attempt_id, gateway, now=now)
    with transaction():
        lock_order(db.session.get_one(PaymentAttempt, attempt_id).order_id)
        failed = db.session.get_one(Refund, refund_id, populate_existing=True)
        done_over = db.session.scalar(sa.select(Refund.id).where(Refund.retry_of_id == refund_id))
        if failed.state != RefundState.FAILED or done_over or failed.bank_refund:
            raise RetriedAlready()
        planned = refunding.plan(
            failed.attempt, failed.amount_cents, reason=failed.reason, by=by, now=now, retry_of=failed
        )
        if planned is None:
            raise NothingToRefund()
        return planned.amount_cents


def ask(attempt_id: int, gateway: Gateway, *, now: datetime) -> None:
    """Have the provider say how it stands before anything is decided. Refuses with ProviderSilent."""
    try:
        settling.settle(attempt_id, gateway, now=now)
    except GatewayError as error:
        raise ProviderSilent() from error
