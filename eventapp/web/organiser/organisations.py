"""Organisations in the back office: the list, entering one, and everything about one."""

from flask import flash, render_template, request

from eventapp import wording
from eventapp.domain.errors import DomainError, DomainTaken, EndsBeforeStart, PeriodsOverlap, TenantTaken
from eventapp.domain.looks import PeopleList
from eventapp.domain.organisations import missing_for_recognition
from eventapp.domain.pricing import Relation
from eventapp.domain.times import local_date
from eventapp.queries import logbook
from eventapp.queries import organisations as known
from eventapp.queries.contacts import contacts_of
from eventapp.queries.merging import ORGANISATION, former_ids, forwarded
from eventapp.queries.people import named_by
from eventapp.services import enrolling
from eventapp.services.invoice_details import invoice_details_of
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.invoice_details import COUNTRIES
from eventapp.web.organiser.forms.organisation import MembershipForm, NewOrganisationForm, RecognitionForm, fill_empty
from eventapp.web.organiser.shared import Answer, actor, back_to, organisation_or_404

_SHOWN = 20


@blueprint.get("/organisaties")
@audience(Audience.STAFF, *READERS)
def organisations() -> Answer:
    """The list by name, narrowed by words and by relation."""
    relation = Relation(request.args["relatie"]) if request.args.get("relatie") in list(Relation) else None
    text = request.args.get("zoek", "").strip()[:100]
    today = local_date(now())
    return render_template(
        "organiser/organisations.html",
        organisations=known.organisations(text=text, relation=relation, on=today),
        relation=relation,
        text=text,
        today=today,
    )


@blueprint.route("/organisaties/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_organisation() -> Answer:
    """Enter an organisation."""
    form = NewOrganisationForm(data=fill_empty())
    if form.validate_on_submit():
        try:
            organisation_id = enrolling.save_organisation(form.read(), by=actor(), now=now())
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            flash("De organisatie staat erin.", "good")
            return back_to("organisation", organisation_id=organisation_id)
    return render_template("organiser/organisation_new.html", form=form), 422 if form.errors else 200


@blueprint.get("/organisaties/<int:organisation_id>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.ORGANISATION)
def organisation(organisation_id: int) -> Answer:
    """What we know of it and who comes; one that was merged leads to the one it is now."""
    if now_at := forwarded(ORGANISATION, organisation_id):
        return back_to("organisation", organisation_id=now_at)
    found = organisation_or_404(organisation_id)
    details = enrolling.details_of(found)
    today = local_date(now())
    coming = known.coming_registrations(found, now=now(), limit=_SHOWN)
    contacts, named = contacts_of(organisation_id), named_by(organisation_id)
    names_people(len(coming) + len(contacts) + len(named))
    return render_template(
        "organiser/organisation.html",
        organisation=found,
        details=details,
        invoicing=invoice_details_of(found),
        countries=COUNTRIES,
        today=today,
        missing=missing_for_recognition(details, on=today),
        counts=known.registration_counts(found, now=now()),
        coming=coming,
        limit=_SHOWN,
        contacts=contacts,
        named=named,
        log=logbook.of("organisation", organisation_id, *former_ids(ORGANISATION, organisation_id)),
    )


def show_refusal(form: DutchForm, refusal: DomainError) -> None:
    """Beside the field that it is about when there is one, else above the form."""
    if isinstance(refusal, DomainTaken) and isinstance(form, RecognitionForm):
        form.domains.errors = [wording.refusal(refusal)]
    elif isinstance(refusal, TenantTaken) and isinstance(form, RecognitionForm):
        form.tenants.errors = [wording.refusal(refusal)]
    elif isinstance(refusal, (EndsBeforeStart, PeriodsOverlap)) and isinstance(form, MembershipForm):
        form.refuse_period(refusal)
    else:
        form.refuse(refusal)
