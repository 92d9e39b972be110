"""What goes on is told in lines of JSON: findable by request, and without the people it was about."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.logs import FACTS, JsonLines, PlainLines, request_id
from eventapp.models import Heartbeat

ADDRESS = "fatma@gratismail.example"


def line_of(record: logging.LogRecord) -> dict[str, object]:
    return json.loads(JsonLines().format(record))


def record_of(error: BaseException) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord("eventapp.x", logging.ERROR, "", 0, "mail %s", (7,), sys.exc_info())


def test_a_line_says_when_who_what_and_in_which_request() -> None:
    record = logging.LogRecord("eventapp.requests", logging.INFO, "", 0, "request", (), None)
    record.created = datetime.fromisoformat("2027-01-11T09:00:00.125+00:00").timestamp()
    record.facts = {"status": 200}
    token = request_id.set("1A2B3C4D")

    line = line_of(record)

    request_id.reset(token)
    assert line == {
        "at": "2027-01-11T09:00:00.125+00:00",
        "level": "info",
        "from": "eventapp.requests",
        "process": record.process,
        "request": "1A2B3C4D",
        "says": "request",
        "status": 200,
    }


def test_an_error_is_told_with_the_way_to_it_and_what_was_behind_it() -> None:
    try:
        try:
            raise KeyError("first")
        except KeyError as first:
            raise ValueError("then") from first
    except ValueError as error:
        told = str(line_of(record_of(error))["error"])

    assert "ValueError: then\nbehind it:\n" in told
    assert told.endswith("KeyError: (waarde)")
    assert "test_logs.py" in told


@pytest.mark.parametrize("form", [JsonLines(), PlainLines("%(message)s")], ids=["json", "plain"])
@pytest.mark.parametrize("act", [Role, int, {}.__getitem__, date.fromisoformat])
@pytest.mark.parametrize("typed", ["Quirijn", "Zoë van 't Hoff", 'Zoë "Quirijn" van \'t Hoff', "Zoë\\", "ye'\\'Hoff"])
def test_what_somebody_typed_is_left_out_of_what_python_says_of_it(
    act: Callable[[str], object], typed: str, form: logging.Formatter
) -> None:
    with pytest.raises((ValueError, KeyError)) as refused:
        act(typed)

    said = form.format(record_of(refused.value)).rpartition("Error: ")[2]

    assert "(waarde)" in said
    assert [part for part in ("Quirijn", "Zoë", "Hoff") if part in said] == []


def test_names_of_our_own_code_stay(app: Flask) -> None:
    with pytest.raises(AttributeError) as bug:
        getattr(app, "no_such_" + "thing")

    assert "no_such_thing" in JsonLines().format(record_of(bug.value))


@pytest.mark.parametrize("form", [JsonLines(), PlainLines("%(message)s")], ids=["json", "plain"])
def test_what_the_database_quotes_of_a_row_is_left_out(app: Flask, form: logging.Formatter) -> None:
    db.session.add(Heartbeat(name=ADDRESS, beat_at=app.config["CLOCK"]()))
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError) as refused:
        db.session.execute(sa.insert(Heartbeat).values(name=ADDRESS, beat_at=app.config["CLOCK"]()))
    db.session.rollback()

    line = form.format(record_of(refused.value))

    assert "IntegrityError" in line
    assert ADDRESS not in line


def test_every_request_is_one_line_that_holds_its_rule_and_not_its_address(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="eventapp.requests"):
        answer = app.test_client().get(f"/ticket/geheim?zoek={ADDRESS}")
        app.test_client().get("/healthz")

    (record,) = [record for record in caplog.records if record.name == "eventapp.requests"]
    facts = getattr(record, FACTS)
    assert (facts["method"], facts["rule"], facts["status"]) == ("GET", "/ticket/<token>", 404)
    assert "geheim" not in json.dumps(line_of(record))
    assert ADDRESS not in json.dumps(line_of(record))
    assert len(answer.headers["X-Request-Id"]) == 8


def test_addresses_and_secrets_are_blotted_out_and_the_line_stays_json() -> None:
    secret = "a" * 43
    words = f"550 no such user\n{ADDRESS}\n{secret} fatma%40gratismail.example"
    record = logging.LogRecord("eventapp.mail", logging.WARNING, "", 0, words, (), None)
    record.facts = {"address": ADDRESS, "tries": 3}

    line = line_of(record)

    assert line["says"] == "550 no such user\n(adres)\n(geheim) (adres)"
    assert (line["address"], line["tries"]) == ("(adres)", 3)
