"""Changing an organisation in the back office, one section of its page at a time."""

from flask import flash, render_template

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError
from eventapp.models import Organisation
from eventapp.queries.lapses import touched_by
from eventapp.services import enrolling
from eventapp.services.invoice_details import invoice_details_of, save_invoice_details
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.invoice_details import InvoiceDetailsForm
from eventapp.web.organiser.forms.organisation import (
    IdentityForm,
    MembershipForm,
    RecognitionForm,
    SectionForm,
    fill_from,
)
from eventapp.web.organiser.organisations import show_refusal
from eventapp.web.organiser.shared import Answer, actor, back_to, organisation_or_404


@blueprint.route("/organisaties/<int:organisation_id>/gegevens", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def organisation_identity(organisation_id: int) -> Answer:
    """Its name, what it is and where."""
    found = organisation_or_404(organisation_id)
    form = IdentityForm(data=fill_from(enrolling.details_of(found)))
    if form.validate_on_submit() and _saved(found, form):
        return back_to("organisation", organisation_id=organisation_id)
    return _page(found, form, "Gegevens wijzigen")


@blueprint.route("/organisaties/<int:organisation_id>/herkenning", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def organisation_recognition(organisation_id: int) -> Answer:
    """The mail domains and tenants of its people."""
    found = organisation_or_404(organisation_id)
    form = RecognitionForm(data=fill_from(enrolling.details_of(found)))
    if form.validate_on_submit() and _saved(found, form):
        return back_to("organisation", organisation_id=organisation_id)
    return _page(found, form, "Herkenning wijzigen")


@blueprint.route("/organisaties/<int:organisation_id>/lidmaatschap", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def organisation_membership(organisation_id: int) -> Answer:
    """Its periods; what takes the ground from under registrations is said first, and saved when asked once more."""
    found = organisation_or_404(organisation_id)
    form = MembershipForm(data=fill_from(enrolling.details_of(found)))
    touched = 0
    if form.validate_on_submit():
        wanted = form.apply(enrolling.details_of(found))
        touched = touched_by(found, wanted.memberships, now=now())
        if (not touched or form.touched.data == str(touched)) and _saved(found, form):
            return back_to("organisation", organisation_id=organisation_id)
        form.touched.data = str(touched)
    return _page(found, form, "Lidmaatschap wijzigen", touched=0 if form.errors else touched)


@blueprint.route("/organisaties/<int:organisation_id>/factuurgegevens", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def organisation_invoicing(organisation_id: int) -> Answer:
    """To whom and where its invoices go."""
    found = organisation_or_404(organisation_id)
    kept = invoice_details_of(found)
    form = InvoiceDetailsForm(data={**vars(kept), "seen": kept.fingerprint})
    if form.validate_on_submit():
        try:
            save_invoice_details(organisation_id, form.read(), seen=form.seen.data, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(wording.INVOICE_DETAILS_KEPT, "good")
            return back_to("organisation", organisation_id=organisation_id)
    page = render_template("organiser/organisation_invoicing.html", organisation=found, form=form)
    return page, 422 if form.errors else 200


def _saved(found: Organisation, form: SectionForm) -> bool:
    """Keep what was filled in, unless somebody else saved since the page was read; False shows why not."""
    details, name = form.apply(enrolling.details_of(found)), found.name
    try:
        enrolling.save_organisation(details, organisation_id=found.id, seen=form.seen.data, by=actor(), now=now())
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    flash(f"De wijzigingen van {name} zijn bewaard.", "good")
    return True


def _page(found: Organisation, form: SectionForm, heading: str, *, touched: int = 0) -> Answer:
    page = render_template(
        "organiser/organisation_section.html",
        organisation=found,
        form=form,
        heading=heading,
        touched=formatting.count_nl(touched, "aanmelding", "aanmeldingen") if touched else "",
    )
    return page, 422 if form.errors or touched else 200
