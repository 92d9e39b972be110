"""The console script: it lists its commands without settings, and ends with one line when one is missing."""

import subprocess
import sys

import pytest

from tests.cli.console import ROOT, SECRET, clean_environment, run_outside


def test_help_names_every_command_without_any_setting() -> None:
    command = [sys.executable, "-m", "eventapp.cli", "--help"]

    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)

    listed = done.stdout.partition("Commands:")[2].splitlines()
    assert done.returncode == 0
    assert {line.split()[0] for line in listed if line.strip()} == {
        "backup",
        "db",
        "demo",
        "demo-data",
        "doctor",
        "events",
        "mollie-sandbox",
        "organisations",
        "payments",
        "people",
        "privacy",
        "restore",
        "serve",
        "staff",
        "worker",
    }


def test_missing_secret_ends_with_one_line() -> None:
    done = run_outside("worker", "--once")

    assert done.returncode == 1
    assert done.stderr == "Error: cannot start: SECRET_KEY is missing or shorter than 32 characters\n"


def test_setting_of_the_payment_provider_is_named_and_not_shown() -> None:
    key = "live_geheimesleutel0123456789"

    done = run_outside(
        "payments",
        "reconcile",
        SECRET_KEY=SECRET,
        DATABASE_URL="sqlite://",
        MOLLIE_API_KEY=key,
        MOLLIE_API_ENDPOINT="http://127.0.0.1:9",
    )

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert ("MOLLIE_API_ENDPOINT" in done.stderr, key in done.stderr) == (True, False)


def test_mail_setting_that_is_not_understood_is_named() -> None:
    done = run_outside("serve", SECRET_KEY=SECRET, DATABASE_URL="sqlite://", SMTP_URL="mail.example")

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "SMTP_URL" in done.stderr


def test_password_that_was_taken_for_a_port_is_not_shown() -> None:
    url = "smtps://naam:geheim/woord@mail.example"

    done = run_outside("serve", SECRET_KEY=SECRET, DATABASE_URL="sqlite://", SMTP_URL=url)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert ("SMTP_URL" in done.stderr, "geheim" in done.stderr) == (True, False)


@pytest.mark.parametrize("words", [("db", "upgrade"), ("staff", "link", "a@kindcentra.example"), ("privacy", "sweep")])
def test_database_that_is_away_ends_with_one_line(words: tuple[str, ...]) -> None:
    done = run_outside(*words, SECRET_KEY=SECRET, DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")

    assert done.returncode == 1
    assert done.stderr == "Error: DATABASE_URL: the database cannot be used: Connection refused\n"


@pytest.mark.parametrize("words", [("worker", "--once"), ("staff", "link", "a@kindcentra.example")])
def test_empty_database_says_what_to_do(words: tuple[str, ...]) -> None:
    done = run_outside(*words, SECRET_KEY=SECRET, DATABASE_URL="sqlite://")

    assert done.returncode == 1
    assert done.stderr == "Error: the schema of the database is not at head: run `eventapp db upgrade`\n"
