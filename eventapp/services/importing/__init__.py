"""How do lists of the office come in? A preview that writes nothing, and a carrying out in small transactions.

Everything that can refuse a row is decided before the first is written. Then batch after batch is written, each whole
and with how far the job is; where a worker dies another goes on, and the same file again completes what was broken off.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from eventapp.documents.refused_rows import table, to_csv
from eventapp.domain.errors import RowsRefused
from eventapp.domain.import_rows import Fate
from eventapp.extensions import db
from eventapp.models import JobLine
from eventapp.services.audit import note
from eventapp.services.carrying_out import Work
from eventapp.services.importing.calendar_files import is_calendar, read_calendar
from eventapp.services.importing.events import EventsList
from eventapp.services.importing.files import Sheet, read_sheet
from eventapp.services.importing.organisations import OrganisationsList
from eventapp.services.importing.outcomes import Asked, Listing, Outcome
from eventapp.services.importing.people import PeopleList
from eventapp.services.importing.registrations import RegistrationsList
from eventapp.services.importing.settlements import SettlementsList
from eventapp.services.jobs import StoredFile

LISTS: Mapping[str, type[Listing]] = {
    "people": PeopleList,
    "organisations": OrganisationsList,
    "settlements": SettlementsList,
    "events": EventsList,
    "registrations": RegistrationsList,
}
REFUSED = "refused"
_MOST_CLASHES = 5


def preview(work: Work) -> None:
    """Say of every row what would become of it; nothing but lines of the job is written."""
    listed, sheet, rows = _read(work)
    with work.batch():
        work.forget_lines()
        work.step(0, total=len(rows), counts=_counted({}, ()), ignored=list(sheet.ignored))
    listing = listed(_asked(work))
    for some in _batches(rows, listed.batch):
        outcomes = _decided(listing, some)
        db.session.rollback()
        with work.batch():
            work.add_lines([outcome.as_line() for outcome in outcomes])
            work.step(work.done + len(some), counts=_counted(work.result["counts"], outcomes))
    with work.batch():
        _keep_refused(work, sheet)


def carry_out(work: Work) -> None:
    """Do what the rows say. Refuses with RowsRefused, having written nothing, unless `skip_refused`."""
    listed, sheet, rows = _read(work)
    if not work.done:
        _begin(work, listed, sheet, rows)
    listing = listed(_asked(work))
    for some in _batches(rows[work.done :], listed.batch):
        listing = _write_batch(work, listing, some)
    with work.batch():
        _keep_refused(work, sheet)
        what, counts = work.parameters["what"], work.result["counts"]
        about = work.parameters.get("event_id")
        note(f"{what}_imported", "job", work.id, by=work.by, now=work.clock(), event_id=about, **counts)


def example(what: str) -> bytes:
    """A file of this list to begin with, as CSV."""
    listed = LISTS[what]
    return table([tuple(listed.columns.names), *(line.split(";") for line in listed.example)])


def _read(work: Work) -> tuple[type[Listing], Sheet, list[Any]]:
    listed = LISTS[work.parameters["what"]]
    content = work.file().content
    if listed is EventsList and is_calendar(content):
        # As of one moment, so that another worker finds the same rows.
        sheet = read_calendar(content, now=work.asked_at)
    else:
        sheet = read_sheet(content, listed.columns)
    return listed, sheet, listed.read(sheet.lines)


def _begin(work: Work, listed: type[Listing], sheet: Sheet, rows: Sequence[Any]) -> None:
    """Look at all of it first: half of a list is what nobody asked for."""
    work.report(0, total=len(rows))
    if not work.parameters["skip_refused"]:
        listing, count = listed(_asked(work)), 0
        for some in _batches(rows, listed.batch):
            count += sum(outcome.fate == Fate.REFUSED for outcome in _decided(listing, some))
            db.session.rollback()
        if count:
            raise RowsRefused(count=count)
    with work.batch():
        work.step(0, counts=_counted({}, ()), ignored=list(sheet.ignored))


def _write_batch(work: Work, listing: Listing, some: Sequence[Any]) -> Listing:
    """One transaction. Where somebody registered in the same moment, or a lock was crossed, it looks again."""
    done, counts, clashes = work.done, work.result["counts"], 0
    while True:
        try:
            with work.batch():
                listing, outcomes = _written(work, listing.fresh(), some)
                work.add_lines([outcome.as_line() for outcome in outcomes if outcome.fate == Fate.REFUSED])
                work.step(done + len(some), counts=_counted(counts, outcomes))
            return listing
        except (IntegrityError, OperationalError):
            clashes += 1
            if clashes == _MOST_CLASHES:
                raise
            listing = type(listing)(_asked(work))


def _written(work: Work, listing: Listing, some: Sequence[Any]) -> tuple[Listing, list[Outcome]]:
    outcomes = _decided(listing, some)
    if listing.hold():
        # What was read before it was held may have changed in between.
        listing = listing.fresh()
        outcomes = _decided(listing, some)
    listing.write(work.id, by=work.by, now=work.clock())
    return listing, outcomes


def _decided(listing: Listing, some: Sequence[Any]) -> list[Outcome]:
    """What becomes of each, those refused at reading among them, in their order."""
    decided = iter(listing.decide([row for row in some if not isinstance(row, Outcome)]))
    return [row if isinstance(row, Outcome) else next(decided) for row in some]


def _batches(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _counted(counts: Mapping[str, int], outcomes: Sequence[Outcome]) -> dict[str, int]:
    more = Counter(outcome.fate for outcome in outcomes)
    return {fate.value: counts.get(fate.value, 0) + more[fate] for fate in Fate}


def _keep_refused(work: Work, sheet: Sheet) -> None:
    """What was refused as a file with the reasons, in the columns it came in."""
    lines = sa.select(JobLine.line, JobLine.facts).where(JobLine.job_id == work.id, JobLine.outcome == REFUSED)
    reasons = {line: facts["reason"] for line, facts in db.session.execute(lines.order_by(JobLine.line))}
    if reasons:
        rows = [(line.number, line.cells, reasons[line.number]) for line in sheet.lines if line.number in reasons]
        content = to_csv(sheet.headings, rows)
        work.keep_file(REFUSED, StoredFile("geweigerde-rijen.csv", "text/csv; charset=utf-8", content))


def _asked(work: Work) -> Asked:
    return Asked(work.clock(), work.parameters)
