"""A browser at the office: a client that is signed in, and what a page says."""

import html
import re
from collections.abc import Callable
from typing import TypeVar

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Executable
from werkzeug.test import TestResponse

from config import TestConfig
from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.services import signing_in
from tests.factories import make_staff

Made = TypeVar("Made")


def signed_in(app: Flask, role: Role = Role.SECRETARIAAT) -> FlaskClient:
    """A client with a session of somebody in this role, made by following a link as people do."""
    address = f"{role.value}@kindcentra.example"
    with app.app_context():
        make_staff(role, address=address)
        db.session.remove()
    return client_of(app, address)


def client_of(app: Flask, address: str) -> FlaskClient:
    """A client with a session of whoever works here with this address."""
    with app.app_context():
        token = signing_in.make_link(address, now=TestConfig.NOW)
        db.session.remove()
    client = app.test_client()
    answer = client.post(f"/inloggen/{token}", data={"csrf_token": csrf_token(client, f"/inloggen/{token}")})
    assert answer.status_code == 303
    return client


def csrf_token(client: FlaskClient, path: str) -> str:
    """The token that the first form of this page carries."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).text)
    assert found, f"no form on {path}"
    return found[1]


def form_on(client: FlaskClient, path: str, which: str = "main form") -> dict:
    """What the first such form of this page would send as it stands."""
    page = BeautifulSoup(client.get(path).text, "html.parser")
    form = page.select_one(which)
    data = {i["name"]: i.get("value", "") for i in form.select("input[name]:not([type=checkbox]):not([type=radio])")}
    data |= {t["name"]: t.text.lstrip("\n") for t in form.select("textarea")}
    data |= {
        s["name"]: (s.select_one("option[selected]") or s.select_one("option"))["value"] for s in form.select("select")
    }
    data |= {radio["name"]: radio["value"] for radio in form.select("input[type=radio][checked]")}
    for box in form.select("input[type=checkbox][checked]"):
        data.setdefault(box["name"], []).append(box["value"])
    return data


def words(answer: TestResponse) -> str:
    """What a page says, without tags, white space as single spaces."""
    main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", main[0] if main else answer.text)
    return " ".join(html.unescape(text).split())


def whole_today(client: FlaskClient) -> str:
    """What Vandaag says, with the pages to which its lines lead."""
    page = client.get("/beheer/")
    behind = dict.fromkeys(re.findall(r'href="(/beheer/vandaag/[^"]+)"', page.text))
    return " ".join(words(answer) for answer in (page, *(client.get(path) for path in behind)))


def rows(app: Flask, statement: Executable) -> list[tuple]:
    """What the database holds now, as plain tuples."""
    with app.app_context():
        return [tuple(row) for row in db.session.execute(statement)]


def made(app: Flask, make: Callable[[], Made]) -> Made:
    """What `make` made; rows do not outlive their context, so it answers plain values."""
    with app.app_context():
        return make()
