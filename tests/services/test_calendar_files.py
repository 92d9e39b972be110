"""Calendars of Outlook and Google as rows: all that is to come, on Dutch clocks, and nothing that is private."""

from datetime import date

import pytest
from icalendar import Calendar

from eventapp.domain.errors import UnreadableCalendar
from eventapp.domain.import_rows import RowProblem
from eventapp.services.importing.calendar_files import is_calendar, read_calendar
from eventapp.services.importing.repeating import Patience, days_of
from tests.factories import NOW

# Outlook writes its own zones, with names that nobody else knows.
OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def ics(*entries: str, zone: str = "") -> bytes:
    """A calendar with entries of these lines, as they are sent."""
    body = "".join(f"BEGIN:VEVENT\n{entry.strip()}\nEND:VEVENT\n" for entry in entries)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//NL\n{zone}{body}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def when(entry: str, *, zone: str = "") -> list[str]:
    """Of each row the days and times, or why it is refused."""
    return [
        line.problem.problem.value
        if line.problem
        else " ".join(line.values.get(name, "-") for name in ("datum", "van", "einddatum", "tot"))
        for line in read_calendar(ics(entry, zone=zone), now=NOW).lines
    ]


DAILY = "UID:1\nSUMMARY:A\nDTSTART;TZID=Europe/Amsterdam:20270322T093000\nDTEND;TZID=Europe/Amsterdam:20270322T113000\n"


@pytest.mark.parametrize(
    ("entry", "rows"),
    [
        ("UID:1\nDTSTART:20270714T073000Z\nDTEND:20270714T093000Z", ["14-07-2027 09.30 14-07-2027 11.30"]),
        ("UID:1\nDTSTART:20270714T093000\nDURATION:PT90M", ["14-07-2027 09.30 14-07-2027 11.00"]),
        (
            "UID:1\nDTSTART;TZID=W. Europe Standard Time:20270114T093000\nDURATION:PT1H",
            ["14-01-2027 09.30 14-01-2027 10.30"],
        ),
        (
            "UID:1\nDTSTART;TZID=America/New_York:20270714T160000\nDTEND;TZID=America/New_York:20270714T190000",
            ["14-07-2027 22.00 15-07-2027 01.00"],
        ),
        ("UID:1\nDTSTART;VALUE=DATE:20271007\nDTEND;VALUE=DATE:20271010", ["07-10-2027 09.00 09-10-2027 17.00"]),
        ("UID:1\nDTSTART;VALUE=DATE:20271007", ["07-10-2027 09.00 07-10-2027 17.00"]),
        ("UID:1\nDTSTART:20270714T093000Z", ["14-07-2027 11.30 - -"]),
        ("UID:1\nDTSTART;TZID=Nergens/Land:20270714T093000", ["zone_unknown"]),
        ("UID:1\nDTSTART:morgen", ["entry_broken"]),
        ("UID:1\nSUMMARY:Zonder tijd", ["entry_broken"]),
        ("UID:1\nDTSTART:20261214T093000Z", ["entry_past"]),
        ("UID:1\nSTATUS:CANCELLED\nDTSTART:20270714T093000Z", ["entry_cancelled"]),
        # The same time on the clock, on both sides of its change; one day left out, one added.
        (
            DAILY + "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Amsterdam:20270329T093000\nRDATE:20270601T073000Z",
            [
                "22-03-2027 09.30 22-03-2027 11.30",
                "05-04-2027 09.30 05-04-2027 11.30",
                "01-06-2027 09.30 01-06-2027 11.30",
            ],
        ),
        (
            DAILY + "RRULE:FREQ=WEEKLY;UNTIL=20270329T073000Z",
            ["22-03-2027 09.30 22-03-2027 11.30", "29-03-2027 09.30 29-03-2027 11.30"],
        ),
        # Of a series that runs already only what is to come.
        (
            DAILY.replace("20270322", "20261214") + "RRULE:FREQ=MONTHLY;COUNT=2",
            ["14-01-2027 09.30 14-01-2027 11.30"],
        ),
        (DAILY + "RRULE:FREQ=WEEKLY", ["repeats_without_end"]),
        (DAILY + "RRULE:FREQ=WEEKLY;COUNT=61", ["repeats_too_often"]),
        (DAILY + "RRULE:FREQ=SECONDLY;UNTIL=20290101T000000Z", ["repeats_too_often"]),
        (DAILY + "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", ["22-03-2027 09.30 22-03-2027 11.30"]),
        (DAILY.replace("20270322", "20200322") + "RRULE:FREQ=YEARLY;COUNT=3", ["entry_past"]),
        (DAILY + "RRULE:FREQ=DAILY;INTERVAL=0;BYMONTH=2;COUNT=2", ["repeats_unreadable"]),
        (DAILY + "RRULE:FREQ=DAILY;INTERVAL=99999999999;COUNT=2", ["repeats_unreadable"]),
        (DAILY + "RRULE:FREQ=DAILY;INTERVAL=999999999;COUNT=2", ["22-03-2027 09.30 22-03-2027 11.30"]),
        (DAILY + "RRULE:FREQ=DAILY;BYHOUR=1,2,3;COUNT=2", ["repeats_unreadable"]),
        (DAILY + "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9;COUNT=2", ["repeats_unreadable"]),
        (
            DAILY + "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=4;COUNT=2",
            ["22-03-2027 09.30 22-03-2027 11.30", "26-04-2027 09.30 26-04-2027 11.30"],
        ),
    ],
)
def test_an_entry_is_on_the_days_and_dutch_times_of_its_calendar(entry, rows):
    assert when(entry) == rows


