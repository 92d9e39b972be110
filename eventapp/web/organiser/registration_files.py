"""The list of registrations as a file, with exactly the filters and columns of the page."""

from collections.abc import Callable

from flask import Response

from eventapp import documents, formatting, wording
from eventapp.documents.file_names import file_name
from eventapp.documents.money_sheet import Cell, MoneySheet, euros
from eventapp.domain.looks import PeopleList
from eventapp.domain.registration_lists import Column
from eventapp.domain.times import local_date
from eventapp.models import Event, Registration
from eventapp.queries import breakouts
from eventapp.queries import registration_lists as known
from eventapp.queries.association import load_association
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import READERS, blueprint
from eventapp.web.organiser.registration_lists import Beside, asked, beside
from eventapp.web.organiser.shared import Answer, actor, event_or_404

_FILES: dict[str, tuple[Callable[[MoneySheet], bytes], str]] = {
    "xlsx": (
        lambda sheet: documents.money_sheets.to_xlsx(sheet),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (lambda sheet: documents.money_sheets.to_csv(sheet), "text/csv; charset=utf-8"),
}


@blueprint.get("/evenementen/<slug>/aanmeldingen.<any(csv, xlsx):extension>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.REGISTRATIONS)
def registrations_file(slug: str, extension: str) -> Answer:
    """Of one event."""
    return _file(event_or_404(slug), extension)


@blueprint.get("/aanmeldingen.<any(csv, xlsx):extension>")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
@lists_people(PeopleList.REGISTRATIONS)
def all_registrations_file(extension: str) -> Answer:
    """Of all events."""
    return _file(None, extension)


def _file(event: Event | None, extension: str) -> Response:
    make, content_type = _FILES[extension]
    name = file_name("aanmeldingen", event.slug if event else "alles", extension, on=local_date(now()))
    return Response(
        make(_sheet(event)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _sheet(event: Event | None) -> MoneySheet:
    listing, own = asked(), None if event else actor().own(*READERS)
    has_programme = event is not None and bool(breakouts.rounds_of(event.id))
    columns = listing.shown(one_event=event is not None, programme=has_programme)
    rows = list(known.by_ids(known.ids(listing, event.id if event else None, own=own, now=now())))
    names_people(len(rows))
    found = beside(rows, columns)
    title = event.title if event else "Alle bijeenkomsten"
    return MoneySheet(
        title=f"Aanmeldingen {title}",
        about=f"{title}: {formatting.count_nl(len(rows), 'aanmelding', 'aanmeldingen')}",
        association=load_association().letterhead,
        heads=("Naam", *(wording.COLUMNS[column] for column in columns)),
        rows=tuple((_name(row), *(cell(row, column, found) for column in columns)) for row in rows),
        printed_at=now(),
        page="Aanmeldingen",
    )


def _name(registration: Registration) -> str:
    person = registration.person
    return formatting.sort_name(person.given_name, person.infix, person.family_name) or "(gewist)"


def cell(registration: Registration, column: Column, found: Beside) -> Cell:
    """What stands in this column; days and amounts as such, so that a spreadsheet can work with them."""
    return _CELLS[column](registration, found)


def _state(registration: Registration, found: Beside) -> str:
    ended = found.ended.get(registration.id)
    return wording.ENDINGS[ended] if ended else wording.STATES[registration.state]


def _came(registration: Registration, found: Beside) -> str:
    at = found.came.get(registration.id)
    return formatting.moment(at) if at else ""


_CELLS: dict[Column, Callable[[Registration, Beside], Cell]] = {
    Column.EVENT: lambda r, _: f"{r.event.title}, {formatting.short_date(r.event.starts_at)}",
    Column.ORGANISATION: lambda r, _: r.organisation_name,
    Column.FUNCTION: lambda r, _: r.function,
    Column.ADDRESS: lambda r, _: r.address,
    Column.SESSIONS: lambda r, found: ", ".join(found.chosen.get(r.id, ())),
    Column.CATEGORY: lambda r, _: wording.CATEGORIES[r.category],
    Column.STATE: _state,
    Column.ATTENDS: lambda r, _: wording.FORMS[r.attends],
    Column.PRICE: lambda r, _: euros(r.price_cents),
    Column.LABELS: lambda r, found: ", ".join(found.labels.get(r.id, ())),
    Column.CAME: _came,
    Column.SINCE: lambda r, _: local_date(r.created_at),
}
