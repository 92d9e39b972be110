"""Toch op factuur: whoever booked, or whoever was sent the page to pay on, says whom the invoice is for."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import DomainError, NothingToPay
from eventapp.domain.invoices import Buyer
from eventapp.domain.registrations import State
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.services import choosing_invoice, drafting
from eventapp.web import money, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.member.orders import booker_of
from eventapp.web.member.paying import Opened, opened_by
from eventapp.web.on_invoice import OnInvoiceForm


@blueprint.route("/bestelling/<token>/factuur", methods=["GET", "POST"])
@audience(Audience.LINK)
def on_invoice(token: str) -> Response | str | tuple[str, int]:
    """What the invoice has to say. Who may only pay sees nothing of what we know of the organisation."""
    opened = opened_by(token)
    order, event = opened.order, opened.order.event
    due = [r for r in order.registrations if r.state == State.AWAITING_PAYMENT and r.price_cents]
    if order.on_invoice_at or not due or not may_pay_on_invoice(event):
        return redirect(opened.page(), code=303)
    form = _form(opened)
    if form.was_sent and form.validate():
        by = booker_of(order) if opened.whole else VISITOR
        try:
            choosing_invoice.choose(order.id, form.buyer(Buyer()), money.gateway(), by=by, now=now())
        except NothingToPay:
            return redirect(opened.page(), code=303)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(opened.page(), code=303)
    page = render_template(
        "member/on_invoice.html",
        event=event,
        row=presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug)),
        form=form,
        back=opened.page(),
        cents=sum(registration.price_cents for registration in due),
        people=due,
    )
    return page, 422 if form.errors else 200


def _form(opened: Opened) -> OnInvoiceForm:
    """Filled in with what we know only for who proved to be the one that booked."""
    known = drafting.buyer_of(opened.order)
    proven = opened.whole and opened.order.proven_at is not None
    return OnInvoiceForm.ask(shown=known if proven else None, address_known=known.postal)
