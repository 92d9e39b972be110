"""Settings: the association's data, accounts of staff, and tokens of programs."""

from dataclasses import asdict

from flask import flash, render_template
from markupsafe import escape

from eventapp.domain.actors import Role, Scope
from eventapp.domain.errors import NotAllowed
from eventapp.domain.events import EventKind
from eventapp.domain.times import local_date
from eventapp.mail.compose import links
from eventapp.queries import agenda as agenda_queries
from eventapp.queries import office
from eventapp.queries.access import grant_lasts
from eventapp.queries.association import load_association
from eventapp.queries.circles import office_circles
from eventapp.queries.events import AgendaFilter
from eventapp.services import housekeeping
from eventapp.web import current_association
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import blueprint
from eventapp.web.organiser.forms.settings import (
    GROUPS,
    SCOPE_WORDS,
    AssociationForm,
    StaffForm,
    StaffRoleForm,
    TokenForm,
)
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.route("/instellingen", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.BEHEERDER)
@checks_own_csrf
def settings() -> Answer:
    """The association's data."""
    form = AssociationForm(data=asdict(load_association()))
    if form.validate_on_submit():
        values = {name: form[name].data for _, _, names in GROUPS for name in names}
        housekeeping.save_association(values, by=actor(), now=now())
        flash("De instellingen zijn bewaard.", "good")
        return back_to("settings")
    return render_template("organiser/settings.html", form=form, groups=GROUPS), 422 if form.errors else 200


@blueprint.route("/instellingen/medewerkers", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.BEHEERDER)
@checks_own_csrf
def staff() -> Answer:
    """Who has an account, and the form to give somebody one or another role."""
    form = StaffForm(data={"role": Role.SECRETARIAAT.value})
    if form.validate_on_submit():
        try:
            housekeeping.add_staff(
                form.address.data or "",
                name=form.name.data or "",
                role=Role(form.role.data) if form.role.data else None,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                by=actor(),
                now=now(),
            )
        except NotAllowed:
            form.address.errors = ["Uw eigen account kunt u niet wijzigen; vraag een andere beheerder."]
        else:
            flash(f"{form.name.data} kan inloggen met {form.address.data}.", "good")
            return back_to("staff")
    return staff_page(form), 422 if form.errors else 200


def staff_page(form: StaffForm | None = None, role_form: StaffRoleForm | None = None) -> str:
    """The accounts with their roles, and both forms; one that is not given stands as nobody filled it in."""
    today = local_date(now())
    given = office.grants()
    for rows in given.values():
        rows[:] = [row for row in rows if grant_lasts(row.grant, row.at, today)]
    return render_template(
        "organiser/staff.html",
        form=form or StaffForm(formdata=None, data={"role": Role.SECRETARIAAT.value}),
        role_form=role_form or with_things(StaffRoleForm(formdata=None)),
        staff=office.staff(),
        given=given,
        today=today,
        own_id=actor().id,
    )


def with_things(form: StaffRoleForm) -> StaffRoleForm:
    """The form to give a role for one circle or event, with what there is to choose from."""
    today = local_date(now())
    circles = [one for one in office_circles() if one.ended_at is None]
    members = [one for one in office.staff() if one.active(today)]
    form.offer(members, circles, [*office.coming_events(now=now()), *office.draft_events()])
    return form


@blueprint.post("/instellingen/medewerkers/<int:staff_id>/einde")
@audience(Audience.STAFF, Role.BEHEERDER)
def staff_end(staff_id: int) -> Answer:
    """End an account at once."""
    housekeeping.end_staff(staff_id, by=actor(), now=now())
    flash("Het account is beëindigd en overal uitgelogd.", "good")
    return back_to("staff")


@blueprint.get("/instellingen/koppelingen")
@audience(Audience.STAFF, Role.BEHEERDER)
def tokens() -> Answer:
    """Programs that may use the API."""
    return _tokens_page(TokenForm())


@blueprint.post("/instellingen/koppelingen")
@audience(Audience.STAFF, Role.BEHEERDER)
@checks_own_csrf
def new_token() -> Answer:
    """Make a token. Its secret is shown in this answer and never again, so there is no redirect after it."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _tokens_page(form), 422
    scopes = [Scope(scope) for scope in form.scopes.data or ()]
    secret = housekeeping.make_api_token(
        form.name.data or "", scopes, last_day=form.last_day.data, by=actor(), now=now()
    )
    return render_template("organiser/token_shown.html", name=form.name.data, secret=secret)


@blueprint.post("/instellingen/koppelingen/<int:token_id>/einde")
@audience(Audience.STAFF, Role.BEHEERDER)
def token_end(token_id: int) -> Answer:
    """Close a token at once."""
    housekeeping.revoke_api_token(token_id, by=actor(), now=now())
    flash("De koppeling is afgesloten.", "good")
    return back_to("tokens")


def _tokens_page(form: TokenForm) -> str:
    return render_template("organiser/tokens.html", form=form, tokens=office.api_tokens(), words=SCOPE_WORDS, now=now())


@blueprint.get("/instellingen/website")
@audience(Audience.STAFF, Role.BEHEERDER)
def embedding() -> Answer:
    """The lines with which the agenda, a part of it or one event stands on another site."""
    coming = next(iter(agenda_queries.agenda(AgendaFilter(), now=now())), None)
    event = (coming.slug, coming.title) if coming else ("adres-van-de-bijeenkomst", "Titel van de bijeenkomst")
    return render_template(
        "organiser/embedding.html",
        sites=current_association().embedding_sites,
        whole=_pasted(links().agenda(), "Onze agenda", ' data-aantal="5"'),
        part=_pasted(f"{links().agenda()}?soort={EventKind.KENNISKRING}", "Onze kenniskringen"),
        one=_pasted(links().event(event[0]), event[1]),
    )


def _pasted(address: str, words: str, more: str = "") -> str:
    script = f'<script src="{links().base}/embed/agenda.js" async></script>'
    return f'<div class="agenda-embed"{more}><a href="{address}">{escape(words)}</a></div>\n{script}'
