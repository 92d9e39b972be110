"""Which rows are in a calendar file (.ics)? Its entries as rows of the list of events, those that repeat one by one.

Who organises or attends an entry is not read, nor what is private; a link to a meeting never ends up in a public text.
"""

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from eventapp.domain.errors import FileTooLarge, TooManyRows, UnreadableCalendar
from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.series import MOST
from eventapp.domain.times import AMSTERDAM
from eventapp.domain.tokens import digest
from eventapp.services.importing.files import MOST_BYTES, MOST_ROWS, Line, Sheet, decoded, tidy
from eventapp.services.importing.repeating import Moment, Patience, as_local, days_of

if TYPE_CHECKING:
    from icalendar import Event

_HEADINGS = (
    "kenmerk",
    "titel",
    "datum",
    "van",
    "einddatum",
    "tot",
    "vorm",
    "locatie",
    "adres",
    "postcode",
    "plaats",
    "online link",
    "tekst",
)
_LONGEST_SIGN = 160
# When an entry of whole days is taken to begin and end: it is a draft, and the office fills in what is right.
_WHOLE_DAY = time(9), time(17)
# What a moment raises that no clock can show, as one after the year 9999.
_IMPOSSIBLE = (ValueError, OverflowError)


def is_calendar(content: bytes) -> bool:
    """Whether a file is a calendar, whatever it is called."""
    return decoded(content[:200]).lstrip().upper().startswith("BEGIN:VCALENDAR")


