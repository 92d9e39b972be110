"""On what a person stands besides the mail domain: statuses of their own, and organisations that named them."""

from collections.abc import Callable
from datetime import date
from functools import partial

from flask import flash, render_template, url_for

from eventapp import wording
from eventapp.domain.errors import DomainError, EndsBeforeStart, NotFound
from eventapp.domain.times import local_date
from eventapp.formatting import full_name
from eventapp.queries import people as known
from eventapp.services import knowing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.organisation import DayField
from eventapp.web.organiser.forms.person import EndForm, NamingForm, NewNamingForm, StatusForm
from eventapp.web.organiser.people import PersonForms, person_or_404, person_page
from eventapp.web.organiser.shared import Answer, actor, back_to, organisation_or_404


@blueprint.post("/mensen/<int:person_id>/statussen")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def person_statuses(person_id: int) -> Answer:
    """Give a status."""
    form = StatusForm()
    if form.validate_on_submit():
        give = partial(knowing.add_status, person_id, form.status, form.period(), region=form.region.data)
        if _done(form, form.ends_on, partial(give, by=actor(), now=now())):
            flash("De status is bewaard.", "good")
            return back_to("person", person_id=person_id)
    return person_page(person_id, PersonForms(status=form)), 422


@blueprint.post("/mensen/<int:person_id>/opgaven")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def person_namings(person_id: int) -> Answer:
    """Name somebody whom we know for an organisation."""
    person_or_404(person_id)
    form = NamingForm()
    form.offer(known.organisations_to_choose())
    if form.validate_on_submit():
        name = partial(knowing.name_person, form.organisation_id.data, person_id, until=form.last_day())
        if _done(form, form.until, partial(name, by=actor(), now=now())):
            flash("De opgave is bewaard.", "good")
            return back_to("person", person_id=person_id)
    return person_page(person_id, PersonForms(naming=form)), 422


@blueprint.route("/organisaties/<int:organisation_id>/opgave", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def organisation_naming(organisation_id: int) -> Answer:
    """Name somebody whom we may not know yet for this organisation."""
    form = NewNamingForm()
    if form.validate_on_submit():
        who = form.somebody()
        name = partial(knowing.name_person, organisation_id, who, until=form.last_day())
        if _done(form, form.until, partial(name, by=actor(), now=now())):
            shown = full_name(who.given_name, who.infix, who.family_name)
            flash(f"{shown} is opgegeven, en wordt herkend zodra het adres is bevestigd.", "good")
            return back_to("organisation", organisation_id=organisation_id)
    page = render_template(
        "organiser/organisation_naming.html", organisation=organisation_or_404(organisation_id), form=form
    )
    return page, 422 if form.errors else 200


@blueprint.route("/mensen/<int:person_id>/statussen/<int:status_id>/einde", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def status_end(person_id: int, status_id: int) -> Answer:
    """Give a status its last day."""
    form = EndForm(data={"last": local_date(now())})
    if form.validate_on_submit():
        end = partial(knowing.end_status, person_id, status_id, form.last_day(), by=actor(), now=now())
        if _done(form, form.last, end):
            return _ended(person_id, form.last_day())
    found = person_or_404(person_id)
    status = next((status for status in found.statuses if status.id == status_id), None)
    if status is None:
        raise NotFound()
    page = render_template(
        "organiser/person_end.html",
        person=found,
        form=form,
        period=status.period,
        today=local_date(now()),
        title=f"Status {wording.CATEGORIES[status.category].lower()} beëindigen",
        action=url_for("organiser.status_end", person_id=person_id, status_id=status_id),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/mensen/<int:person_id>/opgaven/<int:naming_id>/einde", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def naming_end(person_id: int, naming_id: int) -> Answer:
    """Give a naming another last day."""
    form = EndForm(data={"last": local_date(now())})
    if form.validate_on_submit():
        end = partial(knowing.end_naming, person_id, naming_id, form.last_day(), by=actor(), now=now())
        if _done(form, form.last, end):
            return _ended(person_id, form.last_day())
    naming = next((naming for naming in known.namings_of(person_id) if naming.id == naming_id), None)
    if naming is None:
        raise NotFound()
    page = render_template(
        "organiser/person_end.html",
        person=person_or_404(person_id),
        form=form,
        period=naming.period,
        today=local_date(now()),
        title=f"Opgave door {naming.organisation.name} beëindigen",
        action=url_for("organiser.naming_end", person_id=person_id, naming_id=naming_id),
    )
    return page, 422 if form.errors else 200


def _done(form: DutchForm, last: DayField, act: Callable[[], object]) -> bool:
    """Whether it was done; a refusal stands beside the last day when it is about that, else above the form."""
    try:
        act()
    except NotFound:
        raise
    except EndsBeforeStart as refusal:
        last.errors = [*last.errors, wording.refusal(refusal)]
    except DomainError as refusal:
        form.refuse(refusal)
    else:
        return True
    return False


def _ended(person_id: int, last: date) -> Answer:
    over = last < local_date(now())
    flash("De periode is beëindigd." if over else wording.LAST_DAY_KEPT, "good")
    return back_to("person", person_id=person_id)
