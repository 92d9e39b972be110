"""What do programs that are not ours make of our calendars: vobject, and ical.js in a browser?"""

import base64
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from icalendar import Calendar
from playwright.sync_api import Page, sync_playwright

from eventapp.documents.calendar import feed, invitation
from tests.browser.camera import launch_flags
from tests.documents.examples import make_entry

ICAL_JS = Path(__file__).resolve().parents[2] / "build" / "readers" / "ical" / "ical.js"
# Moments in UTC: begin and end.
DAYS = {
    "an afternoon in winter": ("2027-02-04T12:00", "2027-02-04T15:30"),
    "an afternoon in summer": ("2027-06-10T12:00", "2027-06-10T13:30"),
    "across midnight": ("2027-02-04T19:00", "2027-02-05T00:30"),
    "until midnight": ("2027-02-04T19:00", "2027-02-04T23:00"),
    "three days": ("2027-10-07T07:00", "2027-10-09T15:00"),
    "a night in which the clock goes forward": ("2027-03-27T20:00", "2027-03-28T04:00"),
    "begins just before the hour that is skipped": ("2027-03-28T00:30", "2027-03-28T01:30"),
    "begins just after the hour that is skipped": ("2027-03-28T01:00", "2027-03-28T03:00"),
    "a night in which the clock goes back": ("2027-10-30T20:00", "2027-10-31T05:00"),
    "begins in the first of the two hours": ("2027-10-31T00:30", "2027-10-31T04:00"),
    "begins in the second of the two hours": ("2027-10-31T01:30", "2027-10-31T04:00"),
    "from the first to the second of the two hours": ("2027-10-31T00:45", "2027-10-31T01:15"),
    "three days across the clock change": ("2027-10-30T08:00", "2027-11-01T15:00"),
}
READ_IN_JAVASCRIPT = """
async ([library, text]) => {
    const { default: ICAL } = await import("data:text/javascript;base64," + library);
    const root = new ICAL.Component(ICAL.parse(text));
    for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    return root.getAllSubcomponents("vevent").map((component) => {
        const event = new ICAL.Event(component);
        return {
            uid: event.uid, sequence: event.sequence, summary: event.summary, location: event.location,
            description: event.description,
            start: event.startDate.toUnixTime(), end: event.endDate.toUnixTime(),
            status: component.getFirstPropertyValue("status"),
            conference: component.getFirstPropertyValue("conference"),
            attendees: event.attendees.map(
                (one) => [one.getFirstValue(), one.getParameter("partstat"), one.getParameter("cn")]
            ),
            alarms: component.getAllSubcomponents("valarm").map(
                (alarm) => alarm.getFirstPropertyValue("trigger").toSeconds()
            ),
        };
    });
}
"""


def moments(day: str) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in DAYS[day])
    return start, end


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=chromium, args=launch_flags(None))
        yield browser.new_page()
        browser.close()


def read_in_browser(page: Page, data: bytes) -> list[dict[str, Any]]:
    return page.evaluate(READ_IN_JAVASCRIPT, [base64.b64encode(ICAL_JS.read_bytes()).decode(), data.decode()])


@pytest.mark.parametrize("day", DAYS)
def test_every_day_is_the_same_moment_to_icalendar_and_vobject(day: str) -> None:
    start, end = moments(day)

    data = invitation(make_entry(start=start, end=end))

    (own,) = Calendar.from_ical(data).events
    other = vobject.readOne(data.decode()).vevent
    assert (own.start.timestamp(), own.end.timestamp()) == (start.timestamp(), end.timestamp())
    assert (other.dtstart.value.timestamp(), other.dtend.value.timestamp()) == (start.timestamp(), end.timestamp())


def test_vobject_reads_the_invitation_whole() -> None:
    entry = make_entry(
        sequence=3,
        summary="Eén cao; kan dat, of niet?",
        description="Regel 1\nRegel 2: é" * 20,
        conference=("https://aanmelden.vnk.example/deelnemen/abc", "Deelnemen"),
        alarms=(timedelta(days=1), timedelta(minutes=15)),
    )

    calendar = vobject.readOne(invitation(entry).decode())

    event = calendar.vevent
    assert (calendar.method.value, event.uid.value, event.sequence.value) == ("REQUEST", entry.uid, "3")
    assert (event.summary.value, event.description.value) == (entry.summary, entry.description)
    assert (event.attendee.value, event.attendee.partstat_param) == ("mailto:fatma@zonnevlinder.example", "ACCEPTED")
    assert event.conference.value == "https://aanmelden.vnk.example/deelnemen/abc"
    assert [alarm.trigger.value for alarm in event.valarm_list] == [timedelta(days=-1), timedelta(minutes=-15)]


@pytest.mark.browser
def test_ical_js_reads_every_day_and_all_that_is_said(page: Page) -> None:
    entries = [
        make_entry(
            uid=f"{number}@vnk.example",
            start=start,
            end=end,
            summary="Eén cao; kan dat, of niet?",
            description="Regel 1\nRegel 2: é" * 20,
            conference=("https://aanmelden.vnk.example/deelnemen/abc", "Deelnemen"),
            alarms=(timedelta(days=1), timedelta(minutes=15)),
        )
        for number, (start, end) in enumerate(map(moments, DAYS))
    ]

    found = read_in_browser(page, feed(entries, name="Alles", uid="alles@vnk.example", stamp=None))
    (invited,) = read_in_browser(page, invitation(make_entry(sequence=4, status="CANCELLED"), "CANCEL"))

    assert [(one["start"], one["end"]) for one in found] == [
        (entry.start.timestamp(), entry.end.timestamp()) for entry in entries
    ]
    assert {(one["summary"], one["description"], one["conference"]) for one in found} == {
        ("Eén cao; kan dat, of niet?", entries[0].description, "https://aanmelden.vnk.example/deelnemen/abc")
    }
    assert found[0]["alarms"] == [-86400, -900]
    assert (invited["sequence"], invited["status"], invited["uid"]) == (4, "CANCELLED", "registration-7@vnk.example")
    assert invited["attendees"] == [["mailto:fatma@zonnevlinder.example", "ACCEPTED", "Fatma Yıldız"]]
