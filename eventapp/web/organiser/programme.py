"""The programme of a day in the back office: the day as a table, its rounds, and which room holds what."""

from flask import flash, render_template

from eventapp import formatting
from eventapp.domain.errors import DomainError, NotFound
from eventapp.domain.events import EventState
from eventapp.domain.timetable import timetable
from eventapp.models import Event, Round
from eventapp.queries import breakouts as programme_queries
from eventapp.services import programming
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.programme import RoundForm, fill_from_round
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.get("/evenementen/<slug>/programma")
@audience(Audience.STAFF, *READERS)
def programme(slug: str) -> Answer:
    """The day as a table: a row per round, the breakouts beside each other, how full each is."""
    event = event_or_404(slug)
    rounds = programme_queries.rounds_of(event.id)
    found = programme_queries.breakouts_of(event.id)
    standing = [one for one in found if not one.cancelled_at]
    return render_template(
        "organiser/programme.html",
        event=event,
        rounds=rounds,
        rows=timetable([one.id for one in rounds], [one.facts() for one in standing]),
        breakouts={one.id: one for one in found},
        cancelled=[one for one in found if one.cancelled_at],
        presenters=programme_queries.presenters_of(event.id),
        undecided=programme_queries.count_undecided(event.id, now=now()) if rounds else 0,
        over=is_over(event),
        now=now(),
    )


@blueprint.get("/evenementen/<slug>/programma/zalen")
@audience(Audience.STAFF, *READERS)
def rooms(slug: str) -> Answer:
    """What goes on in each room, to hang on its door."""
    event = event_or_404(slug)
    return render_template("organiser/rooms.html", event=event, rooms=programme_queries.room_list(event.id))


@blueprint.route("/evenementen/<slug>/programma/rondes/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_round(slug: str) -> Answer:
    """A part of the day more; it begins where the last one ends."""
    event = event_or_404(slug)
    rounds = programme_queries.rounds_of(event.id)
    begin = rounds[-1].ends_at if rounds else event.starts_at
    form = RoundForm(data={"title": f"Ronde {len(rounds) + 1}", "starts_at": begin})
    if form.validate_on_submit():
        try:
            programming.add_round(event.id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De ronde staat erbij.", "good")
            return back_to("programme", slug=slug)
    return _round_page(event_or_404(slug), form)


@blueprint.route("/evenementen/<slug>/programma/rondes/<int:round_id>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def round_(slug: str, round_id: int) -> Answer:
    """Another name or time; whoever is in it hears of another time."""
    event = event_or_404(slug)
    form = RoundForm(data=fill_from_round(_round_or_404(event, round_id)))
    if form.validate_on_submit():
        try:
            told = programming.change_round(round_id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            people = formatting.count_nl(told, "mens krijgt", "mensen krijgen")
            flash("De ronde is bewaard." + (f" {people} het nieuwe programma." if told else ""), "good")
            return back_to("programme", slug=slug)
    return _round_page(event_or_404(slug), form, round_id)


@blueprint.post("/evenementen/<slug>/programma/rondes/<int:round_id>/verwijdering")
@audience(Audience.STAFF, *EDITORS)
def round_removal(slug: str, round_id: int) -> Answer:
    """Take an empty round away."""
    _round_or_404(event_or_404(slug), round_id)
    programming.remove_round(round_id, by=actor(), now=now())
    flash("De ronde is verwijderd.", "good")
    return back_to("programme", slug=slug)


def is_over(event: Event) -> bool:
    """Whether nothing of its programme changes any more."""
    return event.ends_at <= now() or event.state == EventState.CANCELLED


def _round_or_404(event: Event, round_id: int) -> Round:
    found = programme_queries.round_by_id(event.id, round_id)
    if found is None:
        raise NotFound()
    return found


def _round_page(event: Event, form: RoundForm, round_id: int | None = None) -> tuple[str, int]:
    filled = [one for one in programme_queries.breakouts_of(event.id) if round_id in one.facts().rounds]
    page = render_template("organiser/round_form.html", event=event, form=form, round_id=round_id, filled=bool(filled))
    return page, 422 if form.errors else 200
