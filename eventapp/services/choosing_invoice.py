"""Whoever booked and has to pay chooses an invoice after all."""

import logging
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NothingToPay
from eventapp.domain.invoices import Buyer
from eventapp.domain.payments import ALIVE
from eventapp.domain.places import hold_until
from eventapp.domain.registrations import State, check_step
from eventapp.extensions import db
from eventapp.models import Order, PaymentAttempt, Registration
from eventapp.payments.gateway import Gateway, GatewayError
from eventapp.queries.association import load_association
from eventapp.services import confirming, drafting, mails, proof_links, settling
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

log = logging.getLogger(__name__)


def choose(order_id: int, buyer: Buyer, gateway: Gateway | None, *, by: Actor, now: datetime) -> None:
    """From now on what the order has to pay goes on an invoice for this buyer: the places no longer lapse.

    They are sure at once, or once the invoice is paid, as the event says. Who did not prove the address does that
    first. A payment that is open at the provider is cancelled where that can be; one that is paid all the same pays
    the invoice. Twice does nothing more. Refuses with NotFound, NothingToPay (paid meanwhile, or lapsed) or
    InvoiceNotPossible.
    """
    if gateway:
        _end_payment(order_id, gateway, now=now)
    with transaction():
        order = lock_order(order_id)
        if order.on_invoice_at is not None:
            return
        due = [r for r in order.registrations if r.state == State.AWAITING_PAYMENT and r.price_cents]
        if not due:
            raise NothingToPay()
        drafting.choose_invoice(order, buyer, now=now)
        cents = sum(registration.price_cents for registration in due)
        note("invoice_chosen", "order", order.id, by=by, now=now, event_id=order.event_id, cents=cents)
        unproven = [registration for registration in due if not _is_proven(registration)]
        for registration in due:
            if registration in unproven:
                _back_to_proof(registration, now=now)
            else:
                confirming.settle_on_invoice(registration, by=by, now=now)
        _tell(order, due, unproven, now=now)


def _end_payment(order_id: int, gateway: Gateway, *, now: datetime) -> None:
    """Ask for an open payment to be cancelled, and look how it stands. Nothing is lost when that fails."""
    alive = sa.select(PaymentAttempt).where(PaymentAttempt.order_id == order_id, PaymentAttempt.status.in_(ALIVE))
    attempt = db.session.scalar(alive)
    if attempt is None or attempt.provider_id is None:
        return
    attempt_id, provider_id = attempt.id, attempt.provider_id
    db.session.rollback()
    try:
        gateway.cancel_payment(provider_id)
        settling.settle(attempt_id, gateway, now=now)
    except GatewayError as error:
        log.warning("attempt %s stays open beside an invoice: %s", attempt_id, error)


def _is_proven(registration: Registration) -> bool:
    """Whether the mailbox that booked is known to be theirs, or the association itself vouched for it."""
    vouched = registration.source in ("api", "organiser", "door")
    return vouched or registration.proven_at is not None or registration.order.proven_at is not None


def _back_to_proof(registration: Registration, *, now: datetime) -> None:
    check_step(registration.state, State.AWAITING_CONFIRMATION)
    days, starts_at = load_association().hold_days, registration.event.starts_at
    registration.state = State.AWAITING_CONFIRMATION
    registration.expires_at = hold_until(now=now, days=days, starts_at=starts_at)


def _tell(order: Order, due: list[Registration], unproven: list[Registration], *, now: datetime) -> None:
    if unproven:
        held = bool(unproven[0].holds)
        proof_links.send(unproven[0], held=held, now=now, key=f"invoice-{now:%Y%m%d%H%M%S}")
    if len(unproven) < len(due):
        drafting.draft_for(order.id, now=now)
        sure = next(one for one in due if one not in unproven)
        mails.asks_money(sure, now=now, key="chosen")
