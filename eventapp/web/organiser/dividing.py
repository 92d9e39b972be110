"""Dividing the places of an event in the back office: what each part holds, parts for some, fysiek and online apart."""

from flask import flash, render_template

from eventapp import wording
from eventapp.domain.errors import DomainError, NotFound
from eventapp.domain.events import EventForm
from eventapp.extensions import db
from eventapp.models import FORM, POOL, REST, Event, Pool
from eventapp.queries import places as places_queries
from eventapp.queries.places import Part
from eventapp.services import dividing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.dividing import FormsForm, PoolForm, fill_from
from eventapp.web.organiser.programme import is_over
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.get("/evenementen/<slug>/verdeling")
@audience(Audience.STAFF, *READERS)
def division(slug: str) -> Answer:
    """Every part with its filling."""
    event = event_or_404(slug)
    sizes = {part.ref: part.places.size for part in places_queries.parts_of(event.id) if part.kind == FORM}
    return _division_page(event, FormsForm(formdata=None, data=sizes))


@blueprint.post("/evenementen/<slug>/verdeling/vormen")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def form_places(slug: str) -> Answer:
    """How many on location and online."""
    event = event_or_404(slug)
    form = FormsForm()
    if form.validate():
        try:
            dividing.divide_forms(event.id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De plaatsen op locatie en online zijn bewaard.", "good")
            return back_to("division", slug=slug)
    return _division_page(event_or_404(slug), form), 422


@blueprint.route("/evenementen/<slug>/verdeling/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_pool(slug: str) -> Answer:
    """A part for some."""
    event = event_or_404(slug)
    form = PoolForm()
    if form.validate_on_submit():
        try:
            dividing.add_pool(event.id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De plaatsen zijn verdeeld. Wie er al was, houdt een plaats.", "good")
            return back_to("division", slug=slug)
    return _pool_page(event_or_404(slug), form, None)


@blueprint.route("/evenementen/<slug>/verdeling/<int:pool_id>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def pool(slug: str, pool_id: int) -> Answer:
    """Another size, or for others."""
    event = event_or_404(slug)
    found = _pool_or_404(event, pool_id)
    form = PoolForm(data=fill_from(found, _part(event, pool_id).places.size))
    if form.validate_on_submit():
        try:
            dividing.change_pool(pool_id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De verdeling is bewaard. Wie er al was, houdt een plaats.", "good")
            return back_to("division", slug=slug)
    return _pool_page(event_or_404(slug), form, pool_id)


@blueprint.post("/evenementen/<slug>/verdeling/<int:pool_id>/verwijdering")
@audience(Audience.STAFF, *EDITORS)
def pool_removal(slug: str, pool_id: int) -> Answer:
    """Give its places back to everybody."""
    _pool_or_404(event_or_404(slug), pool_id)
    dividing.remove_pool(pool_id, by=actor(), now=now())
    flash("Dit deel is er niet meer; de plaatsen zijn weer voor iedereen.", "good")
    return back_to("division", slug=slug)


def _division_page(event: Event, form: FormsForm) -> str:
    parts = places_queries.parts_of(event.id)
    pools = places_queries.pools_of(event.id)
    return render_template(
        "organiser/division.html",
        event=event,
        form=form,
        pools=[(found, _about(found), _named(parts, str(found.id))) for found in pools],
        rest=_named(parts, REST),
        forms=[part for part in parts if part.kind == FORM],
        hybrid=event.form == EventForm.HYBRIDE or any(part.kind == FORM for part in parts),
        over=is_over(event),
    )


def _named(parts: list[Part], ref: str) -> Part | None:
    return next((part for part in parts if part.kind == POOL and part.ref == ref), None)


def _part(event: Event, pool_id: int) -> Part:
    found = _named(places_queries.parts_of(event.id), str(pool_id))
    assert found is not None
    return found


def _about(found: Pool) -> str:
    """The categories and function groups in words."""
    rule = found.rule()
    categories = [word.lower() for code, word in wording.CATEGORIES.items() if code in rule.categories]
    groups = [word.lower() for code, word in wording.TARGET_GROUPS.items() if code in rule.function_groups]
    return ", ".join([*categories, *groups])


def _pool_or_404(event: Event, pool_id: int) -> Pool:
    found = db.session.get(Pool, pool_id)
    if found is None or found.event_id != event.id:
        raise NotFound()
    return found


def _pool_page(event: Event, form: PoolForm, pool_id: int | None) -> tuple[str, int]:
    page = render_template("organiser/pool_form.html", event=event, form=form, pool_id=pool_id)
    return page, 422 if form.errors else 200
