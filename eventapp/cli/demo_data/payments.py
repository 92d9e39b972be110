"""How does the Mollie sandbox come to know what was paid in the demo before it was started?

Each paid attempt is asked for through the real client and marked as paid on the sandbox's control page. Afterwards it
can be looked up and refunded like any other.
"""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from eventapp.cli.demo_data.books import pay_out
from eventapp.domain.payments import AttemptStatus
from eventapp.extensions import db
from eventapp.links import Links
from eventapp.models import Order, PaymentAttempt
from eventapp.payments.choose import gateway_from
from eventapp.payments.gateway import NewPayment
from eventapp.transaction import transaction

_ELSEWHERE: tuple[tuple[str, dict[str, Any]], ...] = (("refund", {"amount_cents": 1500}), ("charge-back", {}))
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def tell_sandbox(settings: Mapping[str, Any]) -> int:
    """Make every paid attempt without a payment known to the sandbox; answers how many. Raises GatewayError, OSError.

    Only for the demo: the endpoint must be a sandbox.
    """
    gateway = gateway_from(settings)
    unknown = _unknown_to_provider(Links(settings["PUBLIC_BASE_URL"]))
    if gateway is None or not unknown:
        return 0
    sandbox = settings["MOLLIE_API_ENDPOINT"]
    _control(sandbox, "switches", {"no-webhooks": True})
    payment_ids = {attempt_id: gateway.create_payment(new).id for attempt_id, new in unknown.items()}
    for payment_id in payment_ids.values():
        _control(sandbox, f"payments/{payment_id}/mark", {"status": "paid", "method": "ideal"})
    _control(sandbox, "switches", {"no-webhooks": False})
    with transaction():
        attempts = [db.session.get_one(PaymentAttempt, attempt_id) for attempt_id in payment_ids]
        for attempt in attempts:
            attempt.provider_id = payment_ids[attempt.id]
        pay_out(attempts)
    _move_money_elsewhere(sandbox, list(payment_ids.values()))
    return len(unknown)


def _move_money_elsewhere(sandbox: str, payment_ids: list[str]) -> None:
    """Somebody gives a little back at the provider, and a bank takes a payment back: our webhook hears of both."""
    for payment_id, (what, values) in zip(payment_ids, _ELSEWHERE, strict=False):
        _control(sandbox, f"payments/{payment_id}/{what}", values)


def _unknown_to_provider(links: Links) -> dict[int, NewPayment]:
    query = (
        sa.select(PaymentAttempt)
        .join(Order)
        .where(PaymentAttempt.status == AttemptStatus.PAID, PaymentAttempt.provider_id.is_(None))
        .order_by(PaymentAttempt.id)
    )
    return {attempt.id: _as_asked(attempt, links) for attempt in db.session.scalars(query)}


def _as_asked(attempt: PaymentAttempt, links: Links) -> NewPayment:
    back = links.order(attempt.order.token)
    return NewPayment(
        amount_cents=attempt.amount_cents,
        description=f"Aanmelding {attempt.order_id}: {attempt.order.event.title}",
        redirect_url=f"{back}?betaald",
        webhook_url=links.webhook(attempt.token),
        cancel_url=back,
        methods=(attempt.method,),
        reference=attempt.reference,
        idempotency_key=attempt.idempotency_key,
    )


def _control(sandbox: str, path: str, values: Mapping[str, Any]) -> None:
    request = urllib.request.Request(
        f"{sandbox}/control/{path}", json.dumps(values).encode(), {"Content-Type": "application/json"}
    )
    with _DIRECT.open(request, timeout=10):
        pass