@pytest.mark.parametrize(
    "broken",
    [
        "DTSTART:20270714T093000Z\nDURATION:P9999999D",
        "DTSTART:20270714T093000Z\nDURATION:P9999999D\nRRULE:FREQ=DAILY;COUNT=2",
        "DTSTART:99991231T235959Z",
        "DTSTART:99991231T235959Z\nDTEND:99991231T235959Z",
        "DTSTART;VALUE=DATE:99991231",
        "DTSTART:99991231T235959Z\nRRULE:FREQ=DAILY;COUNT=2",
        "DTSTART:20270714T093000\nRRULE:FREQ=DAILY;COUNT=2\nRDATE:99991231T235959Z",
        "DTSTART:20270714T093000\nRDATE:morgen",
        "DTSTART:20270714T093000Z\nRECURRENCE-ID:99991231T235959Z",
    ],
)
def test_a_moment_that_no_clock_shows_refuses_its_own_entry_only(broken):
    sound = "UID:2\nDTSTART:20270714T073000Z\nDTEND:20270714T093000Z"

    lines = read_calendar(ics(f"UID:1\nSUMMARY:A\n{broken}", sound), now=NOW).lines

    problems = {line.values["kenmerk"]: line.problem and line.problem.problem for line in lines}
    assert problems == {"1": RowProblem.ENTRY_BROKEN, "2": None}


