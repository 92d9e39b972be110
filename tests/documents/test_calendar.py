"""Calendar files are parsed again: times across the clock changes, methods, escaping, equal bytes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from icalendar import Calendar, Event

from eventapp.documents.calendar import CalendarEntry, feed, invitation, single
from tests.documents.examples import TRAP_NAMES, make_entry

CHANGED = datetime(2027, 1, 6, 9, tzinfo=UTC)


def parsed(data: bytes) -> Calendar:
    return cast(Calendar, Calendar.from_ical(data))


def event_of(data: bytes) -> Event:
    (event,) = parsed(data).events
    return event


def agenda(entries: list[CalendarEntry]) -> bytes:
    return feed(entries, name="VNK agenda", uid="agenda@vnk.example", stamp=CHANGED)


def test_invitation_names_one_attendee_who_has_accepted() -> None:
    data = invitation(make_entry())

    attendee: Any = event_of(data)["ATTENDEE"]
    assert parsed(data)["METHOD"] == "REQUEST"
    assert parsed(data)["PRODID"] == "-//VNK//Aanmelden//NL"
    assert attendee == "mailto:fatma@zonnevlinder.example"
    assert attendee.params == {
        "CN": "Fatma Yıldız",
        "PARTSTAT": "ACCEPTED",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "FALSE",
    }
    assert event_of(data)["ORGANIZER"] == "mailto:secretariaat@vnk.example"


def test_cancellation_keeps_the_uid_and_drops_the_reminder() -> None:
    data = invitation(make_entry(sequence=3, status="CANCELLED"), "CANCEL")

    event = event_of(data)
    assert parsed(data)["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("registration-7@vnk.example", 3, "CANCELLED")
    assert event.walk("VALARM") == []


@pytest.mark.parametrize(("status", "method"), [("CANCELLED", "REQUEST"), ("CONFIRMED", "CANCEL")])
def test_method_that_contradicts_the_status_is_refused(status: Any, method: Any) -> None:
    with pytest.raises(ValueError, match="contradict"):
        invitation(make_entry(status=status), method)


def test_invitation_without_attendee_is_refused() -> None:
    with pytest.raises(ValueError, match="attendee"):
        invitation(make_entry(attendee=None))


def test_published_file_names_no_attendee() -> None:
    data = single(make_entry())

    assert parsed(data)["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event_of(data)
    assert b"fatma" not in data


@pytest.mark.parametrize(
    ("start", "local"),
    [
        (datetime(2027, 3, 25, 8, 30, tzinfo=UTC), b"20270325T093000"),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), b"20270328T013000"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), b"20270328T033000"),
        (datetime(2027, 4, 14, 7, 30, tzinfo=UTC), b"20270414T093000"),
        (datetime(2027, 11, 1, 8, 30, tzinfo=UTC), b"20271101T093000"),
    ],
)
def test_times_stand_on_dutch_clocks_and_read_back_as_the_same_moment(start: datetime, local: bytes) -> None:
    data = single(make_entry(start=start, end=start + timedelta(hours=2)))

    event = event_of(data)
    assert b"DTSTART;TZID=Europe/Amsterdam:" + local in data
    assert event.start == start
    assert event.end == start + timedelta(hours=2)


def test_zone_travels_with_the_file_as_rules() -> None:
    calendar = parsed(single(make_entry()))

    assert calendar.get_missing_tzids() == set()
    assert [zone["TZID"] for zone in calendar.timezones] == ["Europe/Amsterdam"]
    assert b"RDATE" not in calendar.timezones[0].to_ical()
    summer = calendar.timezones[0].to_tz()
    assert datetime(2035, 7, 1, 12, tzinfo=summer).utcoffset() == timedelta(hours=2)
    assert datetime(2035, 12, 1, 12, tzinfo=summer).utcoffset() == timedelta(hours=1)


def test_whole_days_end_on_the_last_day() -> None:
    event = event_of(single(make_entry(start=date(2027, 10, 7), end=date(2027, 10, 9))))

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 10, 7), date(2027, 10, 10))


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        single(make_entry(start=datetime(2027, 2, 4, 12)))


def test_texts_come_back_as_written() -> None:
    entry = make_entry(
        summary="Eén cao; kan dat, of niet? \\ <b>",
        description="Regel 1\r\nRegel 2: é\n" + "lang " * 40,
        categories=("HR, ict", "Financiën"),
    )

    event = event_of(single(entry))

    assert event["SUMMARY"] == entry.summary
    assert event["DESCRIPTION"] == entry.description.replace("\r\n", "\n")
    assert event.categories == ["HR, ict", "Financiën"]


def test_text_cannot_add_lines_of_its_own() -> None:
    entry = make_entry(
        summary="x\r\nATTENDEE:mailto:evil@x.example\x00\x0b",
        location="y\nBEGIN:VEVENT",
        attendee=('Jan "de Man"\r\nX-EVIL:1', "jan@zonnevlinder.example"),
    )

    data = invitation(entry)

    lines = data.split(b"\r\n")
    assert len(parsed(data).events) == 1
    assert not [line for line in lines if line.startswith((b"X-EVIL", b"ATTENDEE:mailto:evil"))]
    assert event_of(data)["ATTENDEE"].params["CN"] == "Jan 'de Man' X-EVIL:1"
    assert not set(data) & {0x00, 0x0B}


@pytest.mark.parametrize("name", [name for _, name in TRAP_NAMES])
def test_attendee_with_a_trap_in_the_name_is_read_back(name: str) -> None:
    data = invitation(make_entry(attendee=(name, "iemand@zonnevlinder.example")))

    assert event_of(data)["ATTENDEE"].params["CN"] == name


def test_lines_end_in_crlf_and_are_at_most_75_octets() -> None:
    data = invitation(make_entry(description="ë" * 300))

    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 75


def test_reminder_and_join_link_are_included() -> None:
    entry = make_entry(conference=("https://aanmelden.vnk.example/deelnemen/abc", "Deelnemen"))

    event = event_of(invitation(entry))

    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-1)]
    assert event.conferences[0].uri == "https://aanmelden.vnk.example/deelnemen/abc"


def test_feed_holds_every_entry_under_its_name() -> None:
    entries = [make_entry(uid=f"event-{number}@vnk.example") for number in range(3)]
    entries[2] = make_entry(uid="event-2@vnk.example", status="CANCELLED", sequence=1)

    calendar = parsed(agenda(entries))

    assert [event["UID"] for event in calendar.events] == [entry.uid for entry in entries]
    assert [event["STATUS"] for event in calendar.events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "VNK agenda"
    assert calendar["METHOD"] == "PUBLISH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in agenda(entries)


def test_empty_feed_is_still_a_calendar() -> None:
    assert parsed(agenda([])).events == []


def test_same_entries_give_the_same_bytes() -> None:
    entry = make_entry()

    assert invitation(entry) == invitation(entry)
    assert single(entry) == single(entry)
    assert agenda([entry]) == agenda([entry])
