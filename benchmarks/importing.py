"""Importing 20,000 people and 500 organisations against writing the same rows bare, in one transaction each."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from benchmarks.measuring import Databases, Measured, seconds
from config import TestConfig
from eventapp.domain.actors import SYSTEM
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.names import name_key, sort_key
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import Job, Membership, Organisation, OrganisationDomain, Person, PersonAddress, PersonStatus
from eventapp.services import carrying_out
from eventapp.services.jobs import StoredFile
from eventapp.services.long_work import RUNNERS
from eventapp.transaction import transaction

ORGANISATIONS = 500
PEOPLE = 20_000
_SINCE = date(2024, 1, 1)
_INFIXES = ("", "", "van", "van der", "de")


def run(databases: Databases) -> Iterator[Measured]:
    """Each row is looked at twice by the preview and the import; both are in our time, and so is reading the file."""
    organisations, people = _organisations_file(), _people_file()
    for kind in databases.kinds:
        with databases.app(kind):
            bare = seconds(_bare_organisations), seconds(_bare_people)
        with databases.app(kind):
            ours = _imported("organisations", organisations), _imported("people", people)
            again = _imported("people", people)
        yield Measured(f"import {ORGANISATIONS} organisations", kind, ours[0], bare[0])
        yield Measured(f"import {PEOPLE} people", kind, ours[1], bare[1])
        yield Measured(f"the same {PEOPLE} people again", kind, again, bare[1])


def _imported(what: str, content: bytes) -> float:
    return seconds(lambda: (_job(JobKind.IMPORT_PREVIEW, what, content), _job(JobKind.IMPORT, what, content)))


def _job(kind: JobKind, what: str, content: bytes) -> None:
    parameters = {"what": what, "skip_refused": False}
    file = StoredFile("list.csv", "text/csv", content)
    job_id = carrying_out.run_here(RUNNERS, kind, parameters, by=SYSTEM, clock=lambda: TestConfig.NOW, file=file)
    job = db.session.get_one(Job, job_id, populate_existing=True)
    assert (job.state, job.result["counts"]["refused"]) == (JobState.DONE, 0), (job.state, job.refusal, job.result)


def _organisation(number: int) -> tuple[str, str]:
    """Name and mail domain; domains that look alike would be refused."""
    return f"Organisatie {number:03}", f"{digest(f'organisation {number}')[:12]}.example"


def _person(number: int) -> tuple[str, str, str, str]:
    domain = _organisation(number % ORGANISATIONS)[1]
    return f"Voornaam{number}", _INFIXES[number % len(_INFIXES)], f"Achternaam{number % 997}", f"p{number}@{domain}"


def _organisations_file() -> bytes:
    rows = ((*_organisation(n), "Kinderopvang", "Lid", "01-01-2024") for n in range(ORGANISATIONS))
    return _file(("naam", "maildomeinen", "soort", "relatie", "lid vanaf"), rows)


def _people_file() -> bytes:
    """One in fifty is ambassadeur, and everybody names the organisation."""
    rows = (
        (
            *_person(n),
            _organisation(n % ORGANISATIONS)[0],
            *(("Ambassadeur", "01-01-2024") if n % 50 == 0 else ("", "")),
        )
        for n in range(PEOPLE)
    )
    return _file(("voornaam", "tussenvoegsel", "achternaam", "e-mail", "organisatie", "status", "van"), rows)


def _file(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()


def _bare_organisations() -> None:
    with transaction() as session:
        rows = [{"name": _organisation(n)[0]} for n in range(ORGANISATIONS)]
        kind = {"kind": OrganisationKind.KINDEROPVANG}
        ids = session.scalars(_ordered(Organisation), [{**row, **kind} for row in rows]).all()
        domains = [{"organisation_id": key, "domain": _organisation(n)[1]} for n, key in enumerate(ids)]
        session.execute(sa.insert(OrganisationDomain), domains)
        session.execute(
            sa.insert(Membership),
            [{"organisation_id": key, "starts_on": _SINCE, "relation": Relation.LID} for key in ids],
        )


def _bare_people() -> None:
    with transaction() as session:
        people = [_person(n) for n in range(PEOPLE)]
        names = [
            {"given_name": a, "infix": b, "family_name": c, "sort_key": sort_key(a, b, c), "created_at": TestConfig.NOW}
            for a, b, c, _ in people
        ]
        ids = session.scalars(_ordered(Person), names).all()
        found = list(zip(ids, people, strict=True))
        addresses = [{"person_id": key, "address": one[3], "name_key": name_key(*one[:3])} for key, one in found]
        session.execute(sa.insert(PersonAddress), addresses)
        statuses = [{"person_id": key, "category": Category.AMBASSADEUR, "starts_on": _SINCE} for key in ids[::50]]
        session.execute(sa.insert(PersonStatus), statuses)


def _ordered(model: type[Person] | type[Organisation]) -> Any:
    return sa.insert(model).returning(model.id, sort_by_parameter_order=True)