def read_calendar(content: bytes, *, now: datetime) -> Sheet:
    """The entries of a calendar that are still to come, a row each.

    Refused rows: what is over at `now`, cancelled, private, broken, or repeats without an end. Refuses with
    FileTooLarge, UnreadableCalendar or TooManyRows.
    """
    # Loaded here, because only an import needs it.
    from icalendar import Calendar
    from icalendar.timezone import tzp

    if len(content) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // 1024 // 1024)
    # It remembers zones by name, and any two files mean something else by "Customized Time Zone".
    tzp.use_default()
    try:
        found = Calendar.from_ical(decoded(content), multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableCalendar() from error
    entries: list[Any] = [event for calendar in found for event in calendar.walk("VEVENT")]
    rows: list[Line] = []
    for row in _rows(entries, now):
        if len(rows) == MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        values = {name: text for name, text in row.values.items() if text}
        cells = tuple(values.get(name, "") for name in _HEADINGS)
        rows.append(Line(len(rows) + 2, values, cells, problem=row.problem))
    if not rows:
        raise UnreadableCalendar()
    return Sheet(_HEADINGS, (), tuple(rows))


class _Row(NamedTuple):
    """What a row says, and why it cannot be taken."""

    values: dict[str, str]
    problem: RowRefused | None = None


def _rows(entries: list["Event"], now: datetime) -> Iterator[_Row]:
    """Entries by themselves, and of each that repeats its days to come, some of which were changed apart."""
    apart: dict[str, list[Event]] = {}
    patience = Patience()
    for entry in entries:
        if "RECURRENCE-ID" in entry:
            apart.setdefault(_uid(entry), []).append(entry)
    for entry in entries:
        if "RECURRENCE-ID" not in entry:
            yield from _of_entry(entry, apart.get(_uid(entry), []), now, patience)
    for changed in apart.values():
        for entry in changed:
            yield _single(entry, None, now)


def _of_entry(entry: "Event", changed: list["Event"], now: datetime, patience: Patience) -> Iterator[_Row]:
    if not {"RRULE", "RDATE"} & set(entry):
        yield _single(entry, None, now)
        return
    try:
        elsewhere = {as_local(one["RECURRENCE-ID"]).start for one in changed}
        days = [day for day in days_of(entry, patience) if day.start not in elsewhere]
        coming = [day for day in days if day.over_at > now]
        if len(coming) > MOST:
            raise RowRefused(RowProblem.REPEATS_TOO_OFTEN, most=MOST)
    except (RowRefused, *_IMPOSSIBLE) as problem:
        yield _refused(entry, problem)
        return
    for day in coming:
        yield _single(entry, day, now)
    if days and not coming:
        yield _refused(entry, RowRefused(RowProblem.ENTRY_PAST))


def _single(entry: "Event", day: Moment | None, now: datetime) -> _Row:
    """One row: the entry itself, or the one of its days."""
    try:
        moment = day or Moment.of(entry)
        repeated = as_local(entry["RECURRENCE-ID"]) if "RECURRENCE-ID" in entry else day
        sign, stands = _sign(entry, repeated), _when(moment)
    except (RowRefused, *_IMPOSSIBLE) as problem:
        return _refused(entry, problem)
    if str(entry.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL"):
        return _Row({"kenmerk": sign, "titel": "Privéafspraak"}, RowRefused(RowProblem.ENTRY_PRIVATE))
    values = {"kenmerk": sign, "titel": _text(entry, "SUMMARY"), **stands, **_where(entry)}
    if str(entry.get("STATUS", "")).upper() == "CANCELLED":
        return _Row(values, RowRefused(RowProblem.ENTRY_CANCELLED))
    if moment.over_at <= now:
        return _Row(values, RowRefused(RowProblem.ENTRY_PAST))
    return _Row(values)


def _refused(entry: "Event", reason: Exception) -> _Row:
    problem = reason if isinstance(reason, RowRefused) else RowRefused(RowProblem.ENTRY_BROKEN)
    private = str(entry.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL")
    return _Row({"kenmerk": _uid(entry), "titel": "Privéafspraak" if private else _text(entry, "SUMMARY")}, problem)


def _uid(entry: "Event") -> str:
    uid = _text(entry, "UID")
    return uid if len(uid) <= _LONGEST_SIGN else digest(uid)


def _sign(entry: "Event", repeated: Moment | None) -> str:
    """Of one day of a series: the sign of the series with the moment at which that day would begin."""
    uid = _uid(entry)
    return f"{uid}#{repeated.start.astimezone(AMSTERDAM):%Y%m%dT%H%M}" if uid and repeated else uid


def _when(moment: Moment) -> dict[str, str]:
    if moment.whole_days:
        begins, ends = _WHOLE_DAY
        first, last = moment.start.date(), moment.last_day
        return {"datum": _day(first), "van": _clock(begins), "einddatum": _day(last), "tot": _clock(ends)}
    start, end = moment.start.astimezone(AMSTERDAM), moment.end and moment.end.astimezone(AMSTERDAM)
    values = {"datum": _day(start), "van": _clock(start.time())}
    return values | ({"einddatum": _day(end), "tot": _clock(end.time())} if end else {})


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def _clock(clock: time) -> str:
    return f"{clock:%H.%M}"


_DUTCH_PLACE = re.compile(
    r"(?:(?P<venue>.+?), )?(?P<street>[^,]*\d[^,]*), (?P<postcode>\d{4} ?[A-Z]{2}),? (?P<city>[^,\d]+)"
    r"(?:, (?:Nederland|Netherlands|The Netherlands))?"
)
_ONLINE_PLACE = re.compile(r"microsoft teams[\w -]*|teams|online|google meet|zoom", re.IGNORECASE)
_LINKS = (
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "X-GOOGLE-CONFERENCE",
    "CONFERENCE",
)
_MEETING = re.compile(r"https://\S+")
_HOSTS = ("teams.microsoft.com", "teams.live.com", "meet.google.com", "zoom.us", "webex.com", "whereby.com")
# Below these lines programs put how to join.
_HOW_TO_JOIN = re.compile(r"^(?:[_–—-]{10,}|-::~:~::~.*|\.{20,})$", re.MULTILINE)
_BREAKS = re.compile(r"<(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


def _where(entry: "Event") -> dict[str, str]:
    """Place, link, form and text; the link stands nowhere else."""
    place = tidy(_text(entry, "LOCATION")).replace("\n", ", ")
    link = next((one for name in _LINKS if (one := _link(_text(entry, name)))), "") or _link(place)
    description = _plain(_text(entry, "DESCRIPTION"))
    link = link or next((one for one in _MEETING.findall(description) if _is_meeting(one)), "")
    rooms = (one for one in re.split(r";\s*", place) if not one.startswith("https://"))
    place = "; ".join(one for one in rooms if not _ONLINE_PLACE.fullmatch(one))
    found = _DUTCH_PLACE.fullmatch(place)
    values = {
        "locatie": (found["venue"] or "") if found else place,
        "adres": found["street"] if found else "",
        "postcode": found["postcode"] if found else "",
        "plaats": found["city"].strip() if found else "",
    }
    form = ("hybride" if link else "fysiek") if place else "online" if link else ""
    return values | {"vorm": form, "online link": link, "tekst": _without_meeting(description, link)}


def _link(text: str) -> str:
    found = _MEETING.match(text)
    return found[0] if found and len(found[0]) <= 500 else ""


def _is_meeting(link: str) -> bool:
    host = link.removeprefix("https://").partition("/")[0].lower()
    return any(host == known or host.endswith(f".{known}") for known in _HOSTS)


def _plain(text: str) -> str:
    """Google writes HTML."""
    if _TAGS.search(text):
        text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", text)))
    return tidy(text)


def _without_meeting(text: str, link: str) -> str:
    """Without what tells how to join online, which is for who is registered."""
    kept = _HOW_TO_JOIN.split(text, maxsplit=1)[0].splitlines()
    secret = [one for one in kept if (link and link in one) or any(map(_is_meeting, _MEETING.findall(one)))]
    return "\n".join(one for one in kept if one not in secret).strip()


def _text(entry: "Event", name: str) -> str:
    found = entry.get(name, "")
    return str(found[0] if isinstance(found, list) else found).strip()
