"""A shop for tests: an app that takes money through the real client at a real sandbox, and what came of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.links import Links
from eventapp.models import Capacity, Event, Order, OutboxMail, PaymentAttempt, Refund, Registration
from eventapp.payments.mollie import MollieGateway
from eventapp.services import paying, settling
from eventapp.services.paying import Checkout
from tests.factories import NOW, make_event, make_registration
from tests.sandbox import RunningSandbox, running_sandbox

PRICE = 9500
# Nothing listens there; the sandbox is told to send no webhooks.
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="session")
def shop_sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def shop(shop_sandbox: RunningSandbox, make_app: Callable[..., Flask]) -> Iterator["Shop"]:
    """A shop whose provider starts empty and sends no webhooks, with the app's context pushed."""
    shop_sandbox.control("reset")
    shop_sandbox.switch("no-webhooks")
    app = make_app(**settings(shop_sandbox))
    with app.app_context():
        yield Shop(app, shop_sandbox)


def settings(sandbox: RunningSandbox, base: str = NOWHERE) -> dict[str, Any]:
    """The settings of a shop that pays at this sandbox."""
    return {
        "MOLLIE_API_KEY": sandbox.api_key,
        "MOLLIE_API_ENDPOINT": sandbox.url,
        "MOLLIE_METHODS": ("ideal",),
        "PUBLIC_BASE_URL": base,
        "WTF_CSRF_ENABLED": False,
    }


@dataclass(frozen=True)
class Shop:
    """What tests of money do and look at. Everything read here is read afresh."""

    app: Flask
    sandbox: RunningSandbox

    @property
    def gateway(self) -> MollieGateway:
        return self.sandbox.gateway()

    @property
    def checkout(self) -> Checkout:
        return Checkout(("ideal",), Links(self.app.config["PUBLIC_BASE_URL"]))

    def booked(self, event: Event | None = None, **more: Any) -> int:
        """Somebody from outside holds a place until tomorrow and has to pay: the order's id."""
        values = {"state": State.AWAITING_PAYMENT, "price_cents": PRICE, "expires_at": NOW + timedelta(days=1)}
        registration = make_registration(event or make_event(), category=Category.NIET_LID, **(values | more))
        return registration.order_id

    def start(self, order_id: int, *, now: datetime = NOW, gateway: MollieGateway | None = None) -> str:
        return paying.start(order_id, gateway or self.gateway, self.checkout, now=now)

    def open_payment(self, order_id: int) -> PaymentAttempt:
        """The attempt of somebody who was sent to the checkout."""
        self.start(order_id)
        return self.attempts(order_id)[-1]

    def settle(self, attempt: PaymentAttempt, *, now: datetime = NOW, provider_id: str | None = None) -> None:
        settling.settle(attempt.id, self.gateway, now=now, provider_id=provider_id)

    def paid(self, order_id: int) -> PaymentAttempt:
        """The attempt of somebody who paid, as we learned from the provider."""
        attempt = self.open_payment(order_id)
        self.becomes(attempt, "paid")
        return self.attempts(order_id)[-1]

    def becomes(self, attempt: PaymentAttempt, status: str, *, now: datetime = NOW) -> None:
        """The payment changes at the provider, and we look."""
        self.sandbox.mark(attempt.provider_id or "", status)
        self.settle(attempt, now=now)

    def attempts(self, order_id: int) -> list[PaymentAttempt]:
        db.session.rollback()
        query = sa.select(PaymentAttempt).where(PaymentAttempt.order_id == order_id).order_by(PaymentAttempt.id)
        return list(db.session.scalars(query))

    def registration(self, order_id: int) -> Registration:
        db.session.rollback()
        return db.session.get_one(Order, order_id).registrations[0]

    def state(self, order_id: int) -> State:
        return self.registration(order_id).state

    def taken(self, event_id: int) -> int:
        db.session.rollback()
        return db.session.scalars(sa.select(Capacity.taken).where(Capacity.event_id == event_id)).one()

    def refunds(self) -> list[Refund]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(Refund).order_by(Refund.id)))

    def mails(self) -> list[str]:
        """What was mailed, in order: the kind, or for the office what it is about."""
        db.session.rollback()
        rows = db.session.execute(sa.select(OutboxMail.kind, OutboxMail.purpose).order_by(OutboxMail.id))
        return [row.purpose.split("-")[1] if row.kind == "office_notice" else row.kind for row in rows]

    def at_provider(self, path: str = "/v2/payments") -> list[dict[str, Any]]:
        """The payments at the provider, or another list of it, newest first."""
        key = {"Authorization": f"Bearer {self.sandbox.api_key}"}
        return next(iter(self.sandbox.request("GET", path, headers=key).json()["_embedded"].values()))

    def refunds_at_provider(self) -> list[tuple[str, str]]:
        """Payment and amount of every refund that the provider has."""
        return [(refund["paymentId"], refund["amount"]["value"]) for refund in self.at_provider("/v2/refunds")]
