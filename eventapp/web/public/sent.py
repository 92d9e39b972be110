"""After the form was sent: the address large, to be put right from the same browser; or one's link once more."""

from dataclasses import asdict
from typing import Any

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from eventapp.domain.actors import VISITOR
from eventapp.domain.addresses import likely_typo
from eventapp.domain.errors import AlreadyRegistered, DomainError, NotAdmitted, TooManyRequests
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.invoices import Buyer
from eventapp.models import Event
from eventapp.queries.membership import member_domains
from eventapp.services import correcting, own_links
from eventapp.services.bookings import Basis, Booking, Colleague, Receipt
from eventapp.services.registering import register
from eventapp.services.registering_together import register_together
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.on_invoice import can_pay
from eventapp.web.public import blueprint
from eventapp.web.public.event_page import published_event
from eventapp.web.public.forms import AddressForm
from eventapp.web.public.turned_away import event_row
from eventapp.web.visitor import visitor_key

# What is not kept in the browser: keys of one sending, and what is asked again on one's own page.
_NOT_KEPT = ("visitor_key", "submission_key", "tenant", "answers", "choices")


def book(event: Event, booking: Booking) -> Receipt:
    """Send it, by whoever fills in the form: alone or with colleagues. Refuses as those use cases do."""
    use_case = register_together if booking.colleagues else register
    return use_case(booking, by=VISITOR, now=now(), can_pay=can_pay(event))


def sent_on(event: Event, booking: Booking, receipt: Receipt | None) -> Response:
    """Remember in this browser alone what was sent, so that a mistyped address can be put right from here."""
    session["sent"] = {
        "slug": event.slug,
        "registration_id": receipt.registration_id if receipt and receipt.is_bookers else None,
        "booking": {name: value for name, value in asdict(booking).items() if name not in _NOT_KEPT},
    }
    return redirect(url_for("public.sent", slug=event.slug), code=303)


def _kept_booking(stored: dict[str, Any], address: str) -> Booking:
    """What was sent, from this browser's cookie, now with another address."""
    group = stored["function_group"]
    typed = {
        "address": address,
        "basis": Basis(stored["basis"]),
        "attends": EventForm(stored["attends"]),
        "function_group": TargetGroup(group) if group else None,
        "colleagues": tuple(Colleague(**one) for one in stored["colleagues"]),
        "invoice": Buyer(**stored["invoice"]) if stored["invoice"] else None,
    }
    return Booking(**{**stored, **typed}, visitor_key=visitor_key())


@blueprint.get("/agenda/<slug>/aanmelden/verzonden")
@audience(Audience.VISITOR)
def sent(slug: str) -> str | Response:
    """The address, large; the same page whether or not the address was known."""
    if _what_was_sent(slug) is None:
        return redirect(url_for("public.event", slug=slug), code=303)
    return _sent_page(published_event(slug), AddressForm(formdata=None))


def _what_was_sent(slug: str) -> dict[str, Any] | None:
    kept = session.get("sent")
    return kept if kept and kept["slug"] == slug else None


def _sent_page(event: Event, form: AddressForm) -> str:
    booking = session["sent"]["booking"]
    typo = likely_typo(booking["address"], member_domains())
    if typo and not form.is_submitted():
        form.email.data = typo
    return render_template(
        "public/sent.html",
        event=event,
        row=event_row(event),
        address=booking["address"],
        typo=typo,
        form=form,
        claim=booking["basis"] == Basis.CLAIM,
        together=len(booking["colleagues"]) + 1,
        waits=booking["wants_waiting"],
    )


@blueprint.post("/agenda/<slug>/aanmelden/adres")
@checks_own_csrf
@audience(Audience.VISITOR)
def sent_address(slug: str) -> Response | str | tuple[str, int]:
    """Put a mistyped address right from the browser that sent it."""
    kept = _what_was_sent(slug)
    if kept is None:
        return redirect(url_for("public.event", slug=slug), code=303)
    event = published_event(slug)
    form = AddressForm()
    if not form.validate():
        return _sent_page(event, form), 422
    if kept["registration_id"] is None:
        return _book_again(event, _kept_booking(kept["booking"], form.email.data))
    try:
        correcting.correct_address(kept["registration_id"], form.email.data, by=VISITOR, now=now())
    except AlreadyRegistered:
        pass  # The right address had this registration already; its owner was told when it was made.
    except DomainError as refusal:
        form.refuse(refusal)
        return _sent_page(event, form), 409
    kept["booking"]["address"] = form.email.data
    session.modified = True
    return redirect(url_for("public.sent", slug=slug), code=303)


def _book_again(event: Event, booking: Booking) -> Response:
    """Nothing was booked under the mistyped address, so this is a first booking under the right one."""
    try:
        receipt: Receipt | None = book(event, booking)
    except (AlreadyRegistered, NotAdmitted):
        receipt = None
    return sent_on(event, booking, receipt)


@blueprint.route("/agenda/<slug>/mijn-link", methods=["GET", "POST"])
@checks_own_csrf
@audience(Audience.VISITOR)
def my_link(slug: str) -> Response | str | tuple[str, int]:
    """Al aangemeld? The answer is the same for every address."""
    event = published_event(slug)
    form = AddressForm()
    if not form.is_submitted():
        return render_template("public/my_link.html", event=event, form=form, row=event_row(event), sent=False)
    if not form.validate():
        return render_template("public/my_link.html", event=event, form=form, row=event_row(event), sent=False), 422
    try:
        own_links.send(event.id, form.email.data, visitor_key=visitor_key(), now=now())
    except TooManyRequests as refusal:
        form.refuse(refusal)
        return render_template("public/my_link.html", event=event, form=form, row=event_row(event), sent=False), 429
    return render_template("public/my_link.html", event=event, form=form, row=event_row(event), sent=True)