@pytest.mark.parametrize("rate", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
def test_a_rule_that_never_falls_is_followed_to_the_horizon_and_no_further(rate):
    never = DAILY + f"RRULE:FREQ={rate};BYMONTH=2;BYMONTHDAY=30;COUNT=5"
    patience = Patience()
    (entry,) = Calendar.from_ical(ics(never)).walk("VEVENT")

    days = days_of(entry, patience)

    assert [day.start.date() for day in days] == [date(2027, 3, 22)]
    assert 0 < Patience().left - patience.left < 22 * 366


def test_all_the_rules_of_a_file_share_one_measure_of_work(monkeypatch):
    monkeypatch.setattr(Patience, "__init__", lambda self: setattr(self, "left", 20_000))
    never = DAILY + "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"
    hangs = DAILY + "RRULE:FREQ=DAILY;INTERVAL=0;BYMONTH=2;COUNT=2"

    lines = read_calendar(ics(*[never, hangs] * 1000), now=NOW).lines

    taken = [line.number for line in lines if not line.problem]
    assert (len(lines), taken) == (2000, [2, 4])
    assert {line.problem.problem for line in lines if line.problem} == {RowProblem.REPEATS_UNREADABLE}


def test_a_zone_of_outlook_itself_is_followed():
    entry = "UID:1\nDTSTART;TZID=Customized Time Zone:20270714T093000\nDTEND;TZID=Customized Time Zone:20270714T103000"

    assert when(entry, zone=OUTLOOK_ZONE) == ["14-07-2027 09.30 14-07-2027 10.30"]


def test_a_zone_is_what_its_own_file_says_and_nothing_in_the_next():
    entry = "UID:1\nDTSTART;TZID=Customized Time Zone:20270714T093000\nDURATION:PT1H"
    shifted = OUTLOOK_ZONE.replace("+0200", "+0500")

    read = [when(entry, zone=OUTLOOK_ZONE), when(entry, zone=shifted), when(entry)]

    assert read == [["14-07-2027 09.30 14-07-2027 10.30"], ["14-07-2027 06.30 14-07-2027 07.30"], ["zone_unknown"]]


def test_a_day_of_a_series_that_was_moved_stands_once_under_the_sign_of_that_day():
    series = DAILY + "RRULE:FREQ=WEEKLY;COUNT=3"
    moved = (
        "UID:1\nSUMMARY:A verplaatst\nRECURRENCE-ID;TZID=Europe/Amsterdam:20270329T093000\n"
        "DTSTART:20270330T120000Z\nDTEND:20270330T130000Z"
    )
    off = "UID:1\nSUMMARY:A\nSTATUS:CANCELLED\nRECURRENCE-ID:20270405T073000Z\nDTSTART:20270405T073000Z"

    lines = read_calendar(ics(series, moved, off), now=NOW).lines

    assert [(line.values["kenmerk"], line.values["datum"], bool(line.problem)) for line in lines] == [
        ("1#20270322T0930", "22-03-2027", False),
        ("1#20270329T0930", "30-03-2027", False),
        ("1#20270405T0930", "05-04-2027", True),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "LOCATION:Congrescentrum De Driehoek\\, Driehoekplein 1\\, 3511 AB Utrecht\\, Nederland",
            {
                "locatie": "Congrescentrum De Driehoek",
                "adres": "Driehoekplein 1",
                "postcode": "3511 AB",
                "plaats": "Utrecht",
                "vorm": "fysiek",
            },
        ),
        ("LOCATION:De Driehoek\\, Utrecht", {"locatie": "De Driehoek, Utrecht", "vorm": "fysiek"}),
        (
            "LOCATION:Zaal 1\\; Microsoft Teams-vergadering\nX-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/x",
            {"locatie": "Zaal 1", "vorm": "hybride", "online link": "https://teams.microsoft.com/l/x"},
        ),
        (
            "LOCATION:https://eu01web.zoom.us/j/1?pwd=geheim",
            {"vorm": "online", "online link": "https://eu01web.zoom.us/j/1?pwd=geheim"},
        ),
        (
            "DESCRIPTION:Over nieuwbouw\\n\\n________________\\nMicrosoft Teams\\nWachtwoord: abc",
            {"tekst": "Over nieuwbouw"},
        ),
        (
            "DESCRIPTION:<p>Over <b>nieuwbouw</b> &amp; meer</p>Doe mee: https://meet.google.com/a-b<br>Tot dan",
            {
                "tekst": "Over nieuwbouw & meer\nTot dan",
                "vorm": "online",
                "online link": "https://meet.google.com/a-b",
            },
        ),
        (
            "DESCRIPTION:Kijk op https://nep-teams.microsoft.com.evil.example/",
            {"tekst": "Kijk op https://nep-teams.microsoft.com.evil.example/"},
        ),
    ],
)
def test_place_link_and_text_stand_where_they_belong(lines, said):
    entry = f"UID:1\nSUMMARY:Een lange\n  titel\\, met komma\nDTSTART:20270714T073000Z\n{lines}"

    (line,) = read_calendar(ics(entry), now=NOW).lines

    rest = {name: text for name, text in line.values.items() if name not in ("kenmerk", "titel", "datum", "van")}
    assert (line.values["titel"], rest) == ("Een lange titel, met komma", said)


def test_nothing_of_a_private_entry_nor_of_who_is_invited_is_read():
    entry = (
        "UID:1\nCLASS:PRIVATE\nSUMMARY:Tandarts\nDESCRIPTION:Wortelkanaal\nDTSTART:20270714T073000Z\n"
        "ORGANIZER;CN=Kees:mailto:kees@kindcentra.example\nATTENDEE:mailto:jan@zonnevlinder.example"
    )

    sheet = read_calendar(ics(entry, entry.replace("CLASS:PRIVATE\n", "RRULE:FREQ=DAILY\nCLASS:PRIVATE\n")), now=NOW)
    seen = read_calendar(ics(entry.replace("CLASS:PRIVATE\n", "")), now=NOW)

    assert [set(line.values.values()) for line in sheet.lines] == [{"1", "Privéafspraak"}] * 2
    assert "example" not in str(seen.lines)


@pytest.mark.parametrize(
    "content", [b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\n" + b"\xff" * 50, b""]
)
def test_a_calendar_with_nothing_to_read_is_refused(content):
    with pytest.raises(UnreadableCalendar):
        read_calendar(content, now=NOW)


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n", True),
        ("BEGIN:VCALENDAR\r\n".encode("utf-16"), True),
        (b"titel;datum\n", False),
        (b"PK\x03\x04", False),
    ],
)
def test_a_calendar_is_known_by_what_is_in_it(content, known):
    assert is_calendar(content) == known
