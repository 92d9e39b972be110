"""What may a contact person see and do of the own organisation? Who comes, giving a place back, and naming people."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError, EndsBeforeStart, NotFound
from eventapp.domain.events import Window, is_public
from eventapp.domain.looks import PeopleList
from eventapp.domain.times import local_date
from eventapp.models import Event, OrganisationContact, OrganisationPerson, Person, Registration
from eventapp.queries import contacts as known
from eventapp.queries.organisation_places import free_places_of
from eventapp.queries.people import named_by
from eventapp.services import cancelling, handing_over, knowing
from eventapp.web import presenting
from eventapp.web.access import Audience, audience, current_address
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.member import blueprint
from eventapp.web.member.orders import TONES, cancel_page, may_give_back, waits_for_office
from eventapp.web.organiser.forms.person import EndForm, NewNamingForm

Answer = str | Response | tuple[str, int]


class ColleagueRow(NamedTuple):
    """One registration, every word ready; never what only the person themself or the office may know."""

    name: str
    state_word: str
    tone: str
    price: str
    registered: str
    hand_over_url: str
    cancel_url: str


class EventPart(NamedTuple):
    """One gathering with who comes; `free_places` is '' when it has no limit per organisation."""

    title: str
    url: str
    block: formatting.DayBlock
    iso: str
    when: str
    where: str
    free_places: str
    register_url: str
    rows: list[ColleagueRow]


class NamedRow(NamedTuple):
    """Somebody the organisation named; `end_url` is '' when it is over."""

    name: str
    until: str
    named_by: str
    end_url: str


@blueprint.get("/mijn/organisatie/<int:organisation_id>")
@audience(Audience.MEMBER)
@lists_people(PeopleList.ORGANISATION)
def organisation(organisation_id: int) -> str:
    """Who comes on behalf of this organisation, and whom it named."""
    contact = contact_or_404(organisation_id)
    coming, named = known.coming_of(organisation_id, now=now()), named_by(organisation_id)
    names_people(len(coming) + len(named), by=acts_as(contact))
    return render_template(
        "member/organisation.html",
        organisation=contact.organisation,
        parts=[
            _part(event, list(group), organisation_id, now=now()) for event, group in groupby(coming, lambda r: r.event)
        ],
        named=[_named(naming, now=now()) for naming in named],
        others=[role for role in _roles() if role.organisation_id != organisation_id],
    )


def _roles() -> Sequence[OrganisationContact]:
    return known.contact_roles(current_address() or "", on=local_date(now()))


def contact_or_404(organisation_id: int) -> OrganisationContact:
    """The role of who is signed in. Refuses with NotFound, so that nobody learns which organisations there are."""
    found = known.contact_of(current_address() or "", organisation_id, on=local_date(now()))
    if found is None:
        raise NotFound()
    return found


def acts_as(contact: OrganisationContact) -> Actor:
    """The contact person, by name: others read it in the log and in mails."""
    return Actor("person", _name(contact.person), contact.person_id)


def _name(person: Person) -> str:
    return formatting.full_name(person.given_name, person.infix, person.family_name) or "(gewist)"


def _part(event: Event, registrations: Sequence[Registration], organisation_id: int, *, now: datetime) -> EventPart:
    shown = is_public(event.state, event.visibility)
    open_now = event.window(now) == Window.OPEN
    return EventPart(
        title=event.title,
        url=url_for("public.event", slug=event.slug) if shown else "",
        block=formatting.day_block(event.starts_at),
        iso=formatting.iso(event.starts_at),
        when=formatting.when(event.starts_at, event.ends_at),
        where=presenting.where(event),
        free_places=_free_places(event, organisation_id),
        register_url=url_for("public.registration_form", slug=event.slug) if open_now else "",
        rows=[_row(registration, organisation_id, now=now) for registration in registrations],
    )


def _free_places(event: Event, organisation_id: int) -> str:
    """ "2 van 3 gebruikt"."""
    places = free_places_of(event, organisation_id)
    return "" if event.free_per_organisation is None else f"{places.taken} van {places.size} gebruikt"


def _row(registration: Registration, organisation_id: int, *, now: datetime) -> ColleagueRow:
    at_office = waits_for_office(registration)
    ids: dict[str, Any] = {"organisation_id": organisation_id, "registration_id": registration.id}
    may_hand_over = handing_over.may_offer(registration, now=now)
    return ColleagueRow(
        name=_name(registration.person),
        state_word=wording.AT_OFFICE if at_office else wording.STATES[registration.state],
        tone=TONES.get(registration.state, "wait"),
        price=formatting.money(registration.price_cents) if registration.price_cents else "gratis",
        registered=formatting.short_date(registration.created_at),
        hand_over_url=url_for("member.colleague_hand_over", **ids) if may_hand_over else "",
        cancel_url=url_for("member.colleague_cancellation", **ids) if may_give_back(registration, now=now) else "",
    )


def _named(naming: OrganisationPerson, *, now: datetime) -> NamedRow:
    over = naming.ends_on < local_date(now)
    end_url = url_for("member.own_naming_end", organisation_id=naming.organisation_id, naming_id=naming.id)
    return NamedRow(
        name=_name(naming.person),
        until=formatting.short_date(naming.ends_on),
        named_by=naming.named_by or "het secretariaat",
        end_url="" if over else end_url,
    )


@blueprint.route(
    "/mijn/organisatie/<int:organisation_id>/aanmeldingen/<int:registration_id>/afmelding", methods=["GET", "POST"]
)
@audience(Audience.MEMBER)
def colleague_cancellation(organisation_id: int, registration_id: int) -> Answer:
    """Give the place of a colleague back: first what happens, then the button that does it."""
    contact = contact_or_404(organisation_id)
    registration = known.registration_of(organisation_id, registration_id)
    if registration is None or registration.event.ends_at <= now():
        raise NotFound()
    if request.method == "POST":
        actor, colleague = acts_as(contact), _name(registration.person)
        cancelling.cancel_own(registration_id, by=actor, now=now(), done_by=actor.name)
        flash(f"{colleague} is afgemeld en krijgt daarover bericht.", "good")
        return redirect(url_for("member.organisation", organisation_id=organisation_id), 303)
    back = url_for("member.organisation", organisation_id=organisation_id)
    if not may_give_back(registration, now=now()):
        return redirect(back)
    return cancel_page(
        [registration], back=back, template="member/colleague_cancel.html", organisation=contact.organisation
    )


@blueprint.route("/mijn/organisatie/<int:organisation_id>/opgaven", methods=["GET", "POST"])
@audience(Audience.MEMBER)
@checks_own_csrf
def own_naming(organisation_id: int) -> Answer:
    """Name somebody who belongs here without a mail address of the organisation."""
    contact = contact_or_404(organisation_id)
    form = NewNamingForm()
    if form.validate_on_submit():
        who, actor = form.somebody(), acts_as(contact)
        try:
            knowing.name_person(organisation_id, who, until=form.last_day(), named_by=actor.name, by=actor, now=now())
        except EndsBeforeStart as refusal:
            form.until.errors = [wording.refusal(refusal)]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            shown = formatting.full_name(who.given_name, who.infix, who.family_name)
            flash(f"{shown} ({who.address}) is opgegeven, en wordt herkend zodra het adres is bevestigd.", "good")
            return redirect(url_for("member.organisation", organisation_id=organisation_id), 303)
    organisation = contact_or_404(organisation_id).organisation
    page = render_template("member/own_naming.html", organisation=organisation, form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/mijn/organisatie/<int:organisation_id>/opgaven/<int:naming_id>/einde", methods=["GET", "POST"])
@audience(Audience.MEMBER)
@checks_own_csrf
def own_naming_end(organisation_id: int, naming_id: int) -> Answer:
    """Give somebody who was named another last day."""
    contact = contact_or_404(organisation_id)
    naming = known.naming_of(organisation_id, naming_id)
    if naming is None:
        raise NotFound()
    form = EndForm(data={"last": local_date(now())})
    if form.validate_on_submit():
        try:
            knowing.end_naming(naming.person_id, naming_id, form.last_day(), by=acts_as(contact), now=now())
        except EndsBeforeStart as refusal:
            form.last.errors = [wording.refusal(refusal)]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(wording.LAST_DAY_KEPT, "good")
            return redirect(url_for("member.organisation", organisation_id=organisation_id), 303)
    page = render_template(
        "member/own_naming_end.html",
        organisation=contact_or_404(organisation_id).organisation,
        naming=known.naming_of(organisation_id, naming_id),
        form=form,
    )
    return page, 422 if form.errors else 200
