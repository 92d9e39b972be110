"""Money that goes back: planned in the transaction that decides it, sent afterwards from a queue, never twice."""

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.payments import RefundProblem, RefundState
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import PaymentAttempt, Refund
from eventapp.payments.gateway import (
    DuplicateRefund,
    Gateway,
    GatewayError,
    GatewayRefused,
    GatewayUnauthorized,
    PaymentPicture,
    RefundPicture,
    RefundTooHigh,
)
from eventapp.queries.attempts import AT_PROVIDER, elsewhere_cents, held_cents
from eventapp.queries.attempts import left_cents as left_cents
from eventapp.services import alarming, bank_refunds, mails, matching, posting
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
# The provider refuses the same amount on the same payment within the hour, whatever the key.
AFTER_DUPLICATE = timedelta(minutes=65)
RETRY = timedelta(minutes=5)
# Until then a repeat with the same key is harmless; after it only looking tells.
KEY_LIFE = timedelta(minutes=55)


def plan(
    attempt: PaymentAttempt,
    amount_cents: int,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    retry_of: Refund | None = None,
) -> Refund | None:
    """Within a transaction: put a refund in the queue, never more than what is left of the attempt.

    Returns None when nothing is left to give back. `retry_of` is a failed one that this one does over.
    """
    amount_cents = min(amount_cents, left_cents(attempt))
    if amount_cents <= 0:
        return None
    refund = Refund(
        attempt=attempt,
        amount_cents=amount_cents,
        reason=reason,
        state=RefundState.PLANNED,
        idempotency_key=new_token(),
        retry_of_id=retry_of.id if retry_of else None,
        next_try_at=now,
        created_at=now,
    )
    db.session.add(refund)
    db.session.flush()
    _note_planned(refund, by=by, now=now)
    return refund


def _note_planned(refund: Refund, *, by: Actor, now: datetime) -> None:
    order = refund.attempt.order
    facts = {"amount_cents": refund.amount_cents, "reason": refund.reason, "attempt_id": refund.attempt_id}
    note("refund_planned", "order", order.id, by=by, now=now, event_id=order.event_id, **facts)


def send_due(gateway: Gateway, *, now: datetime) -> int:
    """Send what is planned, and find out about what is unknown. Returns how many calls were made."""
    due = sa.select(Refund.id).where(
        Refund.state.in_((RefundState.PLANNED, RefundState.UNKNOWN)), Refund.next_try_at <= now
    )
    ids = list(db.session.scalars(due.order_by(Refund.id)))
    db.session.rollback()
    return sum(_send(refund_id, gateway, now=now) for refund_id in ids)


def _send(refund_id: int, gateway: Gateway, *, now: datetime) -> bool:
    """Claim one, call the provider with no transaction open, write down what happened."""
    claimed = _claim(refund_id, now=now)
    if claimed is None:
        return False
    payment_id, amount_cents, reference, key, forgotten = claimed
    try:
        found = _find(gateway, payment_id, reference) if forgotten else None
        picture = found or gateway.create_refund(
            payment_id,
            amount_cents=amount_cents,
            description=f"Terugbetaling {reference}",
            reference=reference,
            idempotency_key=key,
        )
    except RefundTooHigh:
        _ask_for_what_is_left(refund_id, payment_id, gateway, now=now)
    except GatewayError as error:
        log.warning("refund %s: %s", refund_id, error)
        _failed_call(refund_id, error, now=now)
    else:
        _write_down(refund_id, picture, now=now)
    return True


def _claim(refund_id: int, *, now: datetime) -> tuple[str, int, str, str, bool] | None:
    """Mark it as under way: until we hear otherwise its outcome is unknown, also after a crash in the next line."""
    with transaction():
        claimed = db.session.scalar(
            sa.update(Refund)
            .where(
                Refund.id == refund_id,
                Refund.state.in_((RefundState.PLANNED, RefundState.UNKNOWN)),
                Refund.next_try_at <= now,
            )
            .values(
                state=RefundState.UNKNOWN,
                tries=Refund.tries + 1,
                next_try_at=now + RETRY,
                sent_at=sa.func.coalesce(Refund.sent_at, now),
            )
            .returning(Refund.id)
        )
        if claimed is None:
            return None
        refund = db.session.get_one(Refund, refund_id, populate_existing=True)
        provider_id = refund.attempt.provider_id
        if provider_id is None:
            return None
        forgotten = refund.sent_at is not None and now - refund.sent_at > KEY_LIFE
        return provider_id, refund.amount_cents, refund.reference, refund.idempotency_key, forgotten


def _find(gateway: Gateway, payment_id: str, reference: str) -> RefundPicture | None:
    return next((refund for refund in gateway.list_refunds(payment_id) if refund.reference == reference), None)


def _lock(refund_id: int) -> Refund:
    """The refund as it is now, with its order locked: a webhook may be writing it as well."""
    order_id = db.session.scalar(sa.select(PaymentAttempt.order_id).join(Refund).where(Refund.id == refund_id))
    lock_order(order_id or 0)
    return db.session.get_one(Refund, refund_id, populate_existing=True)


