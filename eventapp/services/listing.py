"""A list of registrations as a file, with exactly the filters and columns of the page; a long one is long work."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial

from eventapp import documents, formatting, wording
from eventapp.documents.file_names import file_name
from eventapp.documents.money_sheet import Cell, MoneySheet, euros
from eventapp.domain.actors import Actor, Own
from eventapp.domain.errors import NotFound
from eventapp.domain.jobs import JobKind
from eventapp.domain.registration_lists import Column, Listing, read
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Event
from eventapp.queries import breakouts
from eventapp.queries import registration_lists as known
from eventapp.queries.association import load_association
from eventapp.queries.registration_rows import Beside, Row, beside, in_portions
from eventapp.services.carrying_out import Work
from eventapp.services.jobs import StoredFile, enqueue

FILES: Mapping[str, tuple[Callable[[MoneySheet], bytes], str]] = {
    "xlsx": (
        lambda sheet: documents.money_sheets.to_xlsx(sheet),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (lambda sheet: documents.money_sheets.to_csv(sheet), "text/csv; charset=utf-8"),
}


def ask(listing: Listing, event_id: int | None, extension: str, *, own: Own | None, by: Actor, now: datetime) -> int:
    """Let a worker make the file, of what is theirs; answers the id of the job."""
    limits = None if own is None else {"events": sorted(own.event_ids), "circles": sorted(own.circle_ids)}
    what = {"event_id": event_id, "own": limits, "list": listing.pairs(), "extension": extension}
    return enqueue(JobKind.LIST, what, by=by, now=now)


def carry_out(work: Work) -> None:
    """The rows as they are now, some at a time; whoever called it off waits for no more than those."""
    asked = work.parameters
    limits = asked["own"]
    own = None if limits is None else Own(frozenset(limits["events"]), frozenset(limits["circles"]))
    listing = read((name, value) for name, value in asked["list"])
    progress = partial(_report, work)
    made, rows = make(listing, asked["event_id"], asked["extension"], own=own, now=work.clock(), told=progress)
    with work.batch():
        work.keep_file(asked["extension"], made)
        work.step(rows, total=rows)


def _report(work: Work, done: int, total: int) -> None:
    work.report(done, total=total)


def make(
    listing: Listing,
    event_id: int | None,
    extension: str,
    *,
    own: Own | None,
    now: datetime,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[StoredFile, int]:
    """The file, and how many registrations are in it; `told` hears how far it is. Refuses with NotFound."""
    event = None if event_id is None else db.session.get(Event, event_id)
    if event_id is not None and event is None:
        raise NotFound()
    slug, title = (event.slug, event.title) if event else ("alles", "Alle bijeenkomsten")
    has_programme = event is not None and bool(breakouts.rounds_of(event.id))
    columns = listing.shown(one_event=event is not None, programme=has_programme)
    wanted = known.ids(listing, event_id, own=own, now=now)
    rows: list[tuple[Cell, ...]] = []
    for portion in in_portions(wanted):
        found = beside(portion, columns)
        rows += ((_name(row), *(_CELLS[column](row, found) for column in columns)) for row in portion)
        told(len(rows), len(wanted))
    sheet = MoneySheet(
        title=f"Aanmeldingen {title}",
        about=f"{title}: {formatting.count_nl(len(rows), 'aanmelding', 'aanmeldingen')}",
        association=load_association().letterhead,
        heads=("Naam", *(wording.COLUMNS[column] for column in columns)),
        rows=tuple(rows),
        printed_at=now,
        page="Aanmeldingen",
    )
    write, content_type = FILES[extension]
    name = file_name("aanmeldingen", slug, extension, on=local_date(now))
    return StoredFile(name, content_type, write(sheet)), len(rows)


def _name(row: Row) -> str:
    return formatting.sort_name(row.given_name, row.infix, row.family_name) or "(gewist)"


@lru_cache(maxsize=1000)
def _event(title: str, starts_at: datetime) -> str:
    return f"{title}, {formatting.short_date(starts_at)}"


def _state(row: Row, found: Beside) -> str:
    ended = found.ended.get(row.id)
    return wording.ENDINGS[ended] if ended else wording.STATES[row.state]


def _came(row: Row, found: Beside) -> str:
    at = found.came.get(row.id)
    return formatting.moment(at) if at else ""


# Days and amounts as such, so that a spreadsheet can work with them.
_CELLS: Mapping[Column, Callable[[Row, Beside], Cell]] = {
    Column.EVENT: lambda row, _: _event(row.event, row.starts_at),
    Column.ORGANISATION: lambda row, _: row.organisation_name,
    Column.FUNCTION: lambda row, _: row.function,
    Column.ADDRESS: lambda row, _: row.address,
    Column.SESSIONS: lambda row, found: ", ".join(found.chosen.get(row.id, ())),
    Column.CATEGORY: lambda row, _: wording.CATEGORIES[row.category],
    Column.STATE: _state,
    Column.ATTENDS: lambda row, _: wording.FORMS[row.attends],
    Column.PRICE: lambda row, _: euros(row.price_cents),
    Column.LABELS: lambda row, found: ", ".join(found.labels.get(row.id, ())),
    Column.CAME: _came,
    Column.SINCE: lambda row, _: local_date(row.created_at),
}
