"""Roles for one event or circle: who has one, giving it, and taking it back; from the event and from the staff page."""

from flask import flash, render_template

from eventapp import wording
from eventapp.domain.actors import Grant, Role
from eventapp.domain.errors import DomainError
from eventapp.domain.times import local_date
from eventapp.models import Event
from eventapp.queries import office
from eventapp.queries.access import grant_lasts
from eventapp.services import granting
from eventapp.services.granting import Colleague
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.settings import RoleForm, StaffRoleForm
from eventapp.web.organiser.settings import staff_page, with_things
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.route("/evenementen/<slug>/rollen", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS, reach=Reach.HOUSE)
@checks_own_csrf
def event_roles(slug: str) -> Answer:
    """Who has a role for this event alone, and the form to give one."""
    event = event_or_404(slug)
    form = RoleForm(data={"role": Role.DEURVRIJWILLIGER.value})
    if form.validate_on_submit():
        to = Colleague(form.address.data or "", form.name.data or "")
        grant = Grant(Role(form.role.data), event_id=event.id)
        try:
            granting.give(to, grant, ends_on=form.ends_on.data, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{to.name or to.address} kan inloggen met {to.address}.", "good")
            return back_to("event_roles", slug=slug)
    return _roles_page(event_or_404(slug), form), 422 if form.errors or form.form_errors else 200


def _roles_page(event: Event, form: RoleForm) -> str:
    today = local_date(now())
    rows = office.grants_of_event(event.id)
    live = [row for row in rows if row.staff.active(today) and grant_lasts(row, event.starts_at, today)]
    return render_template("organiser/event_roles.html", event=event, form=form, rows=live)


@blueprint.post("/evenementen/<slug>/rollen/<int:grant_id>/einde")
@audience(Audience.STAFF, *EDITORS, reach=Reach.HOUSE)
def event_role_end(slug: str, grant_id: int) -> Answer:
    """Take a role for this event back at once."""
    granting.take_back(grant_id, event_id=event_or_404(slug).id, by=actor(), now=now())
    flash(wording.ROLE_ENDED, "good")
    return back_to("event_roles", slug=slug)


@blueprint.post("/instellingen/medewerkers/rollen")
@audience(Audience.STAFF, Role.BEHEERDER)
@checks_own_csrf
def staff_role() -> Answer:
    """Give somebody who has an account a role for one circle or event."""
    form = with_things(StaffRoleForm())
    if form.validate_on_submit():
        member = next(one for one in office.staff() if one.id == form.staff.data)
        to = Colleague(member.address, member.name)
        try:
            granting.give(to, form.grant, ends_on=form.until.data, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            role = wording.ROLES[form.grant.role].lower()
            flash(f"{to.name or to.address} is nu {role} voor {form.thing_words}.", "good")
            return back_to("staff")
    return staff_page(role_form=form), 422


@blueprint.post("/instellingen/medewerkers/rollen/<int:grant_id>/einde")
@audience(Audience.STAFF, Role.BEHEERDER)
def staff_role_end(grant_id: int) -> Answer:
    """Take a role for one circle or event back at once."""
    granting.take_back(grant_id, by=actor(), now=now())
    flash(wording.ROLE_ENDED, "good")
    return back_to("staff")
