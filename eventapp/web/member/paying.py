"""Paying an order, also by a colleague who was only sent the page to pay on."""

from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.errors import UnknownLink
from eventapp.domain.payments import ALIVE
from eventapp.domain.registrations import State
from eventapp.models import Order
from eventapp.payments.gateway import GatewayError
from eventapp.queries import orders as order_queries
from eventapp.queries.on_invoice import may_pay_on_invoice, payable
from eventapp.services import settling
from eventapp.web import money, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.visitor import made_order, remember_order


class Opened(NamedTuple):
    """An order, by the link that has every right (`whole`) or by the one that only pays."""

    order: Order
    whole: bool

    def page(self, **query: Any) -> str:
        """Where this visitor goes back to: never to a page with more rights than the link that was used."""
        if self.whole:
            return url_for("member.order", token=self.order.token, **query)
        return url_for("member.pay", pay_token=self.order.pay_token, **query)


def opened_by(token: str) -> Opened:
    """The order of either link. Refuses with UnknownLink."""
    if whole := order_queries.order_by_token(token):
        return Opened(whole, True)
    if to_pay := order_queries.order_by_pay_token(token):
        return Opened(to_pay, False)
    raise UnknownLink()


@blueprint.get("/bestelling/<pay_token>/betalen")
@audience(Audience.LINK)
def pay(pay_token: str) -> Response | str:
    """The page that may be forwarded to whoever pays: what, how much, and one button.

    The provider sends every payer back here; a browser that has the whole order goes on to that.
    """
    found = order_queries.order_by_pay_token(pay_token)
    if found is None:
        raise UnknownLink()
    paid, broken_off = "betaald" in request.args, "afgebroken" in request.args
    if (paid or broken_off) and made_order(found.token):
        return redirect(url_for("member.order", token=found.token, betaald="" if paid else None))
    attempt = order_queries.latest_attempt(found.id)
    due = payable(found)
    waiting = [r for r, _ in due if r.state == State.AWAITING_PAYMENT]
    due_cents = sum(cents for _, cents in due)
    return render_template(
        "member/pay.html",
        order=found,
        event=found.event,
        row=presenting.event_row(found.event, now=now(), url=url_for("public.event", slug=found.event.slug)),
        due_cents=due_cents,
        now_cents=attempt.amount_cents if attempt and attempt.status in ALIVE else due_cents,
        until=min((r.expires_at for r in waiting if r.expires_at), default=None),
        paid=any(r.state == State.CONFIRMED and r.price_cents for r in found.registrations),
        awaiting_proof=any(r.state == State.AWAITING_CONFIRMATION for r in found.registrations),
        invoice_possible=bool(waiting) and found.on_invoice_at is None and may_pay_on_invoice(found.event),
        checking=paid and attempt is not None and attempt.status in ALIVE,
        broken_off=broken_off,
        can_pay=money.gateway() is not None,
        failed="betaling" in request.args,
    )


@blueprint.post("/bestelling/<token>/betaling")
@audience(Audience.LINK)
def payment(token: str) -> Response:
    """Start paying, or go on with the payment that is under way. Either link of the order does."""
    opened = opened_by(token)
    if opened.whole and not made_order(token):
        remember_order(token)
    return money.to_checkout(opened.order.id, opened.page)


@blueprint.post("/bestelling/<token>/betaalcontrole")
@audience(Audience.LINK)
def payment_check(token: str) -> Response:
    """Back from the checkout: ask the provider once, then show how it stands. Either link of the order does."""
    opened = opened_by(token)
    attempt = order_queries.latest_attempt(opened.order.id)
    provider = money.gateway()
    if attempt and provider:
        try:
            settling.settle(attempt.id, provider, now=now())
        except GatewayError:
            return redirect(opened.page(betaald=""), code=303)
    after = order_queries.latest_attempt(opened.order.id)
    waiting = after is not None and after.status in ALIVE
    return redirect(opened.page(betaald="" if waiting else None), code=303)
