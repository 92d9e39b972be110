"""How do we ask Mollie for what the gateway promises? The only module that knows Mollie's client and its exceptions."""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests
from mollie.api.client import Client
from mollie.api.error import Error, ResponseError
from mollie.api.objects.payment import Payment

from eventapp.domain.money import from_provider, to_provider
from eventapp.payments.gateway import (
    DuplicateRefund,
    GatewayBusy,
    GatewayError,
    GatewayRefused,
    GatewayUnauthorized,
    GatewayUnknownOutcome,
    IdempotencyKeyReused,
    NewPayment,
    PaymentMethod,
    PaymentNotFound,
    PaymentPicture,
    RefundPicture,
    RefundTooHigh,
)
from eventapp.payments.settings import PRODUCTION, check_settings, is_loopback, redact
from eventapp.payments.silence import Silence

log = logging.getLogger(__name__)

DESCRIPTION_LENGTH = 255
PAGE = 250

_CREATE_PAYMENT, _CREATE_REFUND = "create payment", "create refund"
# Besides its own errors the client lets these escape on answers of an unexpected shape, and so do our pictures of them.
_UNREADABLE = (Error, KeyError, TypeError, ValueError, AttributeError)


class MollieGateway:
    """The Gateway of Mollie's classic v2 API.

    Every call has a client and connection of its own, so that threads and forked workers share nothing. `timeout` is
    seconds to connect and seconds of silence; what is met with silence too often is not called for a while, where
    `silence` is given. Refuses with UnsafeSetting what `check_settings` refuses.
    """

    def __init__(
        self,
        api_key: str,
        endpoint: str = "",
        timeout: tuple[float, float] = (3, 6),
        silence: Silence | None = None,
    ) -> None:
        check_settings(api_key, endpoint)
        self._api_key = api_key.strip()
        self._endpoint = endpoint.strip().rstrip("/") or PRODUCTION
        self._timeout = timeout
        self._silence = silence or Silence(enough=sys.maxsize)

    @property
    def mode(self) -> str:
        return self._api_key.partition("_")[0]

    def create_payment(self, new: NewPayment) -> PaymentPicture:
        body = {
            "amount": _amount(new.amount_cents),
            "description": new.description[:DESCRIPTION_LENGTH],
            "redirectUrl": new.redirect_url,
            "webhookUrl": new.webhook_url,
            "cancelUrl": new.cancel_url,
            "locale": "nl_NL",
            "method": new.methods[0] if len(new.methods) == 1 else list(new.methods),
            "metadata": {"reference": new.reference},
        }
        with self._talking(_CREATE_PAYMENT) as client:
            return payment_picture(client.payments.create(body, idempotency_key=new.idempotency_key))

    def fetch_payment(self, payment_id: str) -> PaymentPicture:
        _require_payment_id(payment_id)
        with self._talking("fetch payment") as client:
            return payment_picture(client.payments.get(payment_id, embed="refunds,chargebacks"))

    def cancel_payment(self, payment_id: str) -> PaymentPicture:
        _require_payment_id(payment_id)
        try:
            with self._talking("cancel payment") as client:
                return payment_picture(client.payments.delete(payment_id))
        except PaymentNotFound:
            raise
        except GatewayRefused:
            # Most open payments cannot be cancelled, and some that are "refused" were cancelled all the same.
            return self.fetch_payment(payment_id)

    def create_refund(
        self, payment_id: str, *, amount_cents: int, description: str, reference: str, idempotency_key: str
    ) -> RefundPicture:
        _require_payment_id(payment_id)
        body = {
            "amount": _amount(amount_cents),
            "description": description[:DESCRIPTION_LENGTH],
            "metadata": {"reference": reference},
        }
        with self._talking(_CREATE_REFUND) as client:
            refunds = Payment({"id": payment_id}, client).refunds
            return _refund_picture(refunds.create(body, idempotency_key=idempotency_key))

    def list_refunds(self, payment_id: str) -> list[RefundPicture]:
        _require_payment_id(payment_id)
        with self._talking("list refunds") as client:
            page = Payment({"id": payment_id}, client).refunds.list(limit=PAGE)
            found = [_refund_picture(refund) for refund in page]
            while page.has_next():
                page = page.get_next()
                found += [_refund_picture(refund) for refund in page]
            return found

    def methods(self, amount_cents: int) -> list[PaymentMethod]:
        with self._talking("list methods") as client:
            found = client.methods.list(amount=_amount(amount_cents), locale="nl_NL")
            return [PaymentMethod(id=method["id"], description=method["description"]) for method in found]

    @contextmanager
    def _talking(self, call: str) -> Iterator[Client]:
        """A client for one call; whatever goes wrong inside comes out as a GatewayError without its cause.

        The cause is cut off because its text can quote a whole answer, key and bank details included.
        """
        if not self._silence.may_call():
            raise GatewayUnknownOutcome(f"{call}: not asked, as nobody answers")
        client = Client(api_endpoint=self._endpoint, retry=0)
        client.timeout = self._timeout  # type: ignore[assignment]  # Declared as int; fractions of a second work.
        client.set_api_key(self._api_key)
        with _session(self._endpoint) as session:
            client._client = session
            try:
                yield client
            except _UNREADABLE as error:
                if isinstance(error.__context__, requests.Timeout):
                    self._silence.unheard()
                else:
                    self._silence.heard()
                raise _translated(call, error) from None
            self._silence.heard()


