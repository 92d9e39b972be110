"""What does the provider say of a payment now? One function fetches its picture and applies it, whoever asks."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.errors import NotFound
from eventapp.domain.payments import ALIVE, Asked, AttemptStatus, Outcome, RefundState, agrees, may_replace, status_of
from eventapp.domain.places import PAYMENT_GRACE
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Order, PaymentAttempt, Refund
from eventapp.payments.gateway import Gateway, GatewayError, PaymentPicture
from eventapp.services import mails, receiving, refunding
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
# The provider forgets an idempotency key after an hour; a little earlier we start afresh.
KEY_LIFE = timedelta(minutes=55)
RECHECK_AFTER = timedelta(minutes=2)
# A refund takes days, and its webhook tells us; this is for the webhook that was lost.
RECHECK_REFUND_AFTER = timedelta(minutes=30)
WATCH_PAID_FOR = timedelta(days=90)


def attempt_of_webhook(token: str) -> int | None:
    """The attempt that this webhook address belongs to."""
    return db.session.scalar(sa.select(PaymentAttempt.id).where(PaymentAttempt.token == token))


def settle(attempt_id: int, gateway: Gateway, *, now: datetime, provider_id: str | None = None) -> int:
    """Fetch the payment and apply what changed; ten times gives what one time gives. Returns the order's id.

    Webhook, return page, reconciliation and lapsing all come here. `provider_id` is what a webhook named, for an
    attempt whose id we did not get to write down. No transaction is open while the provider is asked. Raises any
    GatewayError; refuses with NotFound for an unknown attempt.
    """
    attempt = db.session.get(PaymentAttempt, attempt_id)
    if attempt is None:
        raise NotFound()
    order_id, known, reference = attempt.order_id, attempt.provider_id, attempt.reference
    db.session.rollback()
    wanted = known or provider_id
    if wanted is None or (provider_id and known and provider_id != known):
        return order_id
    picture = gateway.fetch_payment(wanted)
    if known is None and picture.reference != reference:
        log.warning("attempt %s: the payment named by its webhook is not ours", attempt_id)
        return order_id
    _apply(attempt_id, picture, now=now)
    return order_id


def _apply(attempt_id: int, picture: PaymentPicture, *, now: datetime) -> None:
    with transaction():
        order, attempt = lock_attempt(attempt_id)
        if not adopt(order, attempt, picture, now=now):
            return
        attempt.paid_at = picture.paid_at or attempt.paid_at
        refunding.apply_amounts(attempt, picture, now=now)
        if attempt.status == AttemptStatus.PAID and attempt.outcome is None:
            _receive(order, attempt, picture, now=now)


def lock_attempt(attempt_id: int) -> tuple[Order, PaymentAttempt]:
    """The attempt as it is now, with its order locked."""
    order = lock_order(db.session.get_one(PaymentAttempt, attempt_id).order_id)
    return order, db.session.get_one(PaymentAttempt, attempt_id, populate_existing=True)


def adopt(order: Order, attempt: PaymentAttempt, picture: PaymentPicture, *, now: datetime) -> bool:
    """Within the transaction that locked the attempt: write the picture down, and hold the places while it is alive.

    Answers False, having kept only the id, for a picture that is older than what we know or of another payment.
    """
    attempt.provider_id = attempt.provider_id or picture.id
    if attempt.provider_id != picture.id or not may_replace(attempt.status, status_of(picture.status)):
        log.warning("attempt %s is %s: a picture that says %s is put aside", attempt.id, attempt.status, picture.status)
        return False
    attempt.status = status_of(picture.status)
    attempt.checkout_url = picture.checkout_url or ""
    attempt.method = picture.method or ""
    attempt.expires_at = picture.expires_at
    attempt.checked_at = now
    if attempt.status in ALIVE and attempt.expires_at:
        for registration in order.registrations:
            if registration.state == State.AWAITING_PAYMENT and registration.expires_at:
                registration.expires_at = max(registration.expires_at, attempt.expires_at + PAYMENT_GRACE)
    return True


def _receive(order: Order, attempt: PaymentAttempt, picture: PaymentPicture, *, now: datetime) -> None:
    asked = Asked(attempt.amount_cents, attempt.reference, attempt.mode)
    same = agrees(
        asked,
        amount_cents=picture.amount_cents,
        currency=picture.currency,
        reference=picture.reference,
        mode=picture.mode,
    )
    if not same:
        attempt.outcome = Outcome.DIFFERS
        mails.to_office("payment_differs", key=str(attempt.id), now=now, registration=order.registrations[0])
        return
    receiving.receive(order, attempt, now=now)


def reconcile(gateway: Gateway, *, now: datetime, nightly: bool = False) -> int:
    """Ask about every attempt that is due; one that fails is left for the next round. Returns how many were settled."""
    settled = 0
    for attempt_id in due_for_a_look(now=now, nightly=nightly):
        try:
            _ask_again(attempt_id, gateway, now=now)
            settled += 1
        except GatewayError as error:
            log.warning("reconciling attempt %s: %s", attempt_id, error)
    return settled


def due_for_a_look(*, now: datetime, nightly: bool = False) -> Iterable[int]:
    """Attempts to ask the provider about: those under way for two minutes, or nightly all paid in the last 90 days."""
    looked = sa.func.coalesce(PaymentAttempt.checked_at, PaymentAttempt.created_at)
    refund_on_its_way = PaymentAttempt.id.in_(sa.select(Refund.attempt_id).where(Refund.state == RefundState.SENT))
    under_way = sa.or_(
        sa.and_(PaymentAttempt.status.in_(ALIVE), looked < now - RECHECK_AFTER),
        sa.and_(refund_on_its_way, looked < now - RECHECK_REFUND_AFTER),
    )
    lately_paid = sa.and_(PaymentAttempt.status == AttemptStatus.PAID, PaymentAttempt.created_at > now - WATCH_PAID_FOR)
    query = sa.select(PaymentAttempt.id).where(lately_paid if nightly else under_way)
    return list(db.session.scalars(query.order_by(PaymentAttempt.id)))


def _ask_again(attempt_id: int, gateway: Gateway, *, now: datetime) -> None:
    """Settle, or give up an attempt of which the provider never told us the payment, once its key is forgotten."""
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    unheard = attempt.provider_id is None and now - attempt.created_at > KEY_LIFE
    if not unheard:
        settle(attempt_id, gateway, now=now)
        return
    with transaction():
        _order, attempt = lock_attempt(attempt_id)
        if attempt.provider_id is None and attempt.status in ALIVE:
            # Nobody was ever sent to that payment, if there is one; a webhook could still bring its id.
            attempt.status = AttemptStatus.EXPIRED
