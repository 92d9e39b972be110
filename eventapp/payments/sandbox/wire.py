"""What do payments, refunds, chargebacks and methods look like in Mollie's JSON?"""

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from .giving_back import chargebacks_of, charged_back_cents, refunded_cents, refunds_of, remaining_cents
from .ledger import is_cancelable
from .methods import Method

PROFILE = "pfl_zandbak"
_CHANGED_AT = {"canceled": "canceledAt", "expired": "expiredAt", "failed": "failedAt", "authorized": "authorizedAt"}
# Mollie tells who paid; the merchant is to forget it, so there must be something to forget.
_PAYER = {"consumerName": "T. Test", "consumerAccount": "NL91ABNA0417164300", "consumerBic": "ABNANL2A"}

Thing = TypeVar("Thing")


def amount(cents: int, currency: str = "EUR") -> dict[str, str]:
    """An amount object with two decimals."""
    return {"currency": currency, "value": f"{cents // 100}.{cents % 100:02d}"}


def payment_json(
    db: sqlite3.Connection, payment: sqlite3.Row, base: str, embed: Collection[str] = ()
) -> dict[str, Any]:
    """A payment; `base` is the sandbox's own address, `embed` may name refunds and chargebacks."""
    status, currency = payment["status"], payment["currency"]
    answer: dict[str, Any] = {
        "resource": "payment",
        "id": payment["id"],
        "mode": payment["mode"],
        "createdAt": payment["created_at"],
        "amount": amount(payment["amount_cents"], currency),
        "description": payment["description"],
        "method": payment["method"],
        "metadata": json.loads(payment["metadata"]),
        "status": status,
        "isCancelable": is_cancelable(db, payment),
        "profileId": PROFILE,
        "sequenceType": "oneoff",
        "redirectUrl": payment["redirect_url"],
    }
    for column, name in (("cancel_url", "cancelUrl"), ("webhook_url", "webhookUrl"), ("locale", "locale")):
        if payment[column]:
            answer[name] = payment[column]
    if status in ("open", "pending"):
        answer["expiresAt"] = payment["expires_at"]
    if status in _CHANGED_AT:
        answer[_CHANGED_AT[status]] = payment["changed_at"]
    if status == "paid":
        answer |= _paid_fields(db, payment)
    answer["_links"] = _payment_links(db, payment, base)
    if embed:
        answer["_embedded"] = _embedded(db, payment, base, embed)
    return answer


def refund_json(refund: sqlite3.Row, base: str) -> dict[str, Any]:
    payment_address = f"{base}/v2/payments/{refund['payment_id']}"
    return {
        "resource": "refund",
        "id": refund["id"],
        "mode": "test",
        "amount": amount(refund["amount_cents"]),
        "status": refund["status"],
        "createdAt": refund["created_at"],
        "description": refund["description"],
        "metadata": json.loads(refund["metadata"]),
        "paymentId": refund["payment_id"],
        "_links": {"self": _link(f"{payment_address}/refunds/{refund['id']}"), "payment": _link(payment_address)},
    }


def chargeback_json(chargeback: sqlite3.Row, base: str) -> dict[str, Any]:
    payment_address = f"{base}/v2/payments/{chargeback['payment_id']}"
    answer = {
        "resource": "chargeback",
        "id": chargeback["id"],
        "amount": amount(chargeback["amount_cents"]),
        "createdAt": chargeback["created_at"],
        "paymentId": chargeback["payment_id"],
        "_links": {
            "self": _link(f"{payment_address}/chargebacks/{chargeback['id']}"),
            "payment": _link(payment_address),
        },
    }
    if chargeback["reversed_at"]:
        answer["reversedAt"] = chargeback["reversed_at"]
    return answer


def method_json(method: Method, base: str) -> dict[str, Any]:
    return {
        "resource": "method",
        "id": method.id,
        "description": method.description,
        "minimumAmount": amount(1),
        "maximumAmount": amount(method.maximum_cents),
        "status": "activated" if method.enabled else None,
        "_links": {"self": _link(f"{base}/v2/methods/{method.id}")},
    }


def page_json(
    name: str,
    things: Sequence[Thing],
    as_json: Callable[[Thing], dict[str, Any]],
    *,
    address: str,
    limit: int | None = None,
    following: str | None = None,
) -> dict[str, Any]:
    """One page of a list; `following` is the id with which the next page begins."""
    following_address = f"{address}?from={following}&limit={limit}"
    return {
        "count": len(things),
        "_embedded": {name: [as_json(thing) for thing in things]},
        "_links": {
            "self": _link(address),
            "previous": None,
            "next": _link(following_address) if following else None,
        },
    }


def _paid_fields(db: sqlite3.Connection, payment: sqlite3.Row) -> dict[str, Any]:
    currency = payment["currency"]
    fields: dict[str, Any] = {
        "paidAt": payment["paid_at"],
        "amountRefunded": amount(refunded_cents(db, payment["id"]), currency),
        "amountRemaining": amount(remaining_cents(db, payment), currency),
        "details": _PAYER,
    }
    if taken := charged_back_cents(db, payment["id"]):
        fields["amountChargedBack"] = amount(taken, currency)
    return fields


def _payment_links(db: sqlite3.Connection, payment: sqlite3.Row, base: str) -> dict[str, Any]:
    address = f"{base}/v2/payments/{payment['id']}"
    links = {"self": _link(address), "dashboard": _link(f"{base}/#{payment['id']}", "text/html")}
    if payment["status"] == "open":
        links["checkout"] = _link(f"{base}/checkout/{payment['id']}", "text/html")
    if refunds_of(db, payment["id"]):
        links["refunds"] = _link(f"{address}/refunds")
    if chargebacks_of(db, payment["id"]):
        links["chargebacks"] = _link(f"{address}/chargebacks")
    return links


def _embedded(db: sqlite3.Connection, payment: sqlite3.Row, base: str, embed: Collection[str]) -> dict[str, Any]:
    embedded: dict[str, Any] = {}
    if "refunds" in embed:
        embedded["refunds"] = [refund_json(row, base) for row in refunds_of(db, payment["id"])]
    if "chargebacks" in embed:
        embedded["chargebacks"] = [chargeback_json(row, base) for row in chargebacks_of(db, payment["id"])]
    return embedded


def _link(address: str, kind: str = "application/hal+json") -> dict[str, str]:
    return {"href": address, "type": kind}
