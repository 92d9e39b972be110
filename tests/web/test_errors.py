"""Bad days: a bug, a stale form, an address that does not exist. Calm pages with a way on, and nothing that leaks."""

import logging

import pytest
from flask import Flask

from eventapp.web.access import Audience, audience

SECRET = "geheim-in-de-foutmelding"


@pytest.fixture
def broken(make_app) -> Flask:
    """An app of which a page and an answer of the API fail. They replace real ones: no new routes in an app in use."""
    app = make_app(PROPAGATE_BUGS=False)

    @audience(Audience.PUBLIC)
    def fail() -> str:
        raise RuntimeError(SECRET)

    app.view_functions["public.privacy"] = fail
    app.view_functions["api.openapi"] = fail
    return app


def test_a_bug_shows_a_reference_and_no_trace(broken: Flask, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        answer = broken.test_client().get("/privacy")

    logged = next(record for record in caplog.records if record.exc_info)
    reference = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert f"nummer {reference}" in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert SECRET in str(logged.exc_info[1])


def test_a_bug_in_the_api_is_a_problem_with_a_reference(broken: Flask):
    answer = broken.test_client().get("/api/v1/openapi.json")

    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.json["code"] == "internal_error"
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/bestaat-niet", 404, "Niet gevonden"),
        ("/agenda/bestaat-niet", 404, "Niet gevonden"),
        ("/bestelling/niets", 404, "Deze link kennen wij niet"),
        ("/bestelling/niets/betalen", 404, "Deze link kennen wij niet"),
        ("/ticket/niets", 404, "Deze link kennen wij niet"),
        ("/ticket/niets.pdf", 404, "Deze link kennen wij niet"),
        ("/deelnemen/niets", 404, "Deze link kennen wij niet"),
        ("/adres/bevestigen/niets", 404, "Deze link kennen wij niet"),
        ("/webhooks/mollie/niets", 405, "Dat kan hier niet"),
        ("/ticket/a%00b", 400, "Dat verzoek begrepen wij niet"),
        ("/?zoek=a%00b", 400, "Dat verzoek begrepen wij niet"),
        (f"/mijn/organisatie/{2**63}", 404, "Niet gevonden"),
    ],
)
def test_what_does_not_exist_is_a_calm_page_with_a_way_on(app: Flask, path: str, status: int, words: str):
    answer = app.test_client().get(path)

    assert answer.status_code == status
    assert words in answer.text
    assert 'href="/"' in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_button_with_a_stale_token_says_so_and_does_nothing(app: Flask):
    answer = app.test_client().post("/bestelling/niets/betaling", data={"csrf_token": "oud"})

    assert answer.status_code == 400
    assert "Het formulier is verlopen" in answer.text


def test_too_much_input_is_refused_politely(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)

    answer = app.test_client().post("/inloggen", data={"address": "x" * 3_000_000})

    assert answer.status_code == 413
    assert "Te groot" in answer.text
