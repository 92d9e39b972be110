"""The attendance list of Teams in the shapes it has had, in both languages."""

from datetime import UTC, date, datetime

import pytest

from eventapp.domain.errors import UnreadableFile
from eventapp.domain.teams_csv import Participant, read

DAY = date(2027, 3, 4)
AT_ONE = datetime(2027, 3, 4, 12, 0, 34, tzinfo=UTC)

ENGLISH = """1. Summary
Meeting title\tKenniskring HR
Attended participants\t3
Start time\t3/4/27, 12:58:11 PM
Meeting duration\t1h 2m 3s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Zoë van 't Hoff\t3/4/27, 1:00:34 PM\t3/4/27, 2:02:37 PM\t1h 2m 3s\tZoe@Zonnevlinder.example\t\tAttendee
Jan (Guest)\t3/4/27, 1:05:00 PM\t3/4/27, 1:07:10 PM\t2m 10s\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Zoë van 't Hoff\t3/4/27, 1:00:34 PM\t3/4/27, 2:02:37 PM\t1h 2m 3s\tzoe@zonnevlinder.example\tAttendee
"""
DUTCH = """1. Samenvatting;
Titel van vergadering;Kenniskring HR

2. Deelnemers
Naam;Eerste deelname;Laatste vertrek;Duur in vergadering;E-mail;Deelnemer-id (UPN);Rol
Zoë van 't Hoff;4-3-2027 13:00:34;4-3-2027 14:02:37;1 u 2 min 3 sec;zoe@zonnevlinder.example;;Deelnemer
"""
PER_JOIN = """Full Name,Join Time,Leave Time,Duration,Email,Role
"Hoff, Zoë van 't","04/03/2027, 13:40:00","04/03/2027, 14:00:00",20m,zoe@zonnevlinder.example,Attendee
"Hoff, Zoë van 't","04/03/2027, 13:00:34","04/03/2027, 13:10:34",10m,zoe@zonnevlinder.example,Attendee
"""
PER_ACTION = """Volledige naam\tGebruikersactie\tTijdstempel
Zoë van 't Hoff\tDeelgenomen\t4-3-2027 13:00:34
Zoë van 't Hoff\tVerlaten\t4-3-2027 13:10:34
Zoë van 't Hoff\tDeelgenomen\t4-3-2027 13:20:34
Piet Buis\tDeelgenomen\t4-3-2027 13:30:34
Piet Buis\tVerlaten\t4-3-2027 13:40:34
"""
ZOE = "zoe@zonnevlinder.example"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            ENGLISH,
            [
                Participant("Zoë van 't Hoff", ZOE, AT_ONE, 3723),
                Participant("Jan", "", datetime(2027, 3, 4, 12, 5, tzinfo=UTC), 130),
            ],
            id="English, with summary",
        ),
        pytest.param("\ufeff" + DUTCH, [Participant("Zoë van 't Hoff", ZOE, AT_ONE, 3723)], id="Dutch, with summary"),
        pytest.param(PER_JOIN, [Participant("Hoff, Zoë van 't", ZOE, AT_ONE, 1800, 2)], id="a row per join"),
        pytest.param(
            PER_ACTION,
            [
                Participant("Zoë van 't Hoff", "", AT_ONE, 1800, 2),
                Participant("Piet Buis", "", datetime(2027, 3, 4, 12, 30, 34, tzinfo=UTC), 600),
            ],
            id="a row per step, and one who never left",
        ),
        pytest.param("Naam,Duur,E-mail\nZoë,00:20:00,\n", [Participant("Zoë", "", None, 1200)], id="without times"),
        pytest.param("Name\tJoin Time\tDuration\tEmail\n\n", [], id="nobody came"),
    ],
)
def test_everybody_is_read_with_first_join_and_time_together(text, expected):
    assert read(text, day=DAY) == expected


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("3/4/2027, 1:00:34 PM", AT_ONE),
        ("04/03/2027 13:00:34", AT_ONE),
        ("2027-03-04 13:00:34", AT_ONE),
        ("4-3-27 13.00.34", AT_ONE),
        ("3/4/2027, 1:00:34\u202fp.m.", AT_ONE),
        ("3/4/2027, 12:00:34 AM", datetime(2027, 3, 3, 23, 0, 34, tzinfo=UTC)),
        ("31/31/2027 13:00", None),
        ("gisteren", None),
    ],
)
def test_dates_are_read_as_on_the_day_of_the_meeting(written, moment):
    (found,) = read(f"Name\tJoin Time\tDuration\tRole\nZoë\t{written}\t1m\tAttendee\n", day=DAY)

    assert found.since == moment


@pytest.mark.parametrize("text", ["", "Naam;Organisatie\nZoë;Zonnevlinder\n", "hallo", "\t\t\t\t\n"])
def test_any_other_file_is_refused(text):
    with pytest.raises(UnreadableFile):
        read(text, day=DAY)
