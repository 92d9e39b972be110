"""Who was online, by the attendance list of Teams: upload it, see whom each row means, confirm. No file is kept."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from flask import abort, flash, render_template

from eventapp import formatting, wording
from eventapp.domain.attendance_matching import Expected, Match, match
from eventapp.domain.errors import DomainError, NotFound, PresenceFixed
from eventapp.domain.events import EventForm
from eventapp.domain.looks import PeopleList
from eventapp.domain.teams_csv import Participant, read
from eventapp.domain.times import local_date
from eventapp.models import Event
from eventapp.queries import door_lists
from eventapp.services import marking
from eventapp.services.importing.files import as_text
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.door import TeamsFileForm, TeamsMatchForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_PATH = "/evenementen/<slug>/deelnamelijst"
# Shorter than this is somebody who looked whether the sound worked.
_SHORT = 5 * 60
_ORDER = {Match.UNSURE: 0, Match.UNKNOWN: 1, Match.SURE: 2}


class Row(NamedTuple):
    """A row of the list as the preview shows it. `chosen` is whom it means unless somebody says otherwise."""

    number: int
    participant: Participant
    minutes: int
    match: Match
    choices: list[tuple[int, str]]
    chosen: int | None
    short: bool


@blueprint.route(_PATH, methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.TEAMS)
@checks_own_csrf
def teams_list(slug: str) -> Answer:
    """The form, and after that what each row means."""
    event, form = _online(slug), TeamsFileForm()
    if form.validate_on_submit():
        try:
            participants = read(as_text(form.file.data.read()), day=local_date(event.starts_at))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _preview(event, participants)
    page = render_template("organiser/teams_list.html", event=event_or_404(slug), form=form)
    return page, 422 if form.errors else 200


@blueprint.post(f"{_PATH}/bevestiging")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def teams_list_confirmed(slug: str) -> Answer:
    """These people were online."""
    event, form = _online(slug), TeamsMatchForm()
    if not form.validate_on_submit():
        return back_to("teams_list", slug=slug)
    since = {one: _moment(text) for one, text in form.chosen().items()}
    try:
        count = marking.were_online(event.id, since, by=actor(), now=now())
    except NotFound:
        abort(400)
    except PresenceFixed as refusal:
        flash(wording.refusal(refusal), "bad")
        return back_to("teams_list", slug=slug)
    flash(f"{formatting.count_nl(count, 'deelnemer', 'deelnemers')} erbij gezet als aanwezig.", "good")
    return back_to("ticks", slug=slug)


def _online(slug: str) -> Event:
    """An event that can be joined by video. Refuses with NotFound."""
    event = event_or_404(slug)
    if event.form == EventForm.FYSIEK:
        raise NotFound()
    return event


def _preview(event: Event, participants: list[Participant]) -> str:
    people = door_lists.expected_at(event.id)
    names_people(len(people))
    known = [Expected(one.registration_id, one.full_name, frozenset({one.address.lower()})) for one in people]
    named = {one.registration_id: f"{one.full_name}, {one.organisation}".rstrip(", ") for one in people}
    rows = [_row(number, one, known, named) for number, one in enumerate(participants)]
    return render_template(
        "organiser/teams_list_preview.html",
        event=event,
        form=TeamsMatchForm(),
        rows=sorted(rows, key=lambda row: (_ORDER[row.match], row.number)),
        counts={one: sum(row.match == one for row in rows) for one in Match},
    )


def _row(number: int, one: Participant, known: list[Expected], named: Mapping[int, str]) -> Row:
    found = match(one.name, one.address, known)
    likely = [(candidate, named[candidate]) for candidate in found.candidates]
    others = [] if found.match == Match.SURE else [pair for pair in named.items() if pair not in likely]
    short = 0 < one.seconds < _SHORT
    sure = found.candidates[0] if found.match == Match.SURE and not short else None
    return Row(number, one, round(one.seconds / 60), found.match, likely + others, sure, short)


def _moment(text: str) -> datetime | None:
    """What the preview sent along; anything else says nothing."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
