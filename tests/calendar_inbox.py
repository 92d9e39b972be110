"""Somebody's calendar as RFC 5546 describes it: reads mails, and does what their calendar part says.

Written from the standard and not from our code: section 2.1.4 (which revision is newer), 3.2.2 (REQUEST) and 3.2.5
(CANCEL). `forgets` is a program that keeps no trace of what was taken out, so that a late REQUEST puts it back.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar


@dataclass(frozen=True)
class Entry:
    """What stands in the calendar under one UID."""

    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    location: str
    description: str
    join: str

    @property
    def revision(self) -> tuple[int, datetime]:
        return self.sequence, self.stamp


@dataclass
class CalendarInbox:
    """The calendar behind one mailbox. `heard` has method and sequence of every calendar part, in order of arrival."""

    address: str
    forgets: bool = False
    entries: dict[str, Entry] = field(default_factory=dict)
    gone: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    heard: list[tuple[str, int]] = field(default_factory=list)

    def receive(self, *messages: EmailMessage) -> None:
        """Take in what was sent to this address; anything that the standard forbids fails."""
        for message in messages:
            if message["To"].addresses[0].addr_spec == self.address:
                for part in message.walk():
                    if part.get_content_type() == "text/calendar":
                        self._take(part)

    def _take(self, part: EmailMessage) -> None:
        calendar: Any = Calendar.from_ical(part.get_payload(decode=True))
        (event,) = calendar.events
        method = str(calendar["METHOD"])
        assert part["Content-Type"].params["method"] == method
        assert [str(attendee) for attendee in event.attendees] == [f"mailto:{self.address}"]
        assert str(event["ORGANIZER"]).startswith("mailto:")
        entry = _entry(event)
        self.heard.append((method, entry.sequence))
        {"REQUEST": self._request, "CANCEL": self._cancel}[method](entry)

    def _request(self, entry: Entry) -> None:
        known = self.entries.get(entry.uid)
        if known and entry.revision < known.revision:
            return
        if entry.uid in self.gone and entry.revision <= self.gone[entry.uid]:
            return
        self.entries[entry.uid] = entry

    def _cancel(self, entry: Entry) -> None:
        known = self.entries.get(entry.uid)
        if known and entry.sequence < known.sequence:
            return
        self.entries.pop(entry.uid, None)
        if not self.forgets:
            self.gone[entry.uid] = entry.revision


def _entry(event: Any) -> Entry:
    conferences = event.conferences
    return Entry(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        stamp=event["DTSTAMP"].dt,
        start=event.start,
        end=event.end,
        summary=str(event["SUMMARY"]),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
        join=conferences[0].uri if conferences else "",
    )
