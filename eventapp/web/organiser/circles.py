"""Circles at the office: the list, one circle with its people and meetings, and what a coordinator decides."""

from flask import flash, render_template
from werkzeug.wrappers import Response

from eventapp.domain.actors import Actor, Role
from eventapp.domain.errors import DomainError, EndsBeforeStart, NotAllowed, NotFound, NotPublishable
from eventapp.domain.events import EventState
from eventapp.domain.looks import PeopleList
from eventapp.domain.times import local_date
from eventapp.models import Circle, CircleMember, Event
from eventapp.queries import circles as circle_queries
from eventapp.queries import logbook, office, organisations
from eventapp.queries.mailings import mailings
from eventapp.services import circle_joining, circle_members, circle_series, circles
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import ACCOUNT, EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.circles import CircleForm, CircleMemberForm, circle_data
from eventapp.web.organiser.forms.person import EndForm
from eventapp.web.organiser.shared import Answer, actor, back_to

# Who acts for a circle: the office for all of them, a kringcoordinator for the own ones.
RUNNERS = (*EDITORS, Role.KRINGCOORDINATOR)


def may_run(circle_id: int, who: Actor) -> bool:
    """Whether somebody may change who is in this circle."""
    return who.has(*EDITORS) or circle_id in who.circles


def may_settle(event: Event, who: Actor) -> bool:
    """Whether somebody may say who was there: the office, and who runs the circle of which it is a meeting."""
    return who.has(*EDITORS) or (event.circle_id is not None and may_run(event.circle_id, who))


def circle_or_404(slug: str) -> Circle:
    """The circle, if this member of staff may see it. Refuses with NotFound, or NotAllowed for another's circle."""
    found = circle_queries.circle_by_slug(slug)
    if found is None:
        raise NotFound()
    if not sees(found.id, actor()):
        raise NotAllowed()
    return found


def sees(circle_id: int, who: Actor) -> bool:
    """Whether a circle is there for this member of staff."""
    own = own_circles(who)
    return own is None or circle_id in own


def own_circles(who: Actor) -> frozenset[int] | None:
    """The circles that are there for them; None means all. Kringcoordinator in general has only those of one's own."""
    if who.has_everywhere(*ACCOUNT):
        return None
    return frozenset(grant.circle_id for grant in who.grants if grant.circle_id is not None)


def run_or_refuse(slug: str) -> Circle:
    """The same, for who changes something."""
    found = circle_or_404(slug)
    if not may_run(found.id, actor()):
        raise NotAllowed()
    return found


@blueprint.get("/kringen")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
def circles_list() -> str:
    """Every circle with how many are in it; of a kringcoordinator the own ones."""
    found = circle_queries.office_circles(own_circles(actor()))
    ids = [one.id for one in found]
    counts, requests = circle_queries.headcounts(ids, local_date(now())), circle_queries.requests_in(ids)
    coming = circle_queries.next_meetings(ids, now=now())
    rows = [(one, counts.get(one.id, 0), requests.get(one.id, 0), coming.get(one.id)) for one in found]
    return render_template("organiser/circles.html", rows=rows)


