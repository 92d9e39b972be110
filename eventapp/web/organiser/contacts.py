"""Contact persons of an organisation: making somebody one, and ending that."""

from flask import flash, render_template

from eventapp import wording
from eventapp.domain.errors import DomainError, EndsBeforeStart, NotFound
from eventapp.domain.times import local_date
from eventapp.formatting import full_name
from eventapp.queries.contacts import contacts_of
from eventapp.services import contacts
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.linking import ContactForm
from eventapp.web.organiser.forms.person import EndForm
from eventapp.web.organiser.shared import Answer, actor, back_to, organisation_or_404


@blueprint.route("/organisaties/<int:organisation_id>/contactpersonen", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_contact(organisation_id: int) -> Answer:
    """Make somebody contact person."""
    form = ContactForm(data={"first": local_date(now())})
    if form.validate_on_submit():
        who = form.somebody()
        try:
            contacts.add_contact(
                organisation_id,
                who,
                first=form.first_day(),
                receives_invoices=bool(form.receives_invoices.data),
                by=actor(),
                now=now(),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            shown = full_name(who.given_name, who.infix, who.family_name)
            flash(f"{shown} is contactpersoon, en kan inloggen met {who.address}.", "good")
            return back_to("organisation", organisation_id=organisation_id)
    page = render_template("organiser/contact_new.html", organisation=organisation_or_404(organisation_id), form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/organisaties/<int:organisation_id>/contactpersonen/<int:contact_id>/einde", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def contact_end(organisation_id: int, contact_id: int) -> Answer:
    """Give a contact person a last day."""
    form = EndForm(data={"last": local_date(now())})
    if form.validate_on_submit():
        try:
            contacts.end_contact(organisation_id, contact_id, form.last_day(), by=actor(), now=now())
        except NotFound:
            raise
        except EndsBeforeStart as refusal:
            form.last.errors = [*form.last.errors, wording.refusal(refusal)]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(wording.LAST_DAY_KEPT, "good")
            return back_to("organisation", organisation_id=organisation_id)
    contact = next((one for one in contacts_of(organisation_id) if one.id == contact_id), None)
    if contact is None:
        raise NotFound()
    page = render_template(
        "organiser/contact_end.html",
        organisation=organisation_or_404(organisation_id),
        contact=contact,
        form=form,
        today=local_date(now()),
    )
    return page, 422 if form.errors else 200
