"""Does every address say for whom it is, is every change guarded against forgery, and does every link lead on?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from config import TestConfig
from eventapp import create_app
from eventapp.extensions import csrf, db
from eventapp.links import Links
from eventapp.web.access import Audience


@pytest.fixture(scope="module")
def bare_app() -> Iterator[Flask]:
    """The app with its routes; no request here touches the database."""
    app = create_app(TestConfig("sqlite://"))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_every_route_declares_its_audience(bare_app):
    undeclared = {
        rule.endpoint
        for rule in bare_app.url_map.iter_rules()
        if not isinstance(getattr(bare_app.view_functions[rule.endpoint], "audience", None), Audience)
    }

    assert undeclared == set()


def test_what_is_mine_is_for_who_signed_in(bare_app):
    audiences = {
        rule.rule: bare_app.view_functions[rule.endpoint].audience
        for rule in bare_app.url_map.iter_rules()
        if rule.rule.split("/")[1] == "mijn"
    }

    organisation = "/mijn/organisatie/<int:organisation_id>"
    of_organisation = (
        organisation,
        f"{organisation}/aanmeldingen/<int:registration_id>/afmelding",
        f"{organisation}/aanmeldingen/<int:registration_id>/overdracht",
        f"{organisation}/aanmeldingen/<int:registration_id>/overdracht/intrekking",
        f"{organisation}/opgaven",
        f"{organisation}/opgaven/<int:naming_id>/einde",
    )
    calendar = ("/mijn/agenda", "/mijn/agenda/link", "/mijn/agenda/nieuwe-link")
    proposal = "/mijn/voorstellen/<int:proposal_id>"
    proposals = (
        "/mijn/voorstellen",
        "/mijn/voorstellen/nieuw",
        proposal,
        f"{proposal}/antwoord",
        f"{proposal}/intrekking",
    )
    own = (
        "/mijn",
        "/mijn/gegevens",
        "/mijn/gegevens.json",
        "/mijn/gegevens/<int:person_id>/wissen",
        "/mijn/ontkoppeling",
        "/mijn/uitlogging",
    )
    # A calendar program cannot sign in: its link is the key.
    assert audiences.pop("/mijn/agenda/<token>.ics") == Audience.LINK
    assert audiences == dict.fromkeys((*own, *calendar, *of_organisation, *proposals), Audience.MEMBER)


def test_every_blueprint_has_its_guard(bare_app):
    guards = {name: [f.__name__ for f in found] for name, found in bare_app.before_request_funcs.items() if name}

    assert {name for name in bare_app.blueprints if "_check" not in guards.get(name, [])} == set()


def test_every_change_is_covered_against_forgery(bare_app):
    """By the global check, or by the form that the view makes; webhooks and the API carry no cookie at all."""
    assert {blueprint.name for blueprint in csrf._exempt_blueprints} == {"webhooks", "api"}
    uncovered = set()
    for rule in bare_app.url_map.iter_rules():
        view = bare_app.view_functions[rule.endpoint]
        if not rule.methods - {"GET", "HEAD", "OPTIONS"} or rule.endpoint.split(".")[0] in {"webhooks", "api"}:
            continue
        exempt = f"{view.__module__}.{view.__name__}" in csrf._exempt_views
        if exempt and not _makes_a_form(view):
            uncovered.add(rule.endpoint)

    assert uncovered == set()


def _makes_a_form(view) -> bool:
    """Whether the view names a form class of ours, or a function of its module that does, and asks it to validate."""
    tree = ast.parse(Path(view.__code__.co_filename).read_text())
    functions = {node.name: ast.unparse(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
    text = functions[view.__name__]
    called = "".join(functions[name] for name in functions if re.search(rf"\b{name}\(", text))
    return bool(re.search(r"[A-Z]\w*Form\b", text + called) and re.search(r"\.validate(_on_submit)?\(", text + called))


LINKS = [name for name, value in vars(Links).items() if callable(value) and not name.startswith("_")]


@pytest.mark.parametrize("name", LINKS)
def test_every_link_leads_somewhere(bare_app, name):
    make = getattr(Links("http://127.0.0.1:8000"), name)
    wanted = [argument for argument in make.__code__.co_varnames[: make.__code__.co_argcount] if argument != "self"]

    path = make(*("7" for _ in wanted)).removeprefix("http://127.0.0.1:8000")

    assert _answers(bare_app, path), path


def _answers(app: Flask, path: str) -> bool:
    routes = app.url_map.bind("127.0.0.1:8000", url_scheme="http")
    for method in ("GET", "POST"):
        try:
            routes.match(path, method=method)
            return True
        except MethodNotAllowed:
            continue
        except (NotFound, RequestRedirect):
            return False
    return False