@blueprint.route("/kringen/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_circle() -> Answer:
    form = _circle_form()
    if form.validate_on_submit():
        try:
            slug = circles.add_circle(form.details(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De kring is gemaakt. Plan nu de bijeenkomsten.", "good")
            return back_to("circle", slug=slug)
    return render_template("organiser/circle_form.html", form=form, circle=None), 422 if form.errors else 200


@blueprint.route("/kringen/<slug>/bewerken", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def circle_editing(slug: str) -> Answer:
    found = circle_or_404(slug)
    form = _circle_form({**circle_data(circles.details_of(found, today=local_date(now()))), "version": found.version})
    if form.validate_on_submit():
        circle_id = found.id
        try:
            version = form.version.data or 0
            slug_now = circles.change_circle(circle_id, form.details(), version=version, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De kring is bewaard.", "good")
            return back_to("circle", slug=slug_now)
    page = render_template("organiser/circle_form.html", form=form, circle=circle_or_404(slug))
    return page, 422 if form.errors else 200


def _circle_form(data: dict[str, object] | None = None) -> CircleForm:
    form = CircleForm(data=data or {"sit_in": True})
    today = local_date(now())
    form.offer([one for one in office.staff() if one.active(today)], organisations.organisations(on=today))
    return form


@blueprint.get("/kringen/<slug>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.CIRCLE)
def circle(slug: str) -> str:
    """One circle: who asked, who is in it, and when it meets."""
    found, today = circle_or_404(slug), local_date(now())
    members = circle_queries.members_of(found.id)
    meetings = circle_queries.meetings_of(found.id, drafts=True)
    requests = circle_queries.requests_of(found.id)
    names_people(len(members) + len(requests))
    return render_template(
        "organiser/circle.html",
        circle=found,
        requests=requests,
        members=[one for one in members if one.left_on is None or one.left_on >= today],
        former=[one for one in members if one.left_on is not None and one.left_on < today],
        meetings=meetings,
        drafts=any(one.state == EventState.DRAFT and one.starts_at > now() for one in meetings),
        coordinators=[row.staff for row in circle_queries.running(found, today)],
        later=circle_queries.successor_of(found.id),
        runs=may_run(found.id, actor()),
        sent=mailings(circle_id=found.id) if may_run(found.id, actor()) else [],
        now=now(),
        log=logbook.of("circle", found.id),
    )


@blueprint.get("/kringen/<slug>/bijeenkomsten/<event_slug>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.MEETING)
def circle_attending(slug: str, event_slug: str) -> str:
    """How everybody stands towards one meeting; the reasons only for who coordinates this very circle."""
    found = circle_or_404(slug)
    event = next((one for one in circle_queries.meetings_of(found.id, drafts=True) if one.slug == event_slug), None)
    if event is None:
        raise NotFound()
    rows, guests = circle_queries.attending(event), circle_queries.guests_at(event)
    names_people(len(rows) + len(guests), event_id=event.id)
    return render_template(
        "organiser/circle_meeting.html",
        circle=found,
        event=event,
        rows=rows,
        guests=guests,
        may_settle=event.ends_at <= now() and may_settle(event, actor()),
        sees_reasons=found.id in actor().circles,
    )


@blueprint.route("/kringen/<slug>/leden/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *RUNNERS)
@checks_own_csrf
def new_circle_member(slug: str) -> Answer:
    found = run_or_refuse(slug)
    form = CircleMemberForm(data={"first": local_date(now())})
    form.offer(organisations.organisations(on=local_date(now())))
    if form.validate_on_submit():
        newcomer = form.newcomer()
        assert form.first.data is not None
        try:
            circle_members.add_by_hand(found.id, newcomer, first=form.first.data, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{newcomer.who.address} is toegevoegd en krijgt een mail met alle data.", "good")
            return back_to("circle", slug=slug)
    page = render_template("organiser/circle_member_new.html", circle=run_or_refuse(slug), form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/kringen/<slug>/leden/<int:member_id>/einde", methods=["GET", "POST"])
@audience(Audience.STAFF, *RUNNERS)
@checks_own_csrf
def circle_member_end(slug: str, member_id: int) -> Answer:
    """Give somebody a last day; what comes after goes back."""
    member = _member(run_or_refuse(slug), member_id)
    form = EndForm(data={"last": local_date(now())})
    if form.validate_on_submit():
        try:
            circle_members.end(member.id, form.last_day(), by=actor(), now=now())
        except EndsBeforeStart:
            form.last.errors = ["Deze dag ligt ver voor de eerste dag in de kring."]
        else:
            flash("De laatste dag is bewaard; latere plaatsen zijn vrijgegeven.", "good")
            return back_to("circle", slug=slug)
    found = run_or_refuse(slug)
    page = render_template(
        "organiser/circle_member_end.html", circle=found, member=_member(found, member_id), form=form
    )
    return page, 422 if form.errors else 200


@blueprint.post("/kringen/<slug>/verzoeken/<int:request_id>/<any(ja, nee):said>")
@audience(Audience.STAFF, *RUNNERS)
def circle_request(slug: str, request_id: int, said: str) -> Response:
    """Yes or no to somebody who wants to join."""
    found = run_or_refuse(slug)
    circle_joining.decide_request(request_id, found.id, accepted=said == "ja", by=actor(), now=now())
    flash("Toegelaten; de mail met alle data gaat uit." if said == "ja" else "Afgewezen; de mail gaat uit.", "good")
    return back_to("circle", slug=slug)


@blueprint.post("/kringen/<slug>/publicatie")
@audience(Audience.STAFF, *EDITORS)
def circle_publishing(slug: str) -> Response:
    """Every draft that lies ahead into the agenda; members get their places."""
    circle_id = circle_or_404(slug).id
    try:
        number = circle_series.publish_drafts(circle_id, by=actor(), now=now())
    except NotPublishable:
        flash("Bij een concept ontbreekt nog iets, zoals een plaats. Open het en vul het aan.", "bad")
    else:
        flash(f"{number} in de agenda gezet; de leden krijgen binnen enkele minuten hun uitnodiging.", "good")
    return back_to("circle", slug=slug)


@blueprint.post("/kringen/<slug>/einde")
@audience(Audience.STAFF, *EDITORS)
def circle_ending(slug: str) -> Response:
    """Off the list of circles."""
    circles.end_circle(circle_or_404(slug).id, by=actor(), now=now())
    flash("De kring is gestopt. Wat gepland staat, gaat door tot u het afzegt.", "good")
    return back_to("circle", slug=slug)


def _member(found: Circle, member_id: int) -> CircleMember:
    member = next((one for one in circle_queries.members_of(found.id) if one.id == member_id), None)
    if member is None:
        raise NotFound()
    return member
