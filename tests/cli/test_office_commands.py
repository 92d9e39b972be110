"""Payments, privacy and people on the command line: what is printed, and when it ends with 1."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp.extensions import db
from eventapp.models import Person
from tests.cli.console import run
from tests.factories import make_event, make_registration

HEAD = "voornaam;tussenvoegsel;achternaam;e-mail;status;regio;van;tot\n"
GOOD = "Rik;;Voorbeeld;rik@eigenwijs.example;ambassadeur;Noord;01-01-2026;\n"
BAD = "Jan;;Fout;geen-adres;;;;\n"


def listed(tmp_path: Path, *rows: str) -> str:
    file = tmp_path / "mensen.csv"
    file.write_text(HEAD + "".join(rows))
    return str(file)


def people() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_import_counts_what_it_did(app: Flask, tmp_path: Path) -> None:
    result = run(app, "people", "import", listed(tmp_path, GOOD))

    assert (result.exit_code, result.output) == (0, "1 new, 0 changed, 0 unchanged, 0 refused\n")
    assert people() == 1


def test_import_with_a_refused_row_writes_nothing_and_ends_with_1(app: Flask, tmp_path: Path) -> None:
    result = run(app, "people", "import", listed(tmp_path, GOOD, BAD))

    assert (result.exit_code, people()) == (1, 0)
    assert result.output.splitlines()[0] == "line 3: refused, no valid e-mail address: geen-adres"


def test_import_takes_the_good_rows_when_told_so(app: Flask, tmp_path: Path) -> None:
    result = run(app, "people", "import", "--skip-refused", listed(tmp_path, GOOD, BAD))

    assert (result.exit_code, people()) == (0, 1)


def test_import_of_something_else_is_one_line(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "brief.csv"
    file.write_text("Geachte heer,\n")

    result = run(app, "people", "import", str(file))

    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith("Error: brief.csv: the first line must name the columns")


def test_sweep_prints_counts_and_a_dry_run_keeps_everything(app: Flask) -> None:
    ended = TestConfig.NOW - timedelta(days=1000)
    make_registration(make_event(starts_at=ended - timedelta(hours=4), ends_at=ended))

    dry = run(app, "privacy", "sweep", "--dry-run")
    kept = db.session.scalar(sa.select(Person.family_name))
    real = run(app, "privacy", "sweep")

    assert (dry.exit_code, kept) == (0, "Meulen")
    assert dry.output.splitlines()[-1].split() == ["would", "go", "3"]
    assert real.output.splitlines()[-1].split() == ["gone", "3"]
    assert db.session.scalar(sa.select(Person.family_name)) == ""


def test_reconcile_without_a_key_says_so(app: Flask) -> None:
    result = run(app, "payments", "reconcile")

    assert (result.exit_code, result.output) == (
        1,
        "Error: MOLLIE_API_KEY is not set: there is no provider to ask\n",
    )
