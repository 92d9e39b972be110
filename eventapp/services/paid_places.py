"""An invoice is paid, by bank or by hand: who waited for that money gets the place and the ticket."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Invoice, Registration
from eventapp.services import confirming, owing


def confirm(invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """Within the transaction that locked its order: once it is paid whole, everybody on it who waits is confirmed.

    Half a payment confirms nobody, and giving up an invoice of which nothing came in neither. Twice does nothing more.
    """
    db.session.flush()
    if invoice.order.on_invoice_at is None or not invoice.balance.bought:
        return
    for registration in _waiting(invoice):
        confirming.confirm(registration, by=by, now=now)


def confirm_who_owe_nothing(invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """The same once an invoice was credited by hand: who waited for it and owes nothing any more has the place.

    Nobody would ever pay for it, so it would wait without an end.
    """
    for registration in _waiting(invoice):
        if owing.owed_cents(registration) == 0:
            confirming.confirm(registration, by=by, now=now)


def _waiting(invoice: Invoice) -> list[Registration]:
    on_it = [line.registration for line in invoice.lines]
    return [one for one in on_it if one and one.state == State.AWAITING_PAYMENT]
