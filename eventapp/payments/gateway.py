"""What do we need from a payment provider, in our own words? Nothing here knows which provider it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol


@dataclass(frozen=True)
class NewPayment:
    """A payment to ask for. Every address is absolute; `reference` and `idempotency_key` are stored before the call."""

    amount_cents: int
    description: str
    redirect_url: str
    webhook_url: str
    cancel_url: str
    methods: tuple[str, ...]
    reference: str
    idempotency_key: str

    def __post_init__(self) -> None:
        if self.amount_cents <= 0:
            raise ValueError("a payment of nothing is not asked for")
        if not self.methods:
            raise ValueError("without methods a bank transfer could hold the place for twelve days")


class RefundPicture(NamedTuple):
    """A refund as the provider sees it now; `reference` is empty for one that we did not ask for."""

    id: str
    status: str
    amount_cents: int
    reference: str


class PaymentPicture(NamedTuple):
    """A payment as the provider saw it when asked; pictures can cross, so a later one may be the older.

    `status` and `method` may be words we do not know. `reference` is empty when the provider has none of ours.
    `checkout_url` is None once there is nothing left to pay. Times are aware UTC. `refunded_cents` leaves out refunds
    that failed, `charged_back_cents` leaves out chargebacks that were reversed.
    """

    id: str
    status: str
    mode: str
    amount_cents: int
    currency: str
    reference: str
    checkout_url: str | None
    method: str | None
    expires_at: datetime | None
    paid_at: datetime | None
    refunded_cents: int
    charged_back_cents: int
    refunds: tuple[RefundPicture, ...]


class PaymentMethod(NamedTuple):
    """A way to pay, with the name the provider shows to people."""

    id: str
    description: str


class Gateway(Protocol):
    """The calls we make. Each may raise any GatewayError; the ones named here need an answer of their own."""

    @property
    def mode(self) -> str:
        """The world of our key, "test" or "live": what a picture must say before we believe it."""

    def create_payment(self, new: NewPayment) -> PaymentPicture:
        """Ask for a payment; the same key and content within the hour give the same payment.

        Raises GatewayBusy (repeat with the same key), IdempotencyKeyReused (our mistake: take a new key).
        """

    def fetch_payment(self, payment_id: str) -> PaymentPicture:
        """The payment as it is now, with all its refunds. Raises PaymentNotFound, also for an id of the wrong form."""

    def cancel_payment(self, payment_id: str) -> PaymentPicture:
        """Ask to cancel, and show how it stands afterwards: it may well still be open. Raises PaymentNotFound."""

    def create_refund(
        self, payment_id: str, *, amount_cents: int, description: str, reference: str, idempotency_key: str
    ) -> RefundPicture:
        """Send money back; the same key within the hour sends it once.

        Raises DuplicateRefund (queue it for an hour later), RefundTooHigh (recompute what remains), PaymentNotFound.
        """

    def list_refunds(self, payment_id: str) -> list[RefundPicture]:
        """Every refund of the payment, in whatever state. Raises PaymentNotFound."""

    def methods(self, amount_cents: int) -> list[PaymentMethod]:
        """The ways to pay this amount that are switched on at the provider."""


class GatewayError(Exception):
    """A call that did not do what we asked. Its text holds no key and nothing the provider wrote: it may be logged."""


class GatewayUnknownOutcome(GatewayError):
    """Time-out, broken connection, 429, 5xx or an unreadable answer: it may or may not have happened.

    Repeat with the same idempotency key; `retry_later` says that the provider asked for some rest first.
    """

    def __init__(self, text: str, *, retry_later: bool = False) -> None:
        super().__init__(text)
        self.retry_later = retry_later


class GatewayUnauthorized(GatewayError):
    """The key is refused: for the administrator, not for the visitor."""


class GatewayRefused(GatewayError):
    """Understood and refused; repeating it is no use. `field` names the wrong field where the provider did."""

    def __init__(self, text: str, *, status: int, field: str | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.field = field


class PaymentNotFound(GatewayRefused):
    """The provider knows no such payment, or none in the world (test or live) of our key."""


class IdempotencyKeyReused(GatewayRefused):
    """Our key was used for another request before: a mistake of ours, answered with a new attempt and a new key."""


class RefundTooHigh(GatewayRefused):
    """More than what remains of the payment."""


class GatewayBusy(GatewayError):
    """The first call with this key is still under way: wait a moment and repeat with the same key."""


class DuplicateRefund(GatewayError):
    """The same amount was refunded on this payment within the hour, or that refund is still under way."""
