"""The attendance list of an event: to print and sign, to work on, and on the screen."""

from collections.abc import Callable

from flask import Response, abort, render_template

from eventapp import documents, formatting, wording
from eventapp.documents.attendance_list import AttendanceList, AttendanceRow
from eventapp.documents.file_names import file_name
from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.domain.times import local_date
from eventapp.models import Event
from eventapp.queries.association import load_association
from eventapp.queries.attendance import Attendee, attendees
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
    """The list as page or file; a file opens in the browser when it can and is named for people."""
    event = event_or_404(slug)
    listed = _list_of(event)
    if extension == "html":
        return render_template("organiser/attendance.html", event=event, list=listed)
    if extension not in _FILES:
        abort(404)
    make, content_type = _FILES[extension]
    name = file_name("presentielijst", event.slug, extension, on=local_date(event.starts_at))
    placed = "inline" if extension == "pdf" else "attachment"
    return Response(
        make(listed), content_type=content_type, headers={"Content-Disposition": f'{placed}; filename="{name}"'}
    )


def _list_of(event: Event) -> AttendanceList:
    place = ", ".join(part for part in (event.venue, event.city) if part)
    return AttendanceList(
        event_title=event.title,
        when=formatting.when(event.starts_at, event.ends_at),
        place="online" if event.form == EventForm.ONLINE else place,
        association=load_association().name,
        rows=tuple(map(_row, attendees(event.id))),
        printed_at=now(),
        room_to_sign=event.form != EventForm.ONLINE,
    )


def _row(attendee: Attendee) -> AttendanceRow:
    parts = (attendee.given_name, attendee.infix, attendee.family_name)
    return AttendanceRow(
        sort_name=formatting.sort_name(*parts) or "(gewist)",
        full_name=formatting.full_name(*parts) or "(gewist)",
        organisation=attendee.organisation,
        function=attendee.function,
        category=wording.CATEGORIES[attendee.category],
        note="" if attendee.state == State.CONFIRMED else wording.STATES[attendee.state],
        came=attendee.first_in_at is not None,
        came_at=attendee.first_in_at,
    )
