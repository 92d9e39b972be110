"""The payment provider, for a request: the gateway of the settings, how the shop is set, the way to the checkout."""

from collections.abc import Callable

from flask import Flask, current_app, redirect
from werkzeug.wrappers import Response

from eventapp.domain.errors import NothingToPay, PaymentUnavailable
from eventapp.domain.payments import ALIVE
from eventapp.mail.compose import links
from eventapp.payments.choose import gateway_from
from eventapp.payments.gateway import Gateway
from eventapp.payments.silence import Silence
from eventapp.queries.orders import latest_attempt
from eventapp.services import paying, settling
from eventapp.services.paying import Checkout
from eventapp.web.clock import now


def init_app(app: Flask) -> None:
    """Give the threads of this process one memory of a provider that says nothing."""
    app.extensions["provider_silence"] = Silence()


def gateway() -> Gateway | None:
    """The provider; None when no key is set."""
    silence: Silence = current_app.extensions["provider_silence"]
    return gateway_from(current_app.config, silence)


def checkout() -> Checkout:
    return Checkout(current_app.config["MOLLIE_METHODS"], links())


def ask_again(order_id: int) -> None:
    """Whether the money of an order is in by now; a provider that is silent changes nothing."""
    attempt, provider = latest_attempt(order_id), gateway()
    if attempt and provider and attempt.status in ALIVE:
        settling.look_again(attempt.id, provider, now=now())


def to_checkout(order_id: int, back: Callable[..., str]) -> Response:
    """On to the provider's checkout. When it does not answer, or there is nothing left to pay, `back` to our own page.

    `back` makes the address of that page; what it is called with is the query. Refuses with PaymentUnavailable when no
    provider is set.
    """
    provider = gateway()
    if provider is None:
        raise PaymentUnavailable()
    try:
        address = paying.start(order_id, provider, checkout(), now=now())
    except PaymentUnavailable:
        address = back(betaling="lukte-niet")
    except NothingToPay:
        address = back(betaald="")
    return redirect(address, code=303)
