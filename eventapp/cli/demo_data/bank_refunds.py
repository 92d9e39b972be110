"""Bank money of the demo: what came in on an invoice, and where it may go back to."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor, Role
from eventapp.domain.invoices import InvoiceKind, MatchSource
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Invoice, Order
from eventapp.services import matching, paying_back

_TREASURER = Actor("staff", "Pim Penning", None, frozenset({Role.PENNINGMEESTER}))
# From the documentation of a bank: nobody's account.
_IBAN = "NL20 INGB 0001 2345 67"


def receive(address: str, cents: int, *, now: datetime) -> None:
    """The invoice of whoever booked with this address is paid by bank."""
    of_order = sa.select(Invoice.id).join(Order).where(Order.address == address, Invoice.kind == InvoiceKind.INVOICE)
    invoice_id, on = db.session.scalars(of_order).one(), local_date(now)
    line = f"{on:%d-%m-%Y} Gemeente Polderdam"
    source = MatchSource.BANK
    matching.match(invoice_id, cents, received_on=on, bank_line=line, source=source, by=_TREASURER, now=now)


def give_account(address: str, *, now: datetime) -> None:
    """Whoever booked says to which account the money may come."""
    order = db.session.scalars(sa.select(Order).where(Order.address == address)).one()
    by = Actor("person", address, order.booker_id)
    paying_back.give_details(order.id, _IBAN, "Gemeente Polderdam", by=by, now=now)
