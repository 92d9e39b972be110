"""Paying: where can this order be paid? One live attempt per order, written before the provider hears of it."""

import logging
import time
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.errors import NothingToPay, PaymentUnavailable
from eventapp.domain.payments import ALIVE, AttemptStatus
from eventapp.domain.places import payment_hold_until
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.links import Links
from eventapp.models import PaymentAttempt, PaymentItem
from eventapp.payments.gateway import (
    Gateway,
    GatewayBusy,
    GatewayError,
    GatewayRefused,
    GatewayUnauthorized,
    NewPayment,
    PaymentPicture,
)
from eventapp.queries.association import load_association
from eventapp.queries.on_invoice import payable
from eventapp.services import alarming, settling
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
# Seconds to wait while another request is asking for the same payment.
_BUSY_WAITS = (0.25, 0.5, 1.0, 2.0)


class Checkout(NamedTuple):
    """How the shop is set: methods offered, and where addresses begin."""

    methods: tuple[str, ...]
    links: Links


def start(order_id: int, gateway: Gateway, checkout: Checkout, *, now: datetime) -> str:
    """The address where the order can be paid now; clicking twice gives the same one.

    Refuses with NothingToPay, or with PaymentUnavailable: the place then stays held and trying again is right.
    """
    attempt_id = _open_attempt(order_id, gateway.mode, now=now)
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.provider_id:
        return _existing_checkout(attempt_id, gateway, checkout, now=now)
    new = _new_payment(attempt, checkout)
    db.session.rollback()
    try:
        picture = _create(new, gateway)
    except GatewayError as error:
        _create_failed(attempt_id, error, now=now)
        raise PaymentUnavailable() from error
    return _adopted(attempt_id, picture, now=now)


def _existing_checkout(attempt_id: int, gateway: Gateway, checkout: Checkout, *, now: datetime) -> str:
    """The checkout of the attempt that is under way; when that has just ended, a fresh one."""
    try:
        order_id = settling.settle(attempt_id, gateway, now=now)
    except GatewayError as error:
        if not isinstance(error, GatewayRefused):
            _clicked_in_vain(attempt_id, now=now)
        raise PaymentUnavailable() from error
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.status in ALIVE:
        if attempt.checkout_url:
            return attempt.checkout_url
        raise NothingToPay()
    return start(order_id, gateway, checkout, now=now)


def _open_attempt(order_id: int, mode: str, *, now: datetime) -> int:
    """The live attempt of the order, made when there is none: committed before the provider hears of it.

    It pays for who waits for payment now, and for places on an invoice that is open; who comes to wait later is paid
    for after it.
    """
    with transaction():
        order = lock_order(order_id)
        due = payable(order)
        if not due:
            raise NothingToPay()
        live = db.session.scalar(
            sa.select(PaymentAttempt).where(PaymentAttempt.order_id == order_id, PaymentAttempt.status.in_(ALIVE))
        )
        if live and live.provider_id is None and now - live.created_at > settling.KEY_LIFE:
            live.status = AttemptStatus.EXPIRED
            db.session.flush()
            live = None
        if live is None:
            live = PaymentAttempt(
                order_id=order_id,
                token=new_token(),
                idempotency_key=new_token(),
                amount_cents=sum(cents for _, cents in due),
                items=[PaymentItem(registration_id=r.id, amount_cents=cents) for r, cents in due],
                status=AttemptStatus.NEW,
                mode=mode,
                created_at=now,
            )
            db.session.add(live)
            db.session.flush()
        return live.id


def _new_payment(attempt: PaymentAttempt, checkout: Checkout) -> NewPayment:
    """Whoever pays comes back to the page to pay on: a colleague who was sent it learns no link with more rights."""
    order = attempt.order
    back = checkout.links.pay(order.pay_token)
    return NewPayment(
        amount_cents=attempt.amount_cents,
        description=f"Aanmelding {order.id}: {order.event.title}",
        redirect_url=f"{back}?betaald",
        webhook_url=checkout.links.webhook(attempt.token),
        cancel_url=f"{back}?afgebroken",
        methods=checkout.methods,
        reference=attempt.reference,
        idempotency_key=attempt.idempotency_key,
    )


def _create(new: NewPayment, gateway: Gateway) -> PaymentPicture:
    """Ask for the payment; a click that comes second waits for the answer of the first, which is its own as well."""
    for seconds in _BUSY_WAITS:
        try:
            return gateway.create_payment(new)
        except GatewayBusy:
            time.sleep(seconds)
    return gateway.create_payment(new)


def _create_failed(attempt_id: int, error: GatewayError, *, now: datetime) -> None:
    """Keep what we know: a refusal ends the attempt, anything else may have made a payment after all.

    And it keeps the place for longer.
    """
    log.error("creating payment for attempt %s: %s", attempt_id, error)
    refused = isinstance(error, GatewayRefused)
    with transaction():
        order, attempt = settling.lock_attempt(attempt_id)
        order_id = order.id
        # A webhook or another click may have brought the payment meanwhile, perhaps paid: that is worth more.
        if attempt.provider_id is None and attempt.status in ALIVE:
            attempt.status = AttemptStatus.REFUSED if refused else AttemptStatus.UNKNOWN
            if not refused:
                _wait_longer(attempt, now=now)
    if isinstance(error, GatewayUnauthorized):
        alarming.once_a_day("payment_key", order_id, now=now)
    elif refused:
        alarming.once_a_day("payment_refused", order_id, now=now)


def _clicked_in_vain(attempt_id: int, *, now: datetime) -> None:
    """Nobody could say what became of the checkout that was opened before: that keeps the places for longer as well."""
    with transaction():
        _, attempt = settling.lock_attempt(attempt_id)
        if attempt.status in ALIVE:
            _wait_longer(attempt, now=now)


def _wait_longer(attempt: PaymentAttempt, *, now: datetime) -> None:
    """Who wanted to pay and found nobody there has the whole term again from now on."""
    hours, starts_at = load_association().payment_hold_hours, attempt.order.event.starts_at
    until = payment_hold_until(now=now, hours=hours, starts_at=starts_at)
    for registration in attempt.pays_for:
        if registration.state == State.AWAITING_PAYMENT and registration.expires_at:
            registration.expires_at = max(registration.expires_at, until)


def _adopted(attempt_id: int, picture: PaymentPicture, *, now: datetime) -> str:
    """Write down what the provider made of it, unless a webhook that overtook this answer told us more."""
    with transaction():
        order, attempt = settling.lock_attempt(attempt_id)
        settling.adopt(order, attempt, picture, now=now)
        paid, address = attempt.status == AttemptStatus.PAID, attempt.checkout_url
    if paid:
        raise NothingToPay()
    if not address:
        raise PaymentUnavailable()
    return address
