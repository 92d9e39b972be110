"""Paying on an invoice, chosen in the form: is it offered, and for whom is the invoice?"""

from flask import render_template

from eventapp.models import Event
from eventapp.queries.membership import organisation_of
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.services import organisation_places
from eventapp.services.bookings import Basis, Booking
from eventapp.services.invoice_details import invoice_details_of
from eventapp.web.on_invoice import OnInvoiceForm
from eventapp.web.public.forms import RegistrationForm
from eventapp.web.public.grounds import Ground
from eventapp.web.public.together import Company
from eventapp.web.public.turned_away import event_row


def due_cents(event: Event, ground: Ground, found: Company | None) -> int:
    """What everybody of the form costs, as far as is known before the address is proven."""
    if found:
        return found.total_cents
    beyond = organisation_places.beyond_at(event, ground.price) if ground.price else None
    price = beyond.entitlement if beyond else ground.price
    return price.price_cents if price else 0


def offered(event: Event, booking: Booking, cents: int) -> bool:
    """Whether the form offers an invoice: not for what is free, or may never be asked."""
    sure = booking.basis != Basis.CLAIM and not booking.wants_waiting
    return cents > 0 and sure and may_pay_on_invoice(event)


def form_for(booking: Booking) -> OnInvoiceForm:
    """Empty: the address is not proven yet, and what we know of its organisation is not for everybody to read."""
    organisation = organisation_of(booking.address)
    known = invoice_details_of(organisation) if organisation else None
    return OnInvoiceForm.ask(address_known=bool(known and known.street and known.postcode and known.city))


def page(event: Event, form: RegistrationForm, invoice: OnInvoiceForm, cents: int) -> tuple[str, int]:
    """The fields of the invoice, with everything that was filled in before carried along."""
    row = event_row(event)
    html = render_template(
        "public/register_invoice.html", event=event, form=form, invoice=invoice, row=row, cents=cents
    )
    return html, 422 if invoice.errors else 200
