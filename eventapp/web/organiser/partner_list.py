"""The list for the partner who offers an event: who agreed, by name and organisation. Making it is logged."""

from collections.abc import Callable

from flask import Response, abort, render_template

from eventapp import documents, formatting, wording
from eventapp.documents.attendance_list import AttendanceList, AttendanceRow
from eventapp.documents.file_names import file_name
from eventapp.documents.money_sheet import MoneySheet
from eventapp.domain.sharing import SHARING_TEXT
from eventapp.domain.times import local_date
from eventapp.models import Event
from eventapp.queries.association import load_association
from eventapp.queries.sharing import Shared, shared_count, shared_of
from eventapp.services import sharing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.shared import Answer, actor, event_or_404

_PATH = "/evenementen/<slug>/partnerlijst"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get(_PATH)
@audience(Audience.STAFF, *EDITORS)
def partner_list(slug: str) -> Answer:
    """How many agreed; their names only come with the list itself."""
    event = _offered(slug)
    words = wording.partner_consent(SHARING_TEXT, event.partner_name)
    return render_template("organiser/partner_list.html", event=event, people=shared_count(event.id), words=words)


@blueprint.post(f"{_PATH}.<any(pdf, xlsx, csv):extension>")
@audience(Audience.STAFF, *EDITORS)
def partner_list_file(slug: str, extension: str) -> Answer:
    """The list as it is now, after the click was logged."""
    event = _offered(slug)
    people = shared_of(event.id)
    sharing.note_list_seen(event.id, people=len(people), by=actor(), now=now())
    event = _offered(slug)
    make, content_type = _FILES[extension]
    name = file_name("partnerlijst", event.slug, extension, on=local_date(event.starts_at))
    return Response(
        make(event, people),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _offered(slug: str) -> Event:
    event = event_or_404(slug)
    if event.offered_by is None:
        abort(404)
    return event


def _pdf(event: Event, people: list[Shared]) -> bytes:
    return documents.attendance_pdf.to_pdf(
        AttendanceList(
            event_title=event.title,
            when=formatting.when(event.starts_at, event.ends_at),
            place=f"voor {event.partner_name}",
            association=load_association().name,
            rows=tuple(AttendanceRow(_sorted(one), _sorted(one), one.organisation) for one in people),
            printed_at=now(),
            standing="alleen wie toestemming gaf",
            names_only=True,
            heading="Deelnemerslijst",
        )
    )


def _sheet(event: Event, people: list[Shared]) -> MoneySheet:
    return MoneySheet(
        title=f"Deelnemers {event.title}",
        about=f"{event.title}, voor {event.partner_name}: alleen wie toestemming gaf",
        association=load_association().name,
        heads=("Naam", "Organisatie"),
        rows=tuple((_sorted(one), one.organisation) for one in people),
        printed_at=now(),
        page="Deelnemers",
    )


def _sorted(one: Shared) -> str:
    return formatting.sort_name(one.given_name, one.infix, one.family_name)


_FILES: dict[str, tuple[Callable[[Event, list[Shared]], bytes], str]] = {
    "pdf": (_pdf, "application/pdf"),
    "xlsx": (lambda event, people: documents.money_sheets.to_xlsx(_sheet(event, people)), _XLSX),
    "csv": (lambda event, people: documents.money_sheets.to_csv(_sheet(event, people)), "text/csv; charset=utf-8"),
}
