"""The attendance list of an event: to print and sign, to work on, and on the screen."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from flask import Response, abort, render_template, request

from eventapp import documents, formatting, wording
from eventapp.documents.attendance_list import AttendanceList, AttendanceRow
from eventapp.documents.file_names import file_name
from eventapp.domain.errors import NotFound
from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.domain.times import local_date
from eventapp.models import Breakout, Event
from eventapp.queries.association import load_association
from eventapp.queries.attendance import Attendee, attendees, attendees_of
from eventapp.queries.breakouts import breakout_by_slug, breakouts_of, rounds_of
from eventapp.queries.changing import withdrawn_on_the_day
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.organiser import READERS, blueprint
from eventapp.web.organiser.shared import Answer, event_or_404

_FILES: dict[str, tuple[Callable[[AttendanceList], bytes], str]] = {
    "pdf": (lambda listed: documents.attendance_pdf.to_pdf(listed), "application/pdf"),
    "xlsx": (
        lambda listed: documents.attendance_sheets.to_xlsx(listed),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (lambda listed: documents.attendance_sheets.to_csv(listed), "text/csv; charset=utf-8"),
}


@blueprint.get("/evenementen/<slug>/presentielijst.<extension>")
@audience(Audience.STAFF, *READERS)
def attendance(slug: str, extension: str) -> Answer:
    """The list as page or file, of all or with ?sessie= of one breakout; a file is named for people."""
    event = event_or_404(slug)
    session = request.args.get("sessie", "")
    breakout = breakout_by_slug(event.id, session) if session else None
    if session and breakout is None:
        raise NotFound()
    listed = _list_of_breakout(event, breakout) if breakout else _list_of(event, attendees(event.id))
    if extension == "html":
        offered = _breakouts_to_choose(event)
        return render_template(
            "organiser/attendance.html",
            event=event,
            list=listed,
            breakout=breakout,
            breakouts=offered,
            withdrawn=[] if breakout else withdrawn_on_the_day(event),
        )
    if extension not in _FILES:
        abort(404)
    make, content_type = _FILES[extension]
    of = breakout.slug if breakout else event.slug
    name = file_name("presentielijst", of, extension, on=local_date(event.starts_at))
    placed = "inline" if extension == "pdf" else "attachment"
    return Response(
        make(listed), content_type=content_type, headers={"Content-Disposition": f'{placed}; filename="{name}"'}
    )


def _breakouts_to_choose(event: Event) -> list[tuple[str, str]]:
    """Address and words of every breakout; of repeats the round says which is which."""
    rounds = rounds_of(event.id)
    found = []
    for breakout in breakouts_of(event.id):
        filled = {row.round_id for row in breakout.in_rounds}
        off = "gaat niet door" if breakout.cancelled_at else ""
        words = [breakout.title, *(one.title for one in rounds if one.id in filled), off]
        found.append((breakout.slug, ", ".join(filter(None, words))))
    return found


def _list_of(event: Event, rows: Iterable[Attendee]) -> AttendanceList:
    place = ", ".join(part for part in (event.venue, event.city) if part)
    return AttendanceList(
        event_title=event.title,
        when=formatting.when(event.starts_at, event.ends_at),
        place="online" if event.form == EventForm.ONLINE else place,
        association=load_association().name,
        rows=tuple(map(_row, rows)),
        printed_at=now(),
        room_to_sign=event.form != EventForm.ONLINE,
    )


def _list_of_breakout(event: Event, breakout: Breakout) -> AttendanceList:
    """The same for one breakout, with its own time and room."""
    filled = {row.round_id for row in breakout.in_rounds}
    rounds = [found for found in rounds_of(event.id) if found.id in filled]
    times = formatting.listed([formatting.time_range(found.starts_at, found.ends_at) for found in rounds])
    return replace(
        _list_of(event, attendees_of(breakout)),
        event_title=f"{breakout.title} ({event.title})",
        when=", ".join(filter(None, (formatting.long_date(event.starts_at), times))),
        place=", ".join(filter(None, (breakout.room, event.venue))),
    )


def _row(attendee: Attendee) -> AttendanceRow:
    parts = (attendee.given_name, attendee.infix, attendee.family_name)
    return AttendanceRow(
        sort_name=formatting.sort_name(*parts) or "(gewist)",
        full_name=formatting.full_name(*parts) or "(gewist)",
        organisation=attendee.organisation,
        function=attendee.function,
        category=wording.CATEGORIES[attendee.category],
        note=_note(attendee),
        came=attendee.first_in_at is not None,
        came_at=attendee.first_in_at,
    )


def _note(attendee: Attendee) -> str:
    state = "" if attendee.state == State.CONFIRMED else wording.STATES[attendee.state]
    speaks = "spreekt" if attendee.speaks else ""
    return ", ".join(filter(None, (speaks, state, "liever niet op de foto" if attendee.no_photo else "")))
