"""An invoice is paid, by bank or by hand: who waited for that money gets the place and the ticket."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Invoice
from eventapp.services import confirming


def confirm(invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """Within the transaction that locked its order: once it is paid whole, everybody on it who waits is confirmed.

    Half a payment confirms nobody, and giving up an invoice of which nothing came in neither. Twice does nothing more.
    """
    db.session.flush()
    if invoice.order.on_invoice_at is None or not invoice.balance.bought:
        return
    for registration in [line.registration for line in invoice.lines]:
        if registration and registration.state == State.AWAITING_PAYMENT:
            confirming.confirm(registration, by=by, now=now)
