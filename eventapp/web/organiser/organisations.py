"""Organisations in the back office: the list, entering one, and everything about one."""

from flask import flash, render_template, request

from eventapp import wording
from eventapp.domain.errors import DomainError, DomainTaken, EndsBeforeStart, PeriodsOverlap
from eventapp.domain.organisations import missing_for_recognition
from eventapp.domain.pricing import Relation
from eventapp.domain.times import local_date
from eventapp.queries import organisations as known
from eventapp.queries.office_registrations import log_of
from eventapp.queries.people import named_by
from eventapp.services import enrolling
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.organisation import OrganisationForm, fill_empty, fill_from
from eventapp.web.organiser.shared import Answer, actor, back_to, organisation_or_404

_SHOWN = 50


@blueprint.get("/organisaties")
@audience(Audience.STAFF, *READERS)
def organisations() -> Answer:
    """The list by name, narrowed by words and by relation."""
    relation = Relation(request.args["relatie"]) if request.args.get("relatie") in list(Relation) else None
    text = request.args.get("zoek", "").strip()[:100]
    return render_template(
        "organiser/organisations.html",
        organisations=known.organisations(text=text, relation=relation),
        relation=relation,
        text=text,
        today=local_date(now()),
    )


@blueprint.route("/organisaties/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_organisation() -> Answer:
    """Enter an organisation."""
    form = OrganisationForm(data=fill_empty())
    if form.validate_on_submit():
        try:
            organisation_id = enrolling.save_organisation(form.read(), by=actor(), now=now())
        except DomainError as refusal:
            _show(form, refusal)
        else:
            flash("De organisatie staat erin.", "good")
            return back_to("organisation", organisation_id=organisation_id)
    return render_template("organiser/organisation_new.html", form=form), 422 if form.errors else 200


@blueprint.get("/organisaties/<int:organisation_id>")
@audience(Audience.STAFF, *READERS)
def organisation(organisation_id: int) -> Answer:
    """What we know of it, who comes, and for editors the form."""
    found = organisation_or_404(organisation_id)
    return _page(organisation_id, OrganisationForm(data=fill_from(enrolling.details_of(found))))


@blueprint.post("/organisaties/<int:organisation_id>")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def organisation_change(organisation_id: int) -> Answer:
    """Save what was changed, unless somebody else saved since the page was read."""
    organisation_or_404(organisation_id)
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            enrolling.save_organisation(
                form.read(), organisation_id=organisation_id, seen=form.seen.data, by=actor(), now=now()
            )
        except DomainError as refusal:
            _show(form, refusal)
        else:
            flash("De wijzigingen zijn bewaard.", "good")
            return back_to("organisation", organisation_id=organisation_id)
    return _page(organisation_id, form), 422


def _show(form: OrganisationForm, refusal: DomainError) -> None:
    """Beside the field that it is about when there is one, else above the form."""
    if isinstance(refusal, DomainTaken):
        form.domains.errors = [wording.refusal(refusal)]
    elif isinstance(refusal, (EndsBeforeStart, PeriodsOverlap)):
        form.refuse_period(refusal)
    else:
        form.refuse(refusal)


def _page(organisation_id: int, form: OrganisationForm) -> str:
    found = organisation_or_404(organisation_id)
    details = enrolling.details_of(found)
    today = local_date(now())
    return render_template(
        "organiser/organisation.html",
        organisation=found,
        details=details,
        today=today,
        missing=missing_for_recognition(details, on=today),
        form=form,
        registered=known.registrations_count(found),
        coming=known.coming_registrations(found, now=now(), limit=_SHOWN),
        limit=_SHOWN,
        named=named_by(organisation_id),
        log=log_of("organisation", organisation_id),
    )
