"""How do people and their statuses come in from a list of the office, row by row, and twice without effect?"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from eventapp.domain.actors import Actor
from eventapp.domain.names import name_key
from eventapp.domain.people import STATUSES
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Person, PersonAddress, PersonStatus
from eventapp.services import people
from eventapp.services.audit import note
from eventapp.transaction import transaction

COLUMNS = ("voornaam", "tussenvoegsel", "achternaam", "e-mail", "status", "regio", "van", "tot")
_LONGEST = {"voornaam": 100, "tussenvoegsel": 30, "achternaam": 100, "e-mail": 320, "regio": 60}


class UnreadableFile(Exception):
    """The file as a whole cannot be understood; the text says why."""


class Fate(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowResult:
    """`line` is the line in the file, where a spreadsheet shows it; `reason` is empty unless refused."""

    line: int
    fate: Fate
    reason: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What became of every row, and whether anything was written at all."""

    rows: tuple[RowResult, ...]
    written: bool

    def count(self, fate: Fate) -> int:
        return sum(row.fate == fate for row in self.rows)


@dataclass(frozen=True)
class _Row:
    line: int
    given_name: str
    infix: str
    family_name: str
    address: str
    status: Category | None
    region: str
    starts_on: date | None
    ends_on: date | None


class _Refused(Exception):
    """Why a row cannot be taken; the text is for the office's administrator."""


class _NothingWritten(Exception):
    """Undoes the import because a row was refused."""


def import_people(content: bytes, *, skip_refused: bool = False, by: Actor, now: datetime) -> ImportReport:
    """Add the people and statuses of a CSV file (`;` or `,`, UTF-8 or what Dutch Excel writes, headed as COLUMNS).

    A status is known by person, kind and first day; its region and last day follow the file. The same file twice
    changes nothing. When a row is refused nothing is written at all, unless `skip_refused`. Raises UnreadableFile.
    """
    lines = _read(content)
    results: list[RowResult] = []
    try:
        with transaction():
            results = [_take(line, values, now=now) for line, values in lines]
            counts = {fate.value: sum(row.fate == fate for row in results) for fate in Fate}
            if counts[Fate.REFUSED] and not skip_refused:
                raise _NothingWritten
            note("people_imported", "people", None, by=by, now=now, **counts)
    except _NothingWritten:
        return ImportReport(tuple(results), written=False)
    return ImportReport(tuple(results), written=True)


def _read(content: bytes) -> list[tuple[int, Mapping[str, str]]]:
    """The rows that hold anything, with their line numbers."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", restval="")
    reader.fieldnames = [_column(name) for name in reader.fieldnames or ()]
    missing = [column for column in COLUMNS[:4] if column not in reader.fieldnames]
    if missing:
        raise UnreadableFile(
            f"the first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}"
        )
    try:
        rows = [(reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}) for row in reader]
    except csv.Error as error:
        raise UnreadableFile(f"line {reader.line_num}: {error}") from error
    return [(line, values) for line, values in rows if any(values.values())]


def _column(name: str) -> str:
    plain = name.strip().lower()
    return "e-mail" if plain in ("email", "e-mailadres", "emailadres") else plain


def _take(line: int, values: Mapping[str, str], *, now: datetime) -> RowResult:
    try:
        return RowResult(line, _store(_checked(line, values), now=now))
    except _Refused as refusal:
        return RowResult(line, Fate.REFUSED, str(refusal))


def _checked(line: int, values: Mapping[str, str]) -> _Row:
    if not values["voornaam"] and not values["achternaam"]:
        raise _Refused("no name")
    for column, longest in _LONGEST.items():
        if len(values[column]) > longest:
            raise _Refused(f"{column} is longer than {longest} characters")
    status = _status(values["status"])
    starts_on, ends_on = _day("van", values["van"]), _day("tot", values["tot"])
    if status and starts_on is None:
        raise _Refused("a status needs its first day (van)")
    if starts_on and ends_on and ends_on < starts_on:
        raise _Refused("tot comes before van")
    return _Row(
        line=line,
        given_name=values["voornaam"],
        infix=values["tussenvoegsel"],
        family_name=values["achternaam"],
        address=_address(values["e-mail"]),
        status=status,
        region=values["regio"],
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _address(typed: str) -> str:
    try:
        checked = validate_email(typed, check_deliverability=False)
    except EmailNotValidError as error:
        raise _Refused(f"no valid e-mail address: {typed}" if typed else "no e-mail address") from error
    return f"{checked.local_part}@{checked.ascii_domain}".lower()


def _status(typed: str) -> Category | None:
    if not typed:
        return None
    found = next((status for status in STATUSES if status.value == typed.lower()), None)
    if found is None:
        raise _Refused(f"unknown status {typed}; known are {', '.join(STATUSES)}")
    return found


def _day(column: str, typed: str) -> date | None:
    """A day as 31-12-2027 or 2027-12-31."""
    for pattern in ("%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(typed, pattern).date()
        except ValueError:
            continue
    if typed:
        raise _Refused(f"{column} is no date: {typed}; write 31-12-2027")
    return None


def _store(row: _Row, *, now: datetime) -> Fate:
    known = _known(row)
    person = known or people.find_or_add(row.address, row.given_name, row.infix, row.family_name, now=now)
    status_fate = _store_status(person, row) if row.status else Fate.UNCHANGED
    if known is None:
        return Fate.NEW
    return Fate.UNCHANGED if status_fate == Fate.UNCHANGED else Fate.CHANGED


def _known(row: _Row) -> Person | None:
    key = name_key(row.given_name, row.infix, row.family_name)
    return db.session.scalar(
        sa.select(Person).join(PersonAddress).where(PersonAddress.address == row.address, PersonAddress.name_key == key)
    )


def _store_status(person: Person, row: _Row) -> Fate:
    same = (status for status in person.statuses if (status.category, status.starts_on) == (row.status, row.starts_on))
    status = next(same, None)
    if status is None:
        person.statuses.append(
            PersonStatus(category=row.status, region=row.region, starts_on=row.starts_on, ends_on=row.ends_on)
        )
        db.session.flush()
        return Fate.NEW
    if (status.region, status.ends_on) == (row.region, row.ends_on):
        return Fate.UNCHANGED
    status.region, status.ends_on = row.region, row.ends_on
    return Fate.CHANGED
