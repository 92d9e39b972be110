"""Importing events: from what people type, as drafts, twice without effect, and nothing that is public is touched."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM
from eventapp.domain.event_kinds import standing
from eventapp.domain.events import EventForm, EventKind, EventState, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.import_events import decide
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.times import AMSTERDAM
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, EventPrice, EventSlug, Job, JobLine
from eventapp.services import carrying_out, importing, jobs, organising
from eventapp.services.event_rows import details_of
from eventapp.services.importing.events import EventsList
from eventapp.services.importing.files import read_sheet
from eventapp.services.jobs import StoredFile
from eventapp.services.long_work import RUNNERS
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE, make_event
from tests.services.test_calendar_files import DAILY, ics
from tests.services.test_import_files import xlsx

HEAD = "titel;datum;van;tot"


def job(kind_of_job: JobKind, content: str | bytes, **parameters: object) -> Job:
    content = content.encode() if isinstance(content, str) else content
    file = StoredFile("lijst", "text/csv", content)
    parameters = {"what": "events", "skip_refused": True, "kind": "kenniskring", **parameters}
    number = carrying_out.run_here(RUNNERS, kind_of_job, parameters, by=SYSTEM, clock=lambda: NOW, file=file)
    return db.session.get_one(Job, number, populate_existing=True)


def imported(content: str | bytes, **parameters: object) -> list[int]:
    """How many were new, changed, unchanged and refused."""
    found = job(JobKind.IMPORT, content, **parameters)
    assert found.state == JobState.DONE, (found.refusal, found.last_error)
    return list(found.result["counts"].values())


def lines(content: str | bytes) -> list[tuple[str, str]]:
    """What the preview says of each row, with why it is refused."""
    number = job(JobKind.IMPORT_PREVIEW, content).id
    found = db.session.scalars(sa.select(JobLine).where(JobLine.job_id == number).order_by(JobLine.line))
    return [(line.outcome, line.facts["reason"]) for line in found]


def events() -> list[Event]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Event).order_by(Event.starts_at, Event.id)))


def test_the_example_makes_drafts_with_all_that_is_in_it_and_twice_changes_nothing(app):
    example = importing.example("events")

    first = imported(example)
    versions = [event.version for event in events()]
    again = imported(example)

    circle, masterclass, elsewhere = events()
    assert (first, again, [event.version for event in events()]) == ([3, 0, 0, 0], [0, 0, 3, 0], versions)
    assert {event.state for event in events()} == {EventState.DRAFT}
    assert (circle.title, circle.kind, circle.form, circle.places.size, circle.visibility) == (
        *("Kenniskring Huisvesting", EventKind.KENNISKRING),
        *(EventForm.ONLINE, 60, Visibility.OPENBAAR),
    )
    assert (circle.starts_at, circle.ends_at) == (
        datetime(2027, 1, 21, 8, 30, tzinfo=UTC),
        datetime(2027, 1, 21, 10, 30, tzinfo=UTC),
    )
    assert [row.code for row in circle.fields] == [Field.HUISVESTING]
    assert {row.code for row in masterclass.target_groups} == {TargetGroup.BESTUURDER, TargetGroup.DIRECTEUR}
    prices = {line.category: (line.admission, line.price_cents) for line in masterclass.price_lines}
    assert (prices[Category.LID], prices[Category.NIET_LID]) == ((Admission.PRIJS, 14_500), (Admission.PRIJS, 24_500))
    assert prices[Category.BESTUUR] == (Admission.GRATIS, 0)
    assert (elsewhere.registration, elsewhere.external_url) == (
        RegistrationMode.ELDERS,
        "https://ikc-dag.example/aanmelden",
    )
    assert (elsewhere.starts_at, elsewhere.ends_at) == (
        datetime(2027, 10, 5, 7, 30, tzinfo=UTC),
        datetime(2027, 10, 5, 14, 30, tzinfo=UTC),
    )
    acts = dict(db.session.execute(sa.select(AuditEntry.act, sa.func.count()).group_by(AuditEntry.act)).all())
    assert (acts["event_created"], acts["events_imported"], "event_changed" in acts) == (3, 2, False)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\nKring;14-04-2027;9.30;11:00\n".encode("cp1252"),
        f"{HEAD}\nKring;2027-04-14;09:30 uur;11 uur\n".encode("utf-8-sig"),
        b"Onderwerp,Begindatum,Begintijd,Einddatum,Eindtijd\nKring,14/04/2027,09:30:00,14/04/2027,11:00:00\n",
        f"{HEAD}\nKring;wo 14 april 2027;9u30;11.00\n".encode(),
        b"titel;datum;tijd\nKring;14.04.2027;09.30-11.00 uur\n",
        b"titel;datum;van;tot\nKring;46491;0,395833333333333;0,458333333\n",
        b"titel;datum;tot\nKring;14-04-2027 om 09.30 uur;14-04-2027 11.00\n",
        xlsx(
            ("Titel", "DATUM", "Van", "Tot"),
            ("Kring", datetime(2027, 4, 14), datetime(2027, 4, 14, 9, 30).time(), 11 / 24),
        ),
        xlsx(("titel", "datum", "tot"), ("Kring", datetime(2027, 4, 14, 9, 30), datetime(2027, 4, 14, 11))),
        xlsx(("titel", "datum", "van", "tot"), ("Kring", 46491, "9.30", "11:00")),
    ],
)
def test_days_and_times_are_read_however_they_are_written(content):
    (row,) = EventsList.read(read_sheet(content, EventsList.columns).lines)

    assert (row.title, row.day, row.begins, row.last_day or row.day, row.ends) == (
        *("Kring", date(2027, 4, 14), time(9, 30)),
        *(date(2027, 4, 14), time(11)),
    )


def test_every_row_that_cannot_be_taken_says_why(app):
    once = make_event(title="Anders").id
    with transaction() as session:
        session.add(EventSlug(slug="bezet", event_id=once))
    head = "titel;datum;van;tot;soort;plaatsen;prijs lid;aanmelden;link;online link;webadres;vorm\n"
    day = "14-04-2027;9.30;11.00"
    rows = {
        f";{day}": "Er staat geen titel.",
        "A;;9.30;11.00": "Er staat geen datum.",
        "A;31-2-2027;9.30;11.00": "“31-2-2027” bij “datum” is geen datum; schrijf bijvoorbeeld 31-12-2027.",
        "A;14-04-2027;9.3;11.00": "“9.3” bij “van” is geen tijd; schrijf bijvoorbeeld 09.30.",
        "A;14-04-2027;0,25;11.00": "“0,25” bij “van” is geen tijd; schrijf bijvoorbeeld 09.30.",
        "A;14-04-2027;25.00;26.00": "“25.00” bij “van” is geen tijd; schrijf bijvoorbeeld 09.30.",
        "A;14-04-2027;11.00;9.30": "Het einde ligt niet na het begin.",
        "A;28-03-2027;02.30;11.00": "Op 28-03-2027 bestaat 02.30 uur niet: dan gaat de klok vooruit.",
        f"A;{day};feest": "“feest” kennen wij niet bij “soort”.",
        f"A;{day};;0": "“0” bij “plaatsen” is geen getal van 1 tot en met 100000.",
        f"A;{day};;;veel": "“veel” is geen bedrag.",
        f"A;{day};;;;elders": "Vul bij “link” in waar men zich aanmeldt.",
        f"A;{day};;;;elders;ikc-dag": "“ikc-dag” bij “link” is geen volledig webadres; het begint met https://.",
        f"A;{day};;;;;;http://meet.example/x": "De link om mee te doen moet met https:// beginnen.",
        f"A;{day};;;;;;;Met Hoofdletters": "“Met Hoofdletters” kan geen webadres zijn",
        f"A;{day};;;;;;;bezet": "Dit webadres is al in gebruik.",
        f"{'A' * 201};{day}": "“titel” is te lang: hooguit 200 tekens.",
    }

    # Each a title of its own.
    found = lines(head + "\n".join(re.sub("^A;", f"A{number};", row) for number, row in enumerate(rows)))

    assert [reason[: len(said)] for (_, reason), said in zip(found, rows.values(), strict=True)] == list(rows.values())
    assert {outcome for outcome, _ in found} == {"refused"}


def test_a_new_event_needs_a_kind_and_the_same_one_stands_once_in_a_file(app):
    row = "A;14-04-2027;9.30;11.00\n"

    without_kind = job(JobKind.IMPORT_PREVIEW, f"{HEAD}\n{row}", kind=None).result["counts"]
    found = lines(f"{HEAD}\n{row}{row}")

    assert without_kind["refused"] == 1
    assert found == [("new", ""), ("refused", "Dit staat ook al op regel 2.")]


@pytest.mark.parametrize(
    ("kind", "times", "stands"),
    [
        ("ALV", ";", ("2027-04-14 14:00", "2027-04-14 17:00", EventForm.HYBRIDE, Visibility.LEDEN)),
        ("ALV", "19.30;", ("2027-04-14 19:30", "2027-04-14 22:30", EventForm.HYBRIDE, Visibility.LEDEN)),
        ("Overleg", ";12.00", ("2027-04-14 10:00", "2027-04-14 12:00", EventForm.ONLINE, Visibility.BESLOTEN)),
        ("Studiereis", ";", ("2027-04-14 08:00", "2027-04-16 18:00", EventForm.FYSIEK, Visibility.OPENBAAR)),
        ("Extern", ";", ("2027-04-14 09:30", "2027-04-14 16:30", EventForm.FYSIEK, Visibility.OPENBAAR)),
    ],
)
def test_what_a_row_leaves_out_is_as_its_kind_usually_is(kind, times, stands):
    (row,) = EventsList.read(
        read_sheet(f"{HEAD};soort\nA;14-04-2027;{times};{kind}".encode(), EventsList.columns).lines
    )

    after = decide(row, None, kind=None).after

    shown = [f"{one.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}" for one in (after.starts_at, after.ends_at)]
    assert (*shown, after.form, after.visibility) == stands
    assert (after.registration == RegistrationMode.ELDERS, after.prices) == (kind == "Extern", standing(after.prices))


def test_a_draft_of_a_kind_that_is_elsewhere_may_wait_for_its_link(app):
    assert imported(f"{HEAD};soort\nA;14-04-2027;;;Extern\n") == [1, 0, 0, 0]


def test_a_row_changes_a_draft_but_never_what_people_may_rely_on(app):
    draft = make_event(title="Kring", state=EventState.DRAFT, starts_at=datetime(2027, 4, 14, 7, 30, tzinfo=UTC))
    shown = make_event(title="Themadag", starts_at=datetime(2027, 4, 15, 7, 30, tzinfo=UTC))
    details = details_of(shown)
    text = (
        "titel;datum;van;tot;plaats;prijs lid\nKRING;14-04-2027;10.00;;Zwolle;op uitnodiging\n"
        "Themadag;15-04-2027;10.00;;;\n"
    )

    counts = imported(text)
    same = lines("titel;datum;van;tot\nThemadag;15-04-2027;09.30;13.30\n")

    kring, themadag = events()
    assert (counts, same) == ([0, 1, 0, 1], [("unchanged", "")])
    assert (kring.id, kring.title, kring.city, kring.starts_at, kring.ends_at) == (
        *(draft.id, "KRING", "Zwolle"),
        *(datetime(2027, 4, 14, 8, tzinfo=UTC), datetime(2027, 4, 14, 11, 30, tzinfo=UTC)),
    )
    assert {line.category: line.admission for line in kring.price_lines}[Category.LID] == Admission.UITNODIGING
    assert {line.category: line.price_cents for line in kring.price_lines}[Category.NIET_LID] == 9500
    assert details_of(themadag) == details


def test_what_the_office_made_of_a_draft_is_found_again_by_its_sign(app):
    file = f"kenmerk;{HEAD}\nX1;Kring;14-04-2027;9.30;11.00\n;Andere kring;15-04-2027;9.30;11.00\n"
    imported(file)
    for event in events():
        later = details_of(event)
        renamed = {"title": f"{event.title} anders", "starts_at": later.starts_at - timedelta(days=1)}
        organising.change_event(
            event.id, later.__class__(**{**vars(later), **renamed}), version=event.version, by=OFFICE, now=NOW
        )

    again = imported(file)

    assert (again, [event.title for event in events()]) == ([0, 2, 0, 0], ["Kring", "Andere kring"])


def test_a_list_without_signs_leaves_the_one_of_the_calendar(app):
    calendar = ics(DAILY)
    imported(calendar)
    row = "22-03-2027;10.00;11.30;a\n"

    counts = imported(f"{HEAD};webadres\nAnders;{row}")
    again = imported(calendar)

    (event,) = events()
    assert (counts, again) == ([0, 1, 0, 0], [0, 1, 0, 0])
    assert (event.external_id, event.title) == ("1", "A")


def test_two_rows_about_one_event_are_a_double_however_they_name_it(app):
    imported(f"kenmerk;{HEAD};webadres\nX1;Kring;14-04-2027;9.30;11.00;kring\n")
    (event,) = events()
    day = "14-04-2027;10.00;11.00"
    others = "".join(f";Ander {n};15-04-2027;9.30;11.00;\n" for n in range(30))
    file = f"kenmerk;{HEAD};webadres\n;Kring;{day};kring\nX1;Kring nu;{day};\n{others}{event.calendar_uid};Nog;{day};\n"

    previewed, counts = lines(file), imported(file)

    assert [reason for outcome, reason in previewed if outcome == "refused"] == ["Dit staat ook al op regel 2."] * 2
    assert counts == [30, 1, 0, 2]
    assert [(one.external_id, one.title) for one in events() if one.id == event.id] == [("X1", "Kring")]


def test_a_calendar_becomes_a_draft_a_day_and_our_own_entries_are_known(app):
    ours = make_event(title="Themadag", starts_at=datetime(2027, 4, 15, 7, 30, tzinfo=UTC))
    own = f"UID:{ours.calendar_uid}\nSUMMARY:Themadag\nDTSTART:20270415T073000Z\nDTEND:20270415T113000Z"
    file = ics(DAILY + "RRULE:FREQ=WEEKLY;COUNT=3", own)

    first, again = imported(file), imported(file)

    assert (first, again) == ([3, 0, 1, 0], [0, 0, 4, 0])
    assert [(event.title, event.slug) for event in events()[:3]] == [("A", "a"), ("A", "a-2"), ("A", "a-3")]


def test_an_import_of_events_that_was_broken_off_is_finished_without_doubles(app):
    rows = "".join(f"Kring {n};{1 + n % 28:02}-05-2027;9.30;11.00\n" for n in range(60))
    file = StoredFile("lijst.csv", "text/csv", f"{HEAD}\n{rows}".encode())
    parameters = {"what": "events", "skip_refused": False, "kind": "kenniskring"}
    stops = iter([False, False, False, True])

    number = jobs.enqueue(JobKind.IMPORT, parameters, by=SYSTEM, now=NOW, file=file)
    carrying_out.run_next(RUNNERS, clock=lambda: NOW, stopping=lambda: next(stops))
    half = len(events())
    carrying_out.run_next(RUNNERS, clock=lambda: NOW + timedelta(minutes=1))

    assert (half, len(events()), len({event.title for event in events()})) == (25, 60, 60)
    assert db.session.get_one(Job, number, populate_existing=True).result["counts"]["new"] == 60
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EventPrice)) == 360
