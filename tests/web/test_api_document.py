"""The published document: valid, whole, and true of what the API does."""

import re

import pytest
from bs4 import BeautifulSoup
from openapi_spec_validator import OpenAPIV31SpecValidator

from eventapp.domain.actors import Scope
from eventapp.extensions import db
from tests.factories import make_token

# Pages and the document itself are no operations.
NOT_PUBLISHED = {"/api/v1/openapi.json", "/api/v1/docs"}


@pytest.fixture
def document(app):
    return app.test_client().get("/api/v1/openapi.json").json


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_document_is_valid_openapi(document):
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_is_published_and_nothing_else(app, document):
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule not in NOT_PUBLISHED
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert {(path, method) for path, method, _operation in operations(document)} == routes


def test_every_operation_says_what_one_has_to_know(document):
    for path, method, operation in operations(document):
        names = {parameter["name"] for parameter in operation["parameters"]}
        statuses = operation["responses"]
        done = next(said for status, said in statuses.items() if status.startswith("2"))
        codes = [
            code
            for said in statuses.values()
            for code in said.get("content", {}).get("application/problem+json", {}).get("examples", ())
        ]

        assert operation["summary"] and operation["description"], path
        assert operation["security"][-1]["token"], path
        assert set(re.findall(r"{(\w+)}", path)) <= names
        assert ("Idempotency-Key" in names, "If-None-Match" in names) == (method == "post", method == "get")
        assert ("304" in statuses, "ETag" in done["headers"]) == (method == "get", method == "get")
        assert ("415" in statuses) == ("requestBody" in operation)
        assert {"RateLimit", "RateLimit-Policy"} <= set(done["headers"])
        assert "Retry-After" in statuses["429"]["headers"]
        assert len(codes) == len(set(codes))
        assert {"invalid_token", "insufficient_scope", "rate_limited"} <= set(codes)


def test_only_reading_the_programme_needs_no_token(document):
    open_ones = {
        operation["operationId"] for _path, _method, operation in operations(document) if {} in operation["security"]
    }

    assert open_ones == {"list_events", "show_event"}


def test_page_shows_every_operation_and_asks_nobody_else_for_anything(app, document):
    answer = app.test_client().get("/api/v1/docs")

    page = BeautifulSoup(answer.text, "html.parser")
    linked = [tag.get(name, "") for name in ("src", "href") for tag in page.find_all(**{name: True})]
    shown = {tag["id"] for tag in page.select(".api-operation")}
    wanted = {operation["operationId"] for _path, _method, operation in operations(document)}
    assert wanted | set(document["components"]["schemas"]) == shown
    assert page.find_all("script") == []
    assert [link for link in linked if link.startswith(("http", "//"))] == []
    assert {anchor["href"][1:] for anchor in page.select('a[href^="#"]')} <= {tag["id"] for tag in page.select("[id]")}


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/v1/docs"])
def test_document_and_page_are_sent_once(app, path):
    client = app.test_client()

    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.headers["Cache-Control"], again.status_code, again.data) == ("public, no-cache", 304, b"")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/events", {"GET", "HEAD", "OPTIONS"}), ("GET", "/checkin", {"POST", "OPTIONS"})],
)
def test_another_method_is_refused_with_those_there_are(app, method, path, allowed):
    _token, secret = make_token(*Scope)

    answer = app.test_client().open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {secret}"})

    db.session.rollback()
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == allowed
