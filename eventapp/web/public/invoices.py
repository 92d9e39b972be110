"""The page of one invoice by its link: complete it until it is issued, download it afterwards, and nothing more."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import AlreadyIssued, DomainError, NotFound, UnknownLink
from eventapp.domain.invoices import InvoiceKind, completing_ends
from eventapp.domain.times import local_date
from eventapp.models import Invoice
from eventapp.queries.invoices import invoice_by_token
from eventapp.queries.on_invoice import payable
from eventapp.services import drafting, invoicing
from eventapp.web import money
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.invoices import paper_of
from eventapp.web.organiser.forms.invoice import BuyerForm
from eventapp.web.public import blueprint


def _invoice(token: str) -> Invoice:
    found = invoice_by_token(token)
    if found is None:
        raise UnknownLink()
    return found


_TOO_LATE = "De factuur was net gemaakt: wat u invulde, staat er niet op."


@blueprint.route("/factuur/<token>", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def invoice(token: str) -> Response | str | tuple[str, int]:
    """What it has to say, to be filled in until its day has come; then where it stands."""
    found = _invoice(token)
    if found.number is not None:
        if request.method == "POST":
            flash(_TOO_LATE, "wait")
        return _issued(found)
    before = found.details
    form = BuyerForm(data={**vars(before), "seen": before.fingerprint})
    if form.validate_on_submit():
        try:
            invoicing.complete(token, form.buyer(before), seen=form.seen.data, by=VISITOR, now=now())
        except AlreadyIssued:
            flash(_TOO_LATE, "wait")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De gegevens zijn bewaard en komen zo op de factuur.", "good")
        if not form.errors:
            return redirect(url_for("public.invoice", token=token), code=303)
    order = found.order
    cents = sum(open_cents for _, open_cents in drafting.open_places(order))
    until = completing_ends(found.issue_on, drafted_at=found.created_at, on_invoice=order.on_invoice_at is not None)
    page = render_template(
        "public/invoice.html",
        until=until,
        soon=until is not None and until <= now(),
        today=until is not None and local_date(until) == local_date(now()),
        event=order.event,
        form=form,
        amount_cents=cents,
    )
    return page, 422 if form.errors else 200


def _issued(found: Invoice) -> str:
    return render_template(
        "public/invoice_issued.html",
        invoice=found,
        event=found.order.event,
        buyer=found.details,
        state=found.state,
        balance=found.balance,
        is_credit=found.kind == InvoiceKind.CREDIT,
        iban=found.snapshot["seller"]["iban"],
        pay_token=_pay_token(found),
    )


def _pay_token(found: Invoice) -> str:
    """Of the page on which this invoice can be paid online as well; empty when it cannot."""
    chosen = found.order.on_invoice_at is not None and found.balance.open_cents > 0
    return found.order.pay_token if chosen and money.gateway() and payable(found.order) else ""


@blueprint.get("/factuur/<token>.<any(pdf, xml):extension>")
@audience(Audience.LINK)
def invoice_paper(token: str, extension: str) -> Response:
    """The paper itself, as it was drawn once."""
    try:
        return paper_of(_invoice(token), extension)
    except NotFound as error:
        raise UnknownLink() from error