def _write_down(refund_id: int, picture: RefundPicture, *, now: datetime) -> None:
    with transaction():
        refund = _lock(refund_id)
        counted = refund.state in AT_PROVIDER
        _apply(refund, picture, now=now)
        if refund.state in AT_PROVIDER and not counted:
            held = held_cents(refund.attempt)
            refund.attempt.refunded_cents += refund.amount_cents
            matching.follow(refund.attempt, held_before_cents=held, now=now)
        posting.post_refund(refund.attempt, picture, now=now)


def _failed_call(refund_id: int, error: GatewayError, *, now: datetime) -> None:
    """Other than below nothing is known: the same call again, at the time that the claim set."""
    with transaction():
        refund = _lock(refund_id)
        if refund.state != RefundState.UNKNOWN:
            return
        refund.problem = _problem(error)
        if isinstance(error, DuplicateRefund):
            # The twin may be this very refund, of which we missed the answer: `sent_at` stays, so we look first.
            refund.state, refund.next_try_at = RefundState.PLANNED, now + AFTER_DUPLICATE
        elif isinstance(error, GatewayRefused):
            refund.state = RefundState.FAILED
            _tell_office(refund, now=now)
        order_id = refund.attempt.order_id
    if isinstance(error, GatewayUnauthorized):
        alarming.once_a_day("refund_key", order_id, now=now)


def _problem(error: GatewayError) -> RefundProblem:
    if isinstance(error, DuplicateRefund):
        return RefundProblem.TWIN
    if isinstance(error, GatewayUnauthorized):
        return RefundProblem.KEY
    return RefundProblem.REFUSED if isinstance(error, GatewayRefused) else RefundProblem.AWAY


def _ask_for_what_is_left(refund_id: int, payment_id: str, gateway: Gateway, *, now: datetime) -> None:
    """More was asked than is left, because money went back elsewhere: lower the refund, or leave it to the office."""
    try:
        picture = gateway.fetch_payment(payment_id)
    except GatewayError as error:
        log.warning("refund %s: what is left is not known: %s", refund_id, error)
        return
    left = picture.amount_cents - picture.refunded_cents - picture.charged_back_cents
    with transaction():
        refund = _lock(refund_id)
        apply_amounts(refund.attempt, picture, now=now)
        if refund.state != RefundState.UNKNOWN:
            return
        if 0 < left < refund.amount_cents:
            refund.amount_cents, refund.idempotency_key = left, new_token()
            refund.state, refund.next_try_at, refund.sent_at = RefundState.PLANNED, now, None
            _note_planned(refund, by=SYSTEM, now=now)
        else:
            refund.state, refund.problem = RefundState.FAILED, RefundProblem.NOTHING_LEFT
            _tell_office(refund, now=now)


def _tell_office(refund: Refund, *, now: datetime) -> None:
    registration = refund.attempt.order.registrations[0]
    mails.to_office("refund_failed", key=str(refund.id), now=now, registration=registration, refund=refund)


def _apply(refund: Refund, picture: RefundPicture, *, now: datetime) -> None:
    """What the provider says of it: on its way, done, or failed. A failure is told to the office once."""
    refund.provider_id, refund.problem = picture.id, None
    if picture.status == "refunded":
        refund.state, refund.done_at = RefundState.DONE, refund.done_at or now
    elif picture.status in ("failed", "canceled"):
        refund.problem = RefundProblem.RETURNED
        if refund.state != RefundState.FAILED:
            refund.state = RefundState.FAILED
            _tell_office(refund, now=now)
    else:
        refund.state = RefundState.SENT
    if refund.state in AT_PROVIDER and refund.bank_refund:
        bank_refunds.follow(refund.attempt.order_id, now=now)


def apply_amounts(attempt: PaymentAttempt, picture: PaymentPicture, *, now: datetime) -> None:
    """Within a transaction: what the provider says went back or was charged back, ours and made elsewhere alike."""
    elsewhere, charged_back = elsewhere_cents(attempt), attempt.charged_back_cents
    held = held_cents(attempt)
    attempt.refunded_cents, attempt.charged_back_cents = picture.refunded_cents, picture.charged_back_cents
    ours = {refund.reference: refund for refund in attempt.refunds}
    for shown in picture.refunds:
        if shown.reference in ours:
            _apply(ours[shown.reference], shown, now=now)
    posting.post(attempt, picture, now=now)
    matching.follow(attempt, held_before_cents=held, now=now)
    if elsewhere_cents(attempt) > elsewhere or attempt.charged_back_cents > charged_back:
        key = f"{attempt.id}-{picture.refunded_cents}-{picture.charged_back_cents}"
        registration = attempt.order.registrations[0]
        mails.to_office("money_moved", key=key, now=now, registration=registration, attempt=attempt)
