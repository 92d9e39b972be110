"""Is this request body one that Mollie would take? Returns it in the sandbox's own terms, or raises a 422 Problem."""

import difflib
import json
import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .methods import METHODS
from .problems import Problem

_REFUND_FIELDS = ["amount", "description", "metadata"]
_UPDATE_FIELDS = ["description", "redirectUrl", "cancelUrl", "webhookUrl", "metadata", "method", "locale"]
# Some of these are taken and not used; a misspelt one is what the sandbox must notice.
_CREATE_FIELDS = [*_UPDATE_FIELDS, "amount", "sequenceType", "lines", "billingAddress", "shippingAddress", "dueDate"]


class PaymentRequest(NamedTuple):
    """A payment to make. `methods` is empty when the payer may choose from everything."""

    amount_cents: int
    description: str
    redirect_url: str
    cancel_url: str | None
    webhook_url: str | None
    methods: list[str]
    metadata: Any
    locale: str | None


class RefundRequest(NamedTuple):
    """Money to send back."""

    amount_cents: int
    description: str
    metadata: Any


def payment_request(body: Any) -> PaymentRequest:
    """The body of a new payment. Loopback addresses are fine here, unlike at Mollie."""
    fields = _known_fields(body, _CREATE_FIELDS)
    return PaymentRequest(
        amount_cents=amount_cents(fields),
        description=_description(fields),
        redirect_url=_address(fields, "redirectUrl", required=True) or "",
        cancel_url=_address(fields, "cancelUrl"),
        webhook_url=_address(fields, "webhookUrl"),
        methods=_methods(fields),
        metadata=_metadata(fields),
        locale=_locale(fields),
    )


def payment_changes(body: Any) -> dict[str, Any]:
    """The body of an update, as column names with new values."""
    fields = _known_fields(body, _UPDATE_FIELDS)
    changes: dict[str, Any] = {}
    if "description" in fields:
        changes["description"] = _description(fields)
    for name, column in (("redirectUrl", "redirect_url"), ("cancelUrl", "cancel_url"), ("webhookUrl", "webhook_url")):
        if name in fields:
            changes[column] = _address(fields, name, required=name == "redirectUrl")
    if "metadata" in fields:
        changes["metadata"] = json.dumps(_metadata(fields))
    if "method" in fields:
        changes["methods"] = json.dumps(_methods(fields))
    if "locale" in fields:
        changes["locale"] = _locale(fields)
    return changes


def refund_request(body: Any) -> RefundRequest:
    """The body of a refund; whether that much remains is for the ledger."""
    fields = _known_fields(body, _REFUND_FIELDS)
    description = fields.get("description") or ""
    if not isinstance(description, str) or len(description) > 255:
        raise Problem(422, "The description is invalid", "description")
    return RefundRequest(amount_cents(fields), description, _metadata(fields))


def amount_cents(fields: dict[str, Any]) -> int:
    """The cents of an amount object in euros with two decimals, above zero."""
    amount = fields.get("amount")
    if not isinstance(amount, dict) or set(amount) != {"currency", "value"}:
        raise Problem(422, "The amount is required and contains a currency and a value", "amount")
    if amount["currency"] != "EUR":
        raise Problem(422, "The currency is not enabled for this profile", "amount.currency")
    value = amount["value"]
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,7}\.[0-9]{2}", value):
        raise Problem(422, "The amount value must be a string with two decimals", "amount.value")
    cents = int(value.replace(".", ""))
    if cents == 0:
        raise Problem(422, "The amount is lower than the minimum", "amount.value")
    return cents


def _known_fields(body: Any, known: list[str]) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Problem(400, "The request body is not a JSON object")
    for name in body:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)
            raise Problem(
                422, f'Non-existent body parameter "{name}" for this API call. Did you mean: "{near[0]}"?', name
            )
    return body


def _description(fields: dict[str, Any]) -> str:
    description = fields.get("description")
    if not isinstance(description, str) or not description.strip():
        raise Problem(422, "The description is required", "description")
    if len(description) > 255:
        raise Problem(422, "The description is too long", "description")
    return description


def _address(fields: dict[str, Any], name: str, *, required: bool = False) -> str | None:
    address = fields.get(name)
    if address is None or address == "":
        if required:
            raise Problem(422, f"The {name} is required", name)
        return None
    try:
        parts = urlsplit(address) if isinstance(address, str) else None
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise Problem(422, f"The {name} is invalid", name)
    return str(address)


def _methods(fields: dict[str, Any]) -> list[str]:
    asked = fields.get("method")
    methods = [asked] if isinstance(asked, str) else asked or []
    if not isinstance(methods, list):
        raise Problem(422, "The method is invalid", "method")
    for method in methods:
        if not isinstance(method, str) or method not in METHODS:
            raise Problem(422, "The payment method is unknown", "method")
        if not METHODS[method].enabled:
            raise Problem(422, "The payment method is not activated", "method")
    return methods


def _metadata(fields: dict[str, Any]) -> Any:
    metadata = fields.get("metadata")
    if len(json.dumps(metadata).encode()) > 1024:
        raise Problem(422, "The metadata is larger than 1024 bytes", "metadata")
    return metadata


def _locale(fields: dict[str, Any]) -> str | None:
    locale = fields.get("locale")
    if locale is not None and not re.fullmatch(r"[a-z]{2}_[A-Z]{2}", str(locale)):
        raise Problem(422, "The locale is invalid", "locale")
    return locale
