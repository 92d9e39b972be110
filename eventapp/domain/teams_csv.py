"""Who was in an online meeting, as the attendance list of Teams says it? Every shape that such a list had so far.

There is a list of everybody with first join and duration (below a summary, and followed by every join apart), one row
per join, and one row per joining or leaving. Headings are Dutch or English; dates are written as the organiser's
computer does.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from eventapp.domain.errors import UnreadableFile
from eventapp.domain.names import fold
from eventapp.domain.times import from_local

# Parts of a heading that tell what a column holds; the first that fits counts.
_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("action", re.compile(r"action|actie\b")),
    ("moment", re.compile(r"timestamp|tijdstempel")),
    ("duration", re.compile(r"duration|\bduur|duur\b")),
    ("leave", re.compile(r"leave|vertrek|verlat")),
    ("join", re.compile(r"join|deelname\b|deelgenomen|toegetreden")),
    ("upn", re.compile(r"upn|participant id|deelnemer-?id")),
    ("address", re.compile(r"e-?mail")),
    ("name", re.compile(r"^(full name|name|naam|volledige naam)$")),
)
_LEFT = re.compile(r"left|leave|verlat|vertrok")
_STATUS = re.compile(r"\s*\((guest|gast|unverified|niet[ -]geverifieerd|external|extern)\)", re.IGNORECASE)
_MOMENT = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4}),?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([ap])?\.?\s*(?:m\.?)?",
    re.IGNORECASE,
)
_PIECE = re.compile(r"(\d+)\s*([hums])")
_CLOCK = re.compile(r"(\d+):(\d{2})(?::(\d{2}))?")
_SECONDS = {"h": 3600, "u": 3600, "m": 60, "s": 1}


class Participant(NamedTuple):
    """One person in the meeting; `address` is '' for who joined without an account.

    `since` is the first join, None when the list does not say; `seconds` is all their joins together.
    """

    name: str
    address: str
    since: datetime | None
    seconds: int
    joins: int = 1


def read(text: str, *, day: date) -> list[Participant]:
    """Everybody in the list, in its order. `day` is that of the meeting: it tells 4-3 from 3-4.

    Refuses with UnreadableFile what is no such list.
    """
    rows = _rows(text.lstrip("\ufeff").replace("\u202f", " ").replace("\xa0", " "))
    for number, cells in enumerate(rows):
        columns = _columns(cells)
        if "name" in columns and columns.keys() & {"join", "moment", "duration"}:
            table = _table(rows[number + 1 :], columns)
            return _per_action(table, day) if "moment" in columns else _per_join(table, day)
    raise UnreadableFile()


def _rows(text: str) -> list[list[str]]:
    """A comma also stands inside dates, so tabs and semicolons go first."""
    delimiter = next((sign for sign in "\t;" if any(line.count(sign) > 1 for line in text.splitlines())), ",")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile() from error
    return [[cell.strip() for cell in row] for row in rows]


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        heading = fold(cell)
        meant = next((name for name, pattern in _HEADINGS if pattern.search(heading)), None)
        if meant:
            found.setdefault(meant, place)
    return found


def _table(rows: Iterable[Sequence[str]], columns: dict[str, int]) -> list[dict[str, str]]:
    """The rows below a heading, until an empty one or the next part of the file."""
    found = []
    for cells in rows:
        if not any(cells) or re.match(r"\d+\.\s", cells[0]):
            break
        row = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        row["name"] = _STATUS.sub("", row["name"]).strip()
        if row["name"] or _address(row):
            found.append(row)
    return found


def _per_join(table: list[dict[str, str]], day: date) -> list[Participant]:
    """One row per person, or several: the first counts, their durations add up."""
    found: dict[str, Participant] = {}
    for row in table:
        one = Participant(
            name=row["name"],
            address=_address(row),
            since=_moment(row.get("join", ""), day),
            seconds=_seconds(row.get("duration", "")) or _between(row, day),
        )
        key = one.address or fold(one.name)
        found[key] = _together(found[key], one) if key in found else one
    return list(found.values())


def _together(one: Participant, other: Participant) -> Participant:
    moments = [moment for moment in (one.since, other.since) if moment]
    return Participant(
        name=one.name or other.name,
        address=one.address,
        since=min(moments, default=None),
        seconds=one.seconds + other.seconds,
        joins=one.joins + other.joins,
    )


def _per_action(table: list[dict[str, str]], day: date) -> list[Participant]:
    """One row per joining or leaving; who never left stayed until the last moment in the list."""
    steps: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    names: dict[str, dict[str, str]] = {}
    for row in table:
        moment = _moment(row["moment"], day)
        if moment:
            key = _address(row) or fold(row["name"])
            names.setdefault(key, row)
            steps[key].append((moment, not _LEFT.search(fold(row.get("action", "")))))
    end = max((moment for each in steps.values() for moment, _ in each), default=None)
    return [_walked(names[key], sorted(each), end) for key, each in steps.items()]


def _walked(row: dict[str, str], steps: list[tuple[datetime, bool]], end: datetime | None) -> Participant:
    inside: datetime | None = None
    stayed = timedelta()
    for moment, inward in steps:
        if inward:
            inside = inside or moment
        elif inside:
            stayed, inside = stayed + (moment - inside), None
    if inside and end:
        stayed += end - inside
    joins = sum(inward for _, inward in steps)
    return Participant(row["name"], _address(row), steps[0][0], int(stayed.total_seconds()), max(1, joins))


def _address(row: dict[str, str]) -> str:
    """The address, or the account when that looks like one."""
    return next((value.lower() for name in ("address", "upn") if "@" in (value := row.get(name, ""))), "")


def _between(row: dict[str, str], day: date) -> int:
    first, last = _moment(row.get("join", ""), day), _moment(row.get("leave", ""), day)
    return max(0, int((last - first).total_seconds())) if first and last else 0


def _moment(text: str, day: date) -> datetime | None:
    """The moment, of the ways to read its date the one that is nearest to the day of the meeting."""
    found = _MOMENT.search(text)
    if not found:
        return None
    one, two, three, hour, minute, second, half = found.groups()
    days = [made for year, month, of in _orders(int(one), int(two), int(three)) if (made := _date(year, month, of))]
    hours = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
    if not days or hours > 23 or int(minute) > 59 or int(second or 0) > 59:
        return None
    return from_local(min(days, key=lambda found: abs(found - day)), time(hours, int(minute), int(second or 0)))


def _orders(one: int, two: int, three: int) -> list[tuple[int, int, int]]:
    if one > 31:
        return [(one, two, three)]
    year = three + 2000 if three < 100 else three
    return [(year, two, one), (year, one, two)]


def _date(year: int, month: int, of: int) -> date | None:
    try:
        return date(year, month, of)
    except ValueError:
        return None


def _seconds(text: str) -> int:
    """A duration as "1h 2m 3s", "1 u 2 min" or "1:02:03"; 0 when there is none."""
    if clock := _CLOCK.fullmatch(text.strip()):
        first, second, third = (int(part) if part else None for part in clock.groups())
        assert first is not None and second is not None
        return first * 3600 + second * 60 + third if third is not None else first * 60 + second
    return sum(int(number) * _SECONDS[unit] for number, unit in _PIECE.findall(fold(text)))
