"""Payments, privacy and people on the command line: what is printed, and when it ends with 1."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp.extensions import db
from eventapp.models import Event, Person, Registration
from tests.cli.console import run
from tests.factories import make_event, make_registration
from tests.services.test_calendar_files import DAILY, ics
from tests.shop import Shop

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
    dry = run(app, "people", "import", "--dry-run", listed(tmp_path, GOOD))
    before = people()
    result = run(app, "people", "import", listed(tmp_path, GOOD))

    assert (dry.exit_code, dry.output, before) == (0, "1 new, 0 changed, 0 unchanged, 0 refused\n", 0)
    assert (result.exit_code, result.output) == (0, "1 new, 0 changed, 0 unchanged, 0 refused\n")
    assert people() == 1


def test_import_with_a_refused_row_ends_with_1_unless_it_may_be_skipped(app: Flask, tmp_path: Path) -> None:
    stopped = run(app, "people", "import", listed(tmp_path, GOOD, BAD))
    before = people()
    skipped = run(app, "people", "import", "--skip-refused", listed(tmp_path, GOOD, BAD))

    assert (stopped.exit_code, before) == (1, 0)
    assert stopped.output.splitlines()[0] == "line 3: refused, “geen-adres” is geen volledig e-mailadres."
    assert (skipped.exit_code, people()) == (0, 1)


def test_import_of_organisations_and_of_something_else(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "lijst.csv"
    file.write_text("naam;soort\nGemeente Voorbeeldstad;gemeente\n")

    result = run(app, "organisations", "import", str(file))
    other = run(app, "people", "import", str(file))

    assert (result.exit_code, result.output) == (0, "1 new, 0 changed, 0 unchanged, 0 refused\n")
    assert (other.exit_code, other.output.count("\n")) == (1, 1)
    assert other.output.startswith("Error: lijst.csv: In de eerste rij ontbreken kolommen: voornaam, achternaam")


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


def test_reconcile_prints_what_it_did_and_fails_when_the_provider_is_silent(shop: Shop) -> None:
    paid, silent = shop.booked(), shop.booked()
    for order_id in (silent, paid):
        shop.sandbox.mark(shop.open_payment(order_id).provider_id or "", "paid")
    shop.sandbox.fault("http-503", operation="get")

    first = run(shop.app, "payments", "reconcile")
    again = run(shop.app, "payments", "reconcile")
    nothing = run(shop.app, "payments", "reconcile", "--all")

    change = "Open -> Betaald, Plaats bevestigd"
    assert (first.exit_code, again.exit_code, nothing.exit_code) == (1, 0, 0)
    assert f"order-{silent}-attempt-1: {change}" in again.output
    assert f"order-{paid}-attempt-2: {change}\n1 of 2 payments asked about and settled\n" in first.output
    assert nothing.output == "2 of 2 payments asked about and settled\n"


def test_import_of_events_and_of_who_comes(app: Flask, tmp_path: Path) -> None:
    make_event(slug="dag")
    calendar, people = tmp_path / "agenda.ics", tmp_path / "lijst.csv"
    calendar.write_bytes(ics(DAILY))
    people.write_text("voornaam;achternaam;e-mail;categorie\nNoor;Bakker;noor@buiten.example;Spreker\n")

    drafts = run(app, "events", "import", "--kind", "webinar", str(calendar))
    comes = run(app, "events", "import-registrations", "dag", str(people))
    nowhere = run(app, "events", "import-registrations", "nergens", str(people))

    assert (drafts.exit_code, comes.exit_code, nowhere.exit_code) == (0, 0, 1)
    assert (drafts.output, comes.output) == ("1 new, 0 changed, 0 unchanged, 0 refused\n",) * 2
    assert db.session.scalars(sa.select(Event.kind).where(Event.slug != "dag")).all() == ["webinar"]
    assert db.session.scalars(sa.select(Registration.address)).all() == ["noor@buiten.example"]
