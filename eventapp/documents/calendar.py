"""How does an event get into somebody's own calendar: as an invitation by mail, as a file, as a subscription?

Times are written on Dutch clocks with their own VTIMEZONE, so that they stay right across the clock changes everywhere.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, Conference, Event, Timezone, vCalAddress
from icalendar.enums import PARTSTAT, ROLE, STATUS, TRANSP

from eventapp.documents.script import clean
from eventapp.formatting import amsterdam

_PRODID = "-//VNK//Aanmelden//NL"
_ZONE_NAME = "Europe/Amsterdam"
# Rules instead of icalendar's list of dates per year, which Outlook is known to misread.
_ZONE = f"""BEGIN:VTIMEZONE
TZID:{_ZONE_NAME}
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event as a calendar shows it.

    Times are aware; whole days are dates, `end` being the last day. `organizer` and `attendee` are (name, address),
    `conference` is (link, label), `status` is CONFIRMED, TENTATIVE or CANCELLED; what is not `busy` leaves
    the time free. Links are written as given: what is personal belongs in personal calendars only.
    """

    uid: str
    sequence: int
    stamp: datetime
    start: datetime | date
    end: datetime | date
    summary: str
    organizer: tuple[str, str]
    description: str = ""
    location: str = ""
    url: str = ""
    status: str = "CONFIRMED"
    busy: bool = True
    attendee: tuple[str, str] | None = None
    alarms: tuple[timedelta, ...] = ()
    categories: tuple[str, ...] = ()
    conference: tuple[str, str] | None = None
    last_modified: datetime | None = None


def invitation(entry: CalendarEntry, method: Literal["REQUEST", "CANCEL"] = "REQUEST") -> bytes:
    """The part of a mail that puts one attendee's entry into the calendar, changes it or takes it out.

    The attendee has already accepted, so that no answer is asked. Refuses an entry without attendee, and a method that
    does not go with the entry's status, with ValueError.
    """
    if entry.attendee is None:
        raise ValueError("an invitation needs its attendee")
    if (method == "CANCEL") != (entry.status == "CANCELLED"):
        raise ValueError("method and status contradict each other")
    return _written(_calendar(method), [entry])


def single(*entries: CalendarEntry) -> bytes:
    """One event, with its parts if they are entries too, as a file to open; what is published names no attendee."""
    return _written(_calendar("PUBLISH"), (replace(entry, attendee=None) for entry in entries))


def feed(
    entries: Iterable[CalendarEntry],
    *,
    name: str,
    uid: str,
    stamp: datetime | None,
    refresh: timedelta = timedelta(hours=12),
) -> bytes:
    """A subscription with these entries; `stamp` is when it last changed, if that is known.

    Equal content is equal bytes.
    """
    calendar = Calendar.new(
        method="PUBLISH",
        prodid=_PRODID,
        uid=uid,
        name=clean(name),
        language="nl",
        last_modified=stamp,
        refresh_interval=refresh,
    )
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
    calendar.add("X-PUBLISHED-TTL", f"PT{refresh // timedelta(minutes=1)}M")
    calendar.add("X-WR-TIMEZONE", _ZONE_NAME)
    return _written(calendar, (replace(entry, attendee=None) for entry in entries))


def _calendar(method: str) -> Calendar:
    """A calendar without UID, which icalendar would draw anew for every file."""
    calendar = Calendar.new(method=method, prodid=_PRODID, uid="")
    calendar.pop("UID")
    return calendar


def _written(calendar: Calendar, entries: Iterable[CalendarEntry]) -> bytes:
    calendar.add_component(Timezone.from_ical(_ZONE))
    for entry in entries:
        calendar.add_component(_event(entry))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: CalendarEntry) -> Event:
    """The VEVENT of an entry."""
    cancelled = entry.status == "CANCELLED"
    start, end = _span(entry)
    event = Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.stamp,
        start=start,
        end=end,
        summary=_text(entry.summary),
        description=_text(entry.description) or None,
        location=_text(entry.location) or None,
        url=entry.url or None,
        status=STATUS(entry.status),
        transparency=TRANSP.OPAQUE if entry.busy and not cancelled else TRANSP.TRANSPARENT,
        categories=[_text(category) for category in entry.categories],
        organizer=_address(*entry.organizer),
        attendees=[_guest(*entry.attendee)] if entry.attendee else None,
        conferences=[_conference(*entry.conference)] if entry.conference else None,
        last_modified=entry.last_modified,
    )
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", _busy_status(entry))
    for before in () if cancelled else entry.alarms:
        event.add_component(_alarm(before, entry.summary))
    return event


def _span(entry: CalendarEntry) -> tuple[datetime | date, datetime | date]:
    """Start and end as the format wants them: on Dutch clocks, or the day after the last one."""
    if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
        start, end = amsterdam(entry.start), amsterdam(entry.end)
        # The hour that occurs twice is written in UTC: a Dutch clock can only mean the first, and not all read it so.
        twice = _occurs_twice(start) or _occurs_twice(end)
        return (entry.start.astimezone(UTC), entry.end.astimezone(UTC)) if twice else (start, end)
    if isinstance(entry.start, datetime) or isinstance(entry.end, datetime):
        raise ValueError("start and end are both times or both dates")
    return entry.start, entry.end + timedelta(days=1)


def _occurs_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _busy_status(entry: CalendarEntry) -> str:
    """Outlook's own word for how much of the time it takes."""
    if entry.status == "CANCELLED" or not entry.busy:
        return "FREE"
    return "TENTATIVE" if entry.status == "TENTATIVE" else "BUSY"


def _alarm(before: timedelta, summary: str) -> Alarm:
    alarm = Alarm.new(description=_text(summary))
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -abs(before))
    return alarm


def _address(name: str, mail: str) -> vCalAddress:
    return vCalAddress.new(mail, cn=_name(name))


def _guest(name: str, mail: str) -> vCalAddress:
    return vCalAddress.new(mail, cn=_name(name), role=ROLE.REQ_PARTICIPANT, partstat=PARTSTAT.ACCEPTED, rsvp=False)


def _conference(link: str, label: str) -> Conference:
    return Conference(link, feature="VIDEO", label=_name(label))


def _name(name: str) -> str:
    """A name as a parameter: calendars do not agree on how a quotation mark in one is written."""
    return clean(name).replace('"', "'")


def _text(text: str) -> str:
    """The text without control characters other than line ends, which the format forbids."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or unicodedata.category(letter) != "Cc")
