"""The waiting lists of an event in the back office: who stands where, and another place for somebody, with a reason."""

from collections.abc import Sequence

from flask import abort, flash, render_template

from eventapp import wording
from eventapp.domain.errors import DomainError
from eventapp.domain.looks import PeopleList
from eventapp.extensions import db
from eventapp.models import ORGANISATION, Capacity, Event, Organisation, Pool, WaitingEntry
from eventapp.queries.waiting import lines_at
from eventapp.services import queueing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.small import MoveForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.get("/evenementen/<slug>/wachtlijst")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.WAITING)
def waiting(slug: str) -> Answer:
    """Every line of the event, in its order."""
    event = event_or_404(slug)
    lines = [(_name(capacity, entries), entries) for capacity, entries in lines_at(event.id).items()]
    names_people(sum(len(entries) for _, entries in lines))
    return render_template("organiser/waiting.html", event=event, lines=lines)


@blueprint.route("/evenementen/<slug>/wachtlijst/<int:entry_id>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def waiting_place(slug: str, entry_id: int) -> Answer:
    """Another place in the line for one person."""
    event = event_or_404(slug)
    entry = _entry_or_404(event, entry_id)
    form = MoveForm()
    if form.validate_on_submit():
        try:
            queueing.move(entry_id, place=form.place.data or 1, reason=form.reason.data, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De wachtlijst is gewijzigd.", "good")
            return back_to("waiting", slug=slug)
    page = render_template(
        "organiser/waiting_place.html", event=event, entry=entry, form=form, place=queueing.position(entry)
    )
    return page, 422 if form.is_submitted() else 200


def _entry_or_404(event: Event, entry_id: int) -> WaitingEntry:
    entry = db.session.get(WaitingEntry, entry_id)
    if entry is None or entry.registration.event_id != event.id:
        abort(404)
    return entry


def _name(capacity: Capacity, entries: Sequence[WaitingEntry]) -> str:
    """What people wait for, in words."""
    if entries[0].breakout:
        return f"Deelsessie: {entries[0].breakout.title}"
    if capacity.kind == ORGANISATION:
        organisation = db.session.get(Organisation, int(capacity.ref))
        return f"Gratis plaatsen van {organisation.name}" if organisation else "Gratis plaatsen"
    pool = db.session.get(Pool, int(capacity.ref)) if capacity.kind == "pool" and capacity.ref.isdigit() else None
    return wording.waits_for(capacity.kind, capacity.ref, pool.name if pool else "")
