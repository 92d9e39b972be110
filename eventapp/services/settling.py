"""What does the provider say of a payment now? One function fetches its picture and applies it, whoever asks."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM
from eventapp.domain.errors import NotFound
from eventapp.domain.payments import (
    ALIVE,
    FORGOTTEN_AFTER,
    Asked,
    AttemptStatus,
    Outcome,
    RefundState,
    agrees,
    may_replace,
    status_of,
)
from eventapp.domain.places import PAYMENT_GRACE
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Order, PaymentAttempt, Refund
from eventapp.payments.gateway import Gateway, GatewayError, PaymentNotFound, PaymentPicture
from eventapp.services import mails, receiving, refunding
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
# The provider forgets an idempotency key after an hour; a little earlier we start afresh.
KEY_LIFE = timedelta(minutes=55)
RECHECK_AFTER = timedelta(minutes=2)
# A refund takes days, and its webhook tells us; this is for the webhook that was lost.
RECHECK_REFUND_AFTER = timedelta(minutes=30)
WATCH_PAID_FOR = timedelta(days=90)
# What ended unpaid has been seen to be paid after all; a webhook tells us, and this is for the one that was lost.
WATCH_ENDED_FOR = timedelta(days=14)


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
    try:
        picture = gateway.fetch_payment(wanted)
    except PaymentNotFound:
        if known:
            _missed(attempt_id, now=now)
        raise
    if known is None and picture.reference != reference:
        log.warning("attempt %s: the payment named by its webhook is not ours", attempt_id)
        return order_id
    _apply(attempt_id, picture, now=now)
    return order_id


def _missed(attempt_id: int, *, now: datetime) -> None:
    """The provider does not know the payment. When it keeps saying so, give it up and tell the office.

    It may well be our key that is of another account or world, so the first time proves nothing.
    """
    with transaction():
        order, attempt = lock_attempt(attempt_id)
        if attempt.status not in ALIVE:
            return
        attempt.missing_since = attempt.missing_since or now
        if now - attempt.missing_since < FORGOTTEN_AFTER:
            return
        attempt.status, attempt.outcome = AttemptStatus.EXPIRED, Outcome.FORGOTTEN
        note("payment_forgotten", "order", order.id, by=SYSTEM, now=now, event_id=order.event_id, attempt_id=attempt.id)
        registration = order.registrations[0]
        mails.to_office("payment_forgotten", key=str(attempt.id), now=now, registration=registration, attempt=attempt)


def _apply(attempt_id: int, picture: PaymentPicture, *, now: datetime) -> None:
    with transaction():
        order, attempt = lock_attempt(attempt_id)
        if not adopt(order, attempt, picture, now=now):
            return
        attempt.paid_at = picture.paid_at or attempt.paid_at
        refunding.apply_amounts(attempt, picture, now=now)
        if attempt.status == AttemptStatus.PAID and attempt.outcome in (None, Outcome.FORGOTTEN):
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
    attempt.missing_since = None
    if attempt.status in ALIVE and attempt.expires_at:
        for registration in attempt.pays_for:
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
    return sum(look_again(attempt_id, gateway, now=now) for attempt_id in due_for_a_look(now=now, nightly=nightly))


def look_again(attempt_id: int, gateway: Gateway, *, now: datetime) -> bool:
    """Settle one attempt; False when the provider did not tell, which the next round will find again."""
    try:
        _ask_again(attempt_id, gateway, now=now)
    except GatewayError as error:
        log.warning("reconciling attempt %s: %s", attempt_id, error)
        return False
    return True


def due_for_a_look(*, now: datetime, nightly: bool = False, patience: timedelta = RECHECK_AFTER) -> Iterable[int]:
    """Attempts to ask the provider about: those under way that were not looked at for `patience`.

    Nightly: what was paid in the last 90 days, or ended unpaid in the last 14.
    """
    looked = sa.func.coalesce(PaymentAttempt.checked_at, PaymentAttempt.created_at)
    refund_on_its_way = PaymentAttempt.id.in_(sa.select(Refund.attempt_id).where(Refund.state == RefundState.SENT))
    under_way = sa.or_(
        sa.and_(PaymentAttempt.status.in_(ALIVE), looked <= now - patience),
        sa.and_(refund_on_its_way, looked < now - RECHECK_REFUND_AFTER),
    )
    paid, created = PaymentAttempt.status == AttemptStatus.PAID, PaymentAttempt.created_at
    ended = sa.and_(PaymentAttempt.provider_id.is_not(None), PaymentAttempt.status.not_in(ALIVE))
    over = sa.or_(
        sa.and_(paid, created > now - WATCH_PAID_FOR),
        sa.and_(ended, created > now - WATCH_ENDED_FOR),
    )
    query = sa.select(PaymentAttempt.id).where(over if nightly else under_way)
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
