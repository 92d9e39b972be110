"""What an invoice says is completed while it is a draft, and afterwards credited or made anew."""

from flask import flash, render_template

from eventapp import formatting, wording
from eventapp.domain.errors import ChangedMeanwhile, CreditTooHigh, DomainError, NothingToCredit
from eventapp.domain.invoices import Buyer
from eventapp.services import crediting, invoicing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.forms.invoice import BuyerForm, CreditForm, ReissueForm
from eventapp.web.organiser.invoices import invoice_or_404
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.route("/geld/facturen/<int:invoice_id>/gegevens", methods=["GET", "POST"])
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def invoice_buyer(invoice_id: int) -> Answer:
    """Complete a draft for whoever booked."""
    found = invoice_or_404(invoice_id)
    before = found.details
    form = BuyerForm(data=_filled(before))
    if form.validate_on_submit():
        try:
            invoicing.complete(found.token, form.buyer(before), seen=form.seen.data, by=actor(), now=now())
        except ChangedMeanwhile as refusal:
            form.refuse(refusal)
        else:
            flash(wording.INVOICE_DETAILS_KEPT, "good")
            return back_to("invoice", invoice_id=invoice_id)
    page = render_template("organiser/invoice_buyer.html", invoice=found, form=form, reissue=False)
    return page, 422 if form.errors else 200


@blueprint.route("/geld/facturen/<int:invoice_id>/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def invoice_reissue(invoice_id: int) -> Answer:
    """Credit it and issue it anew with another reference or name, in one click."""
    found = invoice_or_404(invoice_id)
    before = found.details
    form = ReissueForm(data=_filled(before))
    if form.validate_on_submit():
        try:
            new = crediting.new_reference(
                invoice_id, form.buyer(before), reason=form.reason.data, by=actor(), now=now()
            )
        except NothingToCredit as refusal:
            form.refuse(refusal)
        else:
            flash(f"Gecrediteerd en opnieuw gemaakt als {new.number}.", "good")
            return back_to("invoice", invoice_id=new.id)
    page = render_template("organiser/invoice_buyer.html", invoice=found, form=form, reissue=True)
    return page, 422 if form.errors else 200


def _filled(buyer: Buyer) -> dict[str, str]:
    return {**vars(buyer), "seen": buyer.fingerprint}


@blueprint.route("/geld/facturen/<int:invoice_id>/creditering", methods=["GET", "POST"])
@audience(Audience.STAFF, *MONEY)
@checks_own_csrf
def invoice_credit(invoice_id: int) -> Answer:
    """Credit it, in whole or by line."""
    found = invoice_or_404(invoice_id)
    left = {line_id: cents for line_id, cents in crediting.left_cents(found).items() if cents}
    form = CreditForm.asking({line.id: line.detail for line in found.lines if line.id in left}, left)
    if form.validate_on_submit():
        try:
            made = crediting.credit(invoice_id, form.typed, reason=form.reason.data, by=actor(), now=now())
        except CreditTooHigh as refusal:
            most = formatting.money(refusal.facts["left_cents"])
            form.form_errors = [f"{wording.refusal(refusal)} Hooguit {most}."]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"Creditfactuur {made.number} is gemaakt.", "good")
            return back_to("invoice", invoice_id=invoice_id)
    page = render_template("organiser/invoice_credit.html", invoice=found, form=form, left=left)
    return page, 422 if form.errors else 200