def payment_picture(payment: Mapping[str, Any]) -> PaymentPicture:
    """Mollie's JSON of a payment in our words. Raises KeyError, TypeError or ValueError for what cannot be read."""
    embedded = payment.get("_embedded") or {}
    checkout = payment["_links"].get("checkout")
    return PaymentPicture(
        id=payment["id"],
        status=payment["status"],
        mode=payment["mode"],
        amount_cents=from_provider(payment["amount"]["value"]),
        currency=payment["amount"]["currency"],
        reference=_reference(payment),
        checkout_url=checkout["href"] if checkout else None,
        method=payment.get("method"),
        expires_at=_time(payment.get("expiresAt")),
        paid_at=_time(payment.get("paidAt")),
        refunded_cents=_optional_cents(payment.get("amountRefunded")),
        charged_back_cents=_charged_back_cents(payment, embedded.get("chargebacks") or []),
        refunds=tuple(_refund_picture(refund) for refund in embedded.get("refunds") or []),
    )


def _session(endpoint: str) -> requests.Session:
    """A session put where the client would make its own, which would let a .netrc entry replace the key.

    The proxy of the environment is used for Mollie and never for this machine. A redirect is not followed: the key
    goes to the address in the settings and nowhere else.
    """
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    if not is_loopback(endpoint):
        session.proxies.update(requests.utils.get_environ_proxies(endpoint))
    return session


def _require_payment_id(payment_id: str) -> None:
    """The client puts ids into the address as they are, so one with a slash would reach another resource."""
    if not re.fullmatch(r"tr_[A-Za-z0-9]{1,64}", payment_id):
        raise PaymentNotFound("not the id of a payment", status=404)


def _translated(call: str, error: Exception) -> GatewayError:
    status = error.status if isinstance(error, ResponseError) else None
    field = error.field if isinstance(error, ResponseError) else None
    name = type(error).__name__
    log.warning("Mollie: %s failed: %s, status %s, field %s: %r", call, name, status, field, _detail(error))
    if status is None:
        return GatewayUnknownOutcome(f"{call}: no usable answer ({name})")
    text = f"{call}: answered with {status}"
    if status in (408, 429) or status >= 500:
        return GatewayUnknownOutcome(text, retry_later=status in (429, 503))
    if status in (401, 403):
        return GatewayUnauthorized(text)
    if status == 409:
        return DuplicateRefund(text) if call == _CREATE_REFUND else GatewayBusy(text)
    return _refusal(call, status, field)(text, status=status, field=field)


def _detail(error: Exception) -> str:
    """What may be logged: an unreadable answer, which can hold the payer's bank details, is cut off where its quote
    begins."""
    return redact(str(error)).partition(": '")[0][:300]


def _refusal(call: str, status: int, field: str | None) -> type[GatewayRefused]:
    if status == 400 and call in (_CREATE_PAYMENT, _CREATE_REFUND):
        return IdempotencyKeyReused
    if status == 422 and call == _CREATE_REFUND and (field or "").startswith("amount"):
        return RefundTooHigh
    if status in (404, 410) and call != _CREATE_PAYMENT:
        return PaymentNotFound
    return GatewayRefused


def _amount(cents: int) -> dict[str, str]:
    return {"currency": "EUR", "value": to_provider(cents)}


def _refund_picture(refund: Mapping[str, Any]) -> RefundPicture:
    return RefundPicture(
        id=refund["id"],
        status=refund["status"],
        amount_cents=from_provider(refund["amount"]["value"]),
        reference=_reference(refund),
    )


def _charged_back_cents(payment: Mapping[str, Any], chargebacks: list[dict[str, Any]]) -> int:
    """What was taken back and not returned: whether Mollie's own sum drops after a reversal is not documented."""
    if not chargebacks:
        return _optional_cents(payment.get("amountChargedBack"))
    standing = (chargeback for chargeback in chargebacks if not chargeback.get("reversedAt"))
    return sum(from_provider(chargeback["amount"]["value"]) for chargeback in standing)


def _optional_cents(amount: Mapping[str, str] | None) -> int:
    return from_provider(amount["value"]) if amount else 0


def _reference(thing: Mapping[str, Any]) -> str:
    """Our reference in the metadata; things made in Mollie's dashboard have other metadata or none."""
    metadata = thing.get("metadata")
    reference = metadata.get("reference") if isinstance(metadata, dict) else None
    return reference if isinstance(reference, str) else ""


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without offset")
    return moment.astimezone(UTC)
