"""Every address of the back office with everybody: what is declared, what answers, what stays as it was.

`who_may_what.txt` is the declaration as somebody read it: roles by their letter (Beheerder, Coordinator, Secretariaat,
Penningmeester, Kringcoordinator, Lezer, Deurvrijwilliger), for what they must count (`Reach`), method and address. A
new page needs a line there; a line that changes is a decision about who may see or do what.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from config import TestConfig
from eventapp import create_app
from eventapp.domain.actors import Role
from eventapp.domain.jobs import JobKind
from eventapp.domain.mailings import Stream
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import Job, UserSession
from eventapp.queries.audiences import Whom
from eventapp.services import mailing
from eventapp.services.mailing import Message
from eventapp.web.access import SESSION_KEY
from tests.circling import make_circle, make_meeting
from tests.factories import NOW, OFFICE, make_event, make_grant, make_organisation, make_registration, make_staff
from tests.web.office import client_of, made, signed_in

WRITTEN = Path(__file__).with_suffix("").with_name("who_may_what.txt")
LETTERS = dict(zip("BCSPKLD", Role, strict=True))


@dataclass(frozen=True)
class Declared:
    """One line of the table."""

    roles: frozenset[Role]
    reach: str
    method: str
    path: str


def lines() -> Iterator[Declared]:
    for line in WRITTEN.read_text().splitlines():
        letters, reach, methods, path = line.split(None, 3)
        roles = frozenset(LETTERS[letter] for letter in letters if letter != "-")
        for method in methods.split("+"):
            yield Declared(roles, reach, method, path)


TABLE = list(lines())


def plain(rule: Rule) -> str:
    """The address without converters and without the beginning that all have."""
    return re.sub(r"<[^<>]*?(\w+)>", r"<\1>", rule.rule).removeprefix("/beheer")


@pytest.fixture(scope="module")
def bare_app() -> Iterator[Flask]:
    app = create_app(TestConfig("sqlite://"))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_every_address_is_declared_as_somebody_read_it(bare_app) -> None:
    declared = set()
    for rule in bare_app.url_map.iter_rules():
        if rule.rule.startswith("/beheer"):
            view: Any = bare_app.view_functions[rule.endpoint]
            roles = frozenset({Role.BEHEERDER, *view.roles})
            declared |= {
                Declared(roles, view.reach.value, method, plain(rule)) for method in rule.methods & {"GET", "POST"}
            }

    assert sorted(map(str, declared ^ set(TABLE))) == []


CHANGES = [one for one in TABLE if one.method == "POST"]
# A reader looks at a list in a way of their own, and asks for a long one as a file.
OWN_VIEWS = ("/aanmeldingen/weergaven", "/aanmeldingen/bestand/", "/taken/<job_id>/afbreking")
OWN_VIEWS += ("/evenementen/<slug>/aanmeldingen/bestand/",)


@pytest.mark.parametrize(
    ("role", "begins"),
    [
        # A reader changes nothing.
        (Role.LEZER, OWN_VIEWS),
        # A treasurer changes money, and nothing of an event.
        (Role.PENNINGMEESTER, (*OWN_VIEWS, "/geld/")),
        (
            Role.DEURVRIJWILLIGER,
            tuple(f"/evenementen/<slug>/{part}" for part in ("deur", "afvinken", "inloop", "noodlijst")),
        ),
        (
            Role.KRINGCOORDINATOR,
            (
                *OWN_VIEWS,
                "/berichten/rondsturen/<mailing_id>",
                "/evenementen/<slug>/presentie",
                *(f"/kringen/<slug>/{part}" for part in ("bericht", "leden", "verzoeken")),
            ),
        ),
    ],
)
def test_a_role_changes_its_own_things_only(role, begins) -> None:
    assert [one.path for one in CHANGES if role in one.roles and not one.path.startswith(begins)] == []


def test_the_house_is_kept_by_its_keeper_alone() -> None:
    keeping = [one for one in TABLE if one.path.startswith("/instellingen") and "schoolvakanties" not in one.path]

    assert {role for one in keeping for role in one.roles} == {Role.BEHEERDER}
    assert {one.reach for one in TABLE if "/rollen" in one.path and "<slug>" in one.path} == {"house"}


def a_house() -> dict[str, Any]:
    """Rows that the addresses name, and somebody with a role for another event than they do."""
    staff = make_staff(Role.LEZER, address="collega@kindcentra.example")
    circle = make_circle()
    event = make_meeting(circle, slug="deze-dag")
    other = make_event(slug="andere-dag")
    make_organisation()
    registration = make_registration(event)
    make_grant(Role.COORDINATOR, event=other, address="elders@kindcentra.example")
    make_grant(Role.COORDINATOR, event=event, address="hier@kindcentra.example")
    job = Job(kind=JobKind.PAPERS, parameters={"event_id": event.id}, actor_kind="staff", actor_name="", created_at=NOW)
    db.session.add(job)
    db.session.flush()
    of_event = Message(Whom(Stream.EVENT, event_id=event.id), "Dag", "Dag")
    mailing_id = mailing.keep(of_event, by=OFFICE, now=NOW)
    named = {"registration_id": registration.id, "mailing_id": mailing_id, "job_id": job.id, "staff_id": staff.id}
    return named | {"person_id": registration.person_id, "event_slug": event.slug}


def address_of(one: Declared, rule: Rule, ids: dict[str, Any]) -> str:
    """This address with rows that exist."""
    values = dict.fromkeys(rule.arguments, 1) | {name: value for name, value in ids.items() if name in rule.arguments}
    usual = {"slug": "kenniskring-hr" if one.path.startswith("/kringen") else "deze-dag", "kind": "confirmed"}
    usual |= {"extension": "csv", "code": "x", "period": "2027-01", "domain": "x.example", "role": "result"}
    values |= {name: value for name, value in usual.items() if name in rule.arguments}
    for name in rule.arguments:
        if chosen := re.search(rf"<any\(\"?([^,\")]+)[^>]*\):{name}>", rule.rule):
            values[name] = chosen[1]
    built = rule.build(values, append_unknown=False)
    assert built is not None, one
    return built[1]


def expected(one: Declared, role: Role | None, granted: str) -> bool:
    """Whether the declaration lets in somebody with this role everywhere, or as coordinator `here` or `elsewhere`."""
    if role is not None:
        return role in one.roles
    if not granted or Role.COORDINATOR not in one.roles:
        return False
    here = (
        "/evenementen/<slug>",
        "/aanmeldingen/<registration_id>",
        "/berichten/rondsturen/<mailing_id>",
        "/taken/<job_id>",
        "/import/<job_id>",
    )
    return one.reach == "own" or (granted == "here" and one.reach == "place" and one.path.startswith(here))


def enters(answer: Any) -> bool:
    """Whether the guard let somebody through; a view that was reached says so with a status of its own."""
    if answer.status_code == 302:
        assert answer.location.startswith("/inloggen"), answer.location
        return False
    return answer.status_code == 299 or answer.status_code != 403


def everything(app: Flask) -> dict[str, int | str]:
    """A sign of all rows of all tables."""
    with app.app_context():
        return {
            table.name: str(db.session.execute(sa.select(table)).all())
            for table in db.metadata.sorted_tables
            if table is not UserSession.__table__
        }


def test_everybody_enters_where_declared_and_changes_nothing_elsewhere(make_app, monkeypatch) -> None:
    app = make_app(WTF_CSRF_ENABLED=False)
    ids = made(app, a_house)
    rules = {(plain(rule), method): rule for rule in app.url_map.iter_rules() for method in rule.methods}
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith("organiser."):
            monkeypatch.setitem(app.view_functions, endpoint, _stub(view))
    people: list[tuple[str, FlaskClient, Role | None, str]] = [
        *((role.value, signed_in(app, role), role, "") for role in Role),
        ("coordinator of this event", client_of(app, "hier@kindcentra.example"), None, "here"),
        ("coordinator of another event", client_of(app, "elders@kindcentra.example"), None, "elsewhere"),
        ("member", _member(app), None, ""),
        ("nobody", app.test_client(), None, ""),
    ]
    before, wrong = everything(app), []

    for name, client, role, granted in people:
        for one in TABLE:
            path = address_of(one, rules[one.path, one.method], ids)
            answer = client.open(path, method=one.method)
            if enters(answer) != expected(one, role, granted):
                wrong.append((name, one.method, path, answer.status_code))

    assert wrong == []
    assert everything(app) == before


def _stub(view: Any) -> Any:
    """The view with its declaration and nothing behind it: the guard is what is asked."""

    @wraps(view)
    def reached(**_values: Any) -> tuple[str, int]:
        return "", 299

    return reached


def _member(app: Flask) -> FlaskClient:
    """Somebody who signed in with an address that is known, and works nowhere here."""
    client, secret = app.test_client(), new_token()
    made(app, lambda: _opened(secret))
    with client.session_transaction() as session:
        session[SESSION_KEY] = secret
    return client


def _opened(secret: str) -> None:
    lasts = NOW + timedelta(days=1)
    opened = {"token_digest": digest(secret), "address": "persoon@zonnevlinder.example", "created_at": NOW}
    db.session.add(UserSession(**opened, expires_at=lasts))
    db.session.commit()
