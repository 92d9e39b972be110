"""The attendance list of an event: to print and sign, to work on, and on the screen."""

from collections.abc import Callable
from dataclasses import replace

from flask import Response, abort, render_template, request

from eventapp import documents, formatting, wording
from eventapp.documents.attendance_list import AttendanceList, AttendanceRow
from eventapp.documents.file_names import file_name
from eventapp.domain.errors import NotFound
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.looks import PeopleList
from eventapp.domain.presence import WAS_THERE
from eventapp.domain.registrations import State
from eventapp.domain.times import local_date
from eventapp.models import Breakout, Event
from eventapp.queries.association import load_association
from eventapp.queries.attendance import Attendee, attendees
from eventapp.queries.breakouts import breakout_by_slug, breakouts_of, rounds_of
from eventapp.queries.changing import withdrawn_on_the_day
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import READERS, blueprint
from eventapp.web.organiser.circles import may_settle
from eventapp.web.organiser.shared import Answer, actor, event_or_404

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
@lists_people(PeopleList.ATTENDANCE)
def attendance(slug: str, extension: str) -> Answer:
    """The list as page or file, of all or with ?sessie= of one breakout; a file is named for people."""
    event = event_or_404(slug)
    session = request.args.get("sessie", "")
    breakout = breakout_by_slug(event.id, session) if session else None
    if session and breakout is None:
        raise NotFound()
    afterwards = _wants_afterwards(event)
    listed = _list_of(event, breakout, afterwards=afterwards)
    names_people(len(listed.rows))
    if extension == "html":
        return render_template(
            "organiser/attendance.html",
            event=event,
            list=listed,
            breakout=breakout,
            may_settle=event.state == EventState.PUBLISHED and may_settle(event, actor()),
            breakouts=breakouts_to_choose(event),
            withdrawn=[] if breakout or afterwards else withdrawn_on_the_day(event),
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


def breakouts_to_choose(event: Event) -> list[tuple[str, str]]:
    """Address and words of every breakout; of repeats the round says which is which."""
    rounds = rounds_of(event.id)
    found = []
    for breakout in breakouts_of(event.id):
        filled = {row.round_id for row in breakout.in_rounds}
        off = "gaat niet door" if breakout.cancelled_at else ""
        words = [breakout.title, *(one.title for one in rounds if one.id in filled), off]
        found.append((breakout.slug, ", ".join(filter(None, words))))
    return found


def _wants_afterwards(event: Event) -> bool:
    """The list to sign, or who was there: as asked with ?stand=, else by whether it is over."""
    asked = request.args.get("stand", "")
    return asked == "na" if asked in ("vooraf", "na") else event.ends_at <= now()


def _list_of(event: Event, breakout: Breakout | None, *, afterwards: bool) -> AttendanceList:
    people = attendees(event, breakout, now=now())
    if not afterwards:
        people = [one for one in people if one.state == State.CONFIRMED or one.first_in_at]
    place = ", ".join(part for part in (event.venue, event.city) if part)
    listed = AttendanceList(
        event_title=event.title,
        when=formatting.when(event.starts_at, event.ends_at),
        place="online" if event.form == EventForm.ONLINE else place,
        association=load_association().letterhead,
        rows=tuple(_row(one, afterwards=afterwards) for one in people),
        printed_at=now(),
        room_to_sign=event.form != EventForm.ONLINE and not afterwards,
        afterwards=afterwards,
        standing=_standing(event) if afterwards else "",
    )
    return _for_breakout(listed, event, breakout) if breakout else listed


def _standing(event: Event) -> str:
    """Whether presence was fixed; a list of before that says that it is not the last word."""
    return (
        f"vastgesteld op {formatting.short_date(event.presence_fixed_at)}" if event.presence_fixed_at else "voorlopig"
    )


def _for_breakout(listed: AttendanceList, event: Event, breakout: Breakout) -> AttendanceList:
    """The same with the time and room of its own."""
    filled = {row.round_id for row in breakout.in_rounds}
    rounds = [found for found in rounds_of(event.id) if found.id in filled]
    times = formatting.listed([formatting.time_range(found.starts_at, found.ends_at) for found in rounds])
    return replace(
        listed,
        event_title=f"{breakout.title} ({event.title})",
        when=", ".join(filter(None, (formatting.long_date(event.starts_at), times))),
        place=", ".join(filter(None, (breakout.room, event.venue))),
        standing="",
    )


def _row(attendee: Attendee, *, afterwards: bool) -> AttendanceRow:
    parts = (attendee.given_name, attendee.infix, attendee.family_name)
    return AttendanceRow(
        sort_name=formatting.sort_name(*parts) or "(gewist)",
        full_name=formatting.full_name(*parts) or "(gewist)",
        organisation=attendee.organisation,
        function=attendee.function,
        category=wording.CATEGORIES[attendee.category],
        note=_note(attendee),
        came=attendee.status in WAS_THERE,
        came_at=attendee.first_in_at if attendee.status in WAS_THERE else None,
        status=wording.PRESENCE[attendee.status] if afterwards and attendee.status else "",
    )


def _note(attendee: Attendee) -> str:
    state = "" if attendee.state == State.CONFIRMED else wording.STATES[attendee.state]
    speaks = "spreekt" if attendee.speaks else ""
    return ", ".join(filter(None, (speaks, state, wording.NO_PHOTOS if attendee.no_photo else "")))
