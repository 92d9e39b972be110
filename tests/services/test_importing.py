"""Importing people: row by row, refused with a reason, and twice without effect."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import SYSTEM
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import AuditEntry, Person, PersonStatus
from eventapp.services.importing import Fate, ImportReport, UnreadableFile, import_people

HEAD = "voornaam;tussenvoegsel;achternaam;e-mail;status;regio;van;tot\n"
RIK = "Rik;;Voorbeeld;rik@eigenwijs.example;ambassadeur;Noord;01-01-2026;\n"
FATMA = "Fatma;;Yıldız;Fatma@Zonnevlinder.example;;;;\n"
BAD = "Jan;;Fout;geen-adres;;;;\n"


def imported(text: str, now: datetime, *, skip_refused: bool = False, encoding: str = "utf-8") -> ImportReport:
    return import_people(text.encode(encoding), skip_refused=skip_refused, by=SYSTEM, now=now)


def fates(report: ImportReport) -> list[tuple[int, Fate]]:
    return [(row.line, row.fate) for row in report.rows]


def people() -> list[str]:
    return list(db.session.scalars(sa.select(Person.family_name).order_by(Person.id)))


def test_rows_become_people_with_their_status(app: Flask, now: datetime) -> None:
    report = imported(HEAD + RIK + FATMA, now)

    rik, fatma = db.session.scalars(sa.select(Person).order_by(Person.id))
    assert fates(report) == [(2, Fate.NEW), (3, Fate.NEW)]
    assert [(s.category, s.region, s.starts_on, s.ends_on) for s in rik.statuses] == [
        (Category.AMBASSADEUR, "Noord", date(2026, 1, 1), None)
    ]
    assert (fatma.family_name, fatma.address, fatma.addresses[0].proven_at) == (
        "Yıldız",
        "fatma@zonnevlinder.example",
        None,
    )


def test_same_file_twice_changes_nothing(app: Flask, now: datetime) -> None:
    imported(HEAD + RIK + FATMA, now)

    report = imported(HEAD + RIK + FATMA, now)

    assert fates(report) == [(2, Fate.UNCHANGED), (3, Fate.UNCHANGED)]
    assert people() == ["Voorbeeld", "Yıldız"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PersonStatus)) == 1


def test_status_that_ends_is_changed(app: Flask, now: datetime) -> None:
    imported(HEAD + RIK, now)

    report = imported(HEAD + RIK.replace(";\n", ";30-6-2027\n"), now)

    assert fates(report) == [(2, Fate.CHANGED)]
    assert list(db.session.scalars(sa.select(PersonStatus.ends_on))) == [date(2027, 6, 30)]


def test_one_refused_row_means_nothing_is_written(app: Flask, now: datetime) -> None:
    report = imported(HEAD + RIK + BAD, now)

    assert (report.written, people()) == (False, [])
    assert report.rows[1].reason == "no valid e-mail address: geen-adres"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_good_rows_are_written_when_refused_ones_may_be_skipped(app: Flask, now: datetime) -> None:
    report = imported(HEAD + BAD + RIK, now, skip_refused=True)

    assert (report.written, people()) == (True, ["Voorbeeld"])
    assert fates(report) == [(2, Fate.REFUSED), (3, Fate.NEW)]
    assert db.session.scalar(sa.select(AuditEntry.facts)) == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";;;leeg@tests.example;;;;", "no name"),
        ("Jan;;Jansen;;;;;", "no e-mail address"),
        ("Jan;;Jansen;jan@tests.example;koning;;1-1-2026;", "unknown status koning"),
        ("Jan;;Jansen;jan@tests.example;bestuur;;;", "a status needs its first day (van)"),
        ("Jan;;Jansen;jan@tests.example;bestuur;;31-2-2026;", "van is no date: 31-2-2026"),
        ("Jan;;Jansen;jan@tests.example;bestuur;;1-1-2027;1-1-2026", "tot comes before van"),
        (f"{'J' * 101};;Jansen;jan@tests.example;;;;", "voornaam is longer than 100 characters"),
    ],
)
def test_row_is_refused_with_its_reason(app: Flask, now: datetime, row: str, reason: str) -> None:
    report = imported(HEAD + row + "\n", now)

    assert [(r.fate, r.reason.startswith(reason)) for r in report.rows] == [(Fate.REFUSED, True)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HEAD.replace(";", ",") + RIK.replace(";", ","), "utf-8"),
        (HEAD + RIK, "utf-8-sig"),
        (HEAD + RIK.replace("Voorbeeld", "Coördinaat"), "cp1252"),
        ((HEAD + RIK).replace("\n", "\r\n"), "utf-8"),
        (HEAD.upper() + "\n;;;;;;;\n" + RIK, "utf-8"),
        (HEAD.replace("e-mail", "E-mailadres") + RIK, "utf-8"),
    ],
)
def test_files_of_every_spreadsheet_are_read(app: Flask, now: datetime, text: str, encoding: str) -> None:
    report = imported(text, now, encoding=encoding)

    assert [row.fate for row in report.rows] == [Fate.NEW]
    assert people() in (["Voorbeeld"], ["Coördinaat"])


def test_file_without_its_columns_is_refused_as_a_whole(app: Flask, now: datetime) -> None:
    with pytest.raises(UnreadableFile, match="missing: achternaam, e-mail"):
        imported("voornaam;tussenvoegsel;naam\nJan;;Jansen\n", now)


def test_two_names_in_one_mailbox_are_two_people(app: Flask, now: datetime) -> None:
    text = HEAD + "Els;;Bakker;zuid@hinkelbaan.example;;;;\nNoor;;Bakker;zuid@hinkelbaan.example;;;;\n"

    imported(text, now)

    assert people() == ["Bakker", "Bakker"]
