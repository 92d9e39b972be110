"""Importing: nothing before it is asked for, all that may be, twice without effect, and whole after a break."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import SYSTEM
from eventapp.domain.events import TargetGroup
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.pricing import Category, Relation
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    Job,
    JobFile,
    JobLine,
    Membership,
    Organisation,
    OrganisationDomain,
    OrganisationPerson,
    Person,
    PersonAddress,
    PersonStatus,
)
from eventapp.services import carrying_out, importing, jobs
from eventapp.services.jobs import StoredFile
from eventapp.services.long_work import RUNNERS
from tests.factories import make_organisation, make_person
from tests.statements import listening

HEAD = "voornaam;tussenvoegsel;achternaam;e-mail;functiegroep;organisatie;opgegeven tot;status;regio;van;tot\n"
RIK = "Rik;;Voorbeeld;rik@prive.example;Bestuurder;Zonnevlinder;31-12-2027;Ambassadeur;Noord;01-01-2026;\n"
FATMA = "Fatma;;Yıldız;Fatma@Zonnevlinder.example;;zonnevlinder.example;;;;;\n"
ORGANISATIONS = (
    "naam;soort;relatie;plaats;provincie;maildomeinen;lid vanaf;lid tot\n"
    "Regenboom;Onderwijs en opvang samen;lid;Zwolle;overijssel;regenboom.example, @kc-boom.example.;1-1-2027;\n"
    "Zonnevlinder;;;Assen;Drenthe;;;\n"
)


def job(kind: JobKind, text: str, *, what: str = "people", skip_refused: bool = False) -> Job:
    parameters = {"what": what, "skip_refused": skip_refused}
    file = StoredFile("lijst.csv", "text/csv", text.encode())
    number = carrying_out.run_here(RUNNERS, kind, parameters, by=SYSTEM, clock=clock, file=file)
    return db.session.get_one(Job, number, populate_existing=True)


def clock() -> datetime:
    return datetime.fromisoformat("2027-01-11T09:00:00+00:00")


def imported(text: str, **more) -> list[int]:
    """How many were new, changed, unchanged and refused."""
    found = job(JobKind.IMPORT, text, **more)
    assert found.state == JobState.DONE, (found.refusal, found.last_error)
    return list(found.result["counts"].values())


def everything() -> dict[str, list]:
    """The rows of every table that an import may change."""
    models = (Person, PersonAddress, PersonStatus, OrganisationPerson, Organisation, OrganisationDomain, Membership)
    return {
        model.__tablename__: [tuple(row) for row in db.session.execute(sa.select(model.__table__).order_by("id"))]
        for model in models
    }


def test_people_come_in_with_status_function_group_and_naming_and_twice_changes_nothing(app: Flask) -> None:
    make_organisation("Zonnevlinder", domains=("zonnevlinder.example",))

    preview = job(JobKind.IMPORT_PREVIEW, HEAD + RIK + FATMA)
    untouched = everything()["people"]
    first = imported(HEAD + RIK + FATMA)
    after = everything()
    again = imported(HEAD + RIK + FATMA)

    rik, fatma = db.session.scalars(sa.select(Person).order_by(Person.id))
    assert (preview.result["counts"], untouched) == ({"new": 2, "changed": 0, "unchanged": 0, "refused": 0}, [])
    assert (first, again, everything() == after) == ([2, 0, 0, 0], [0, 0, 2, 0], True)
    assert (rik.function_group, rik.address, rik.addresses[0].proven_at) == (
        TargetGroup.BESTUURDER,
        "rik@prive.example",
        None,
    )
    assert [(one.category, one.region, one.starts_on, one.ends_on) for one in rik.statuses] == [
        (Category.AMBASSADEUR, "Noord", date(2026, 1, 1), None)
    ]
    assert list(db.session.execute(sa.select(OrganisationPerson.person_id, OrganisationPerson.ends_on))) == [
        (rik.id, date(2027, 12, 31))
    ]
    assert (fatma.family_name, fatma.address) == ("Yıldız", "fatma@zonnevlinder.example")
    notes = db.session.execute(sa.select(AuditEntry.act, sa.func.count()).group_by(AuditEntry.act)).all()
    assert dict(map(tuple, notes))["person_imported"] == 2


def test_organisations_come_in_with_domains_and_periods_and_twice_changes_nothing(app: Flask) -> None:
    known = make_organisation("Zonnevlinder", domains=("zonnevlinder.example",)).id

    first = imported(ORGANISATIONS, what="organisations")
    after = everything()
    again = imported(ORGANISATIONS, what="organisations")

    new = db.session.scalars(sa.select(Organisation).where(Organisation.id != known)).one()
    assert (first, again, everything() == after) == ([1, 1, 0, 0], [0, 0, 2, 0], True)
    assert (new.name, new.region) == ("Regenboom", "Overijssel")
    assert sorted(one.domain for one in new.domains) == ["kc-boom.example", "regenboom.example"]
    assert [(one.relation, one.starts_on, one.ends_on) for one in new.memberships] == [
        (Relation.LID, date(2027, 1, 1), None)
    ]
    assert db.session.get_one(Organisation, known).city == "Assen"


def test_preview_says_per_row_what_changes_and_why_one_is_refused(app: Flask) -> None:
    make_person("Rik", "", "Voorbeeld", address="rik@prive.example")
    rows = [
        "RIK;;Voorbeeld;rik@prive.example;;;;bestuur;;1-1-2027;",
        ";;;leeg@prive.example;;;;;;;",
        "Jan;;Jansen;;;;;;;;",
        "Jan;;Jansen;jan@prive.example.;;;;;;;",
        "Jan;;Jansen;jan@prive.example;;;;koning;;1-1-2026;",
        "Jan;;Jansen;jan@prive.example;;;;bestuur;;;",
        "Jan;;Jansen;jan@prive.example;;;;bestuur;;31-2-2026;",
        "Jan;;Jansen;jan@prive.example;;Onbekend;;;;;",
        f"{'J' * 101};;Jansen;jan@prive.example;;;;;;;",
        "rik;;Voorbeeld;rik@prive.example;;;;;;;",
        "Jan;;Jansen;jan@prive.example;;;;;;;",
        "Jan;;Jansen;jan@prive.example;;;;;;;",
        "Fatma;;Y?ld?z;fatma@prive.example;;;;;;;",
    ]

    number = job(JobKind.IMPORT_PREVIEW, HEAD + "\n".join(rows)).id

    found = db.session.scalars(sa.select(JobLine).where(JobLine.job_id == number).order_by(JobLine.line)).all()
    assert found[0].facts["changes"] == [
        ["naam", "Rik Voorbeeld", "RIK Voorbeeld"],
        ["status", "", "Bestuur"],
        ["van", "", "01-01-2027"],
    ]
    assert [(row.line, row.outcome) for row in found] == [
        (2, "changed"),
        *((line, "refused") for line in range(3, 12)),
        (12, "new"),
        (13, "refused"),
        (14, "refused"),
    ]
    reasons = [row.facts["reason"] for row in found if row.outcome == "refused"]
    assert [reason.split()[0] for reason in reasons] == [
        *("Er", "Er", "“jan@prive.example.”", "“koning”", "Vul"),
        *("“31-2-2026”", "De", "“voornaam”", "Op", "Dit", "In"),
    ]
    file = db.session.scalars(sa.select(JobFile).where(JobFile.job_id == number, JobFile.role == "refused")).one()
    assert len(file.content.decode("utf-8-sig").splitlines()) == 12


def test_a_refused_row_stops_all_of_it_unless_the_rest_may_go_on(app: Flask) -> None:
    text = HEAD + "Jan;;Fout;geen-adres;;;;;;;\n" + RIK.replace("Zonnevlinder;31-12-2027", ";")

    stopped = job(JobKind.IMPORT, text)
    nothing = everything()["people"]
    rest = imported(text, skip_refused=True)

    assert (stopped.state, stopped.refusal["code"], nothing) == (JobState.FAILED, "rows_refused", [])
    assert rest == [1, 0, 0, 1]


def test_refused_domains_never_come_in(app: Flask) -> None:
    make_organisation("Zonnevlinder", domains=("zonnevlinder.example",))
    head = "naam;soort;relatie;lid vanaf;maildomeinen\n"
    typed = ["gratismail.example", "zonnevlinder.example", "zonnevlinder.example.evil.example", "Zonnevlínder.example"]

    text = head + "".join(f"Boef {n};overig;lid;1-1-2027;{domain}\n" for n, domain in enumerate(typed))
    counts = imported(text, what="organisations", skip_refused=True)

    assert counts == [0, 0, 0, 4]
    assert list(db.session.scalars(sa.select(OrganisationDomain.domain))) == ["zonnevlinder.example"]


def test_somebody_in_the_list_with_two_addresses_gets_a_status_once(app: Flask) -> None:
    person = make_person("Rik", "", "Voorbeeld", address="rik@prive.example")
    db.session.add(PersonAddress.of(person, "rik@werk.example"))
    db.session.commit()
    row = "Rik;;Voorbeeld;{};;;;bestuur;;1-1-2027;\n"

    counts = imported(HEAD + row.format("rik@prive.example") + row.format("rik@werk.example"))

    assert counts == [0, 1, 1, 0]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PersonStatus)) == 1


def test_an_import_that_was_broken_off_is_finished_by_another_worker(app: Flask, now: datetime) -> None:
    rows = "".join(f"Jan{n};;Jansen;jan{n}@prive.example;;;;;;;\n" for n in range(600))
    file = StoredFile("lijst.csv", "text/csv", (HEAD + rows).encode())
    stops = iter([False, False, False, True])

    number = jobs.enqueue(JobKind.IMPORT, {"what": "people", "skip_refused": False}, by=SYSTEM, now=now, file=file)
    carrying_out.run_next(RUNNERS, clock=lambda: now, stopping=lambda: next(stops))
    half = db.session.get_one(Job, number, populate_existing=True).done
    written = len(everything()["people"])
    carrying_out.run_next(RUNNERS, clock=lambda: now + timedelta(minutes=1))

    whole = db.session.get_one(Job, number, populate_existing=True)
    assert (half, written) == (250, 250)
    assert (whole.state, whole.done, whole.result["counts"]["new"]) == (JobState.DONE, 600, 600)
    assert len(everything()["people"]) == 600


@pytest.mark.both_databases
def test_many_known_people_are_read_with_as_few_statements_and_values_as_a_few(app: Flask) -> None:
    make_organisation("Zonnevlinder")
    status = "Zonnevlinder;31-12-2027;Ambassadeur;Noord;01-01-2026;"
    lists = [HEAD + "".join(f"Jan{n};;Jansen;jan{n}@prive.example;;{status}\n" for n in range(of)) for of in (2, 200)]
    imported(lists[1])

    asked = []
    for text in lists:
        with listening() as heard:
            counts = imported(text)
        reads = [(statement, len(values)) for statement, values in heard if statement.startswith("SELECT")]
        asked.append((counts[:2] + counts[3:], reads))

    assert asked[0] == asked[1]
    assert max(values for _, values in asked[1][1]) < 5


def test_a_file_that_is_no_list_fails_with_its_reason(app: Flask) -> None:
    found = job(JobKind.IMPORT_PREVIEW, "Geachte heer,\n")

    assert (found.state, found.refusal["code"]) == (JobState.FAILED, "columns_missing")


def test_the_example_files_can_be_read(app: Flask) -> None:
    make_organisation("Zonnevlinder", domains=("zonnevlinder.example",))

    people = imported(importing.example("people").decode("utf-8-sig"))
    organisations = imported(importing.example("organisations").decode("utf-8-sig"), what="organisations")

    assert (people, organisations) == ([3, 0, 0, 0], [2, 0, 0, 0])
