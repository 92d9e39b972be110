"""Pages of the office over an event of 5,000 and a house of 100,000, beside a page of fifteen kilobytes from memory."""

import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import sqlalchemy as sa

from benchmarks import client, serving
from benchmarks.measuring import MILLISECONDS, Databases, Measured, Times
from benchmarks.seeding import Gathering, make_event, register_many
from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.models import Registration
from eventapp.services import signing_in
from tests import crowds
from tests.factories import make_staff

PEOPLE, ELSEWHERE, PAPER = 5000, 95_000, 1000
_FIRST = 4750


def run(databases: Databases) -> Iterator[Measured]:
    number, people = databases.dose(20, 3), databases.dose(PEOPLE, 500)
    for kind in databases.kinds:
        with databases.app(kind) as app:
            event, small, house = _filled(databases, people)
            staff = make_staff(Role.BEHEERDER)
            token = signing_in.make_link(staff.address, now=datetime.now(UTC))
            person = db.session.scalar(sa.select(Registration.person_id).where(Registration.event_id == event.id)) or 0
            db.session.remove()
            url = app.config["SQLALCHEMY_DATABASE_URI"]
            with (
                serving.ours(url, databases.folder / "server.log") as ours,
                serving.bare(url, databases.folder / "bare.log") as least,
            ):
                cookie, plain = _signed_in(ours, token), _times(least, "/page", number)
                for what, path in _pages(event.slug, small.slug, person, people, house).items():
                    took = _times(ours, path, number, cookie)
                    yield Measured(what, kind, took.middle, plain.middle, MILLISECONDS, times=took)
                yield serving.memory("after these pages of the office", kind, ours, least)


def _filled(databases: Databases, people: int) -> tuple[Gathering, Gathering, int]:
    """An event with many people, one for which lists are printed, and a house that is full of others."""
    elsewhere, paper = make_event(capacity=None), databases.dose(PAPER, 100)
    times, once = databases.dose(ELSEWHERE // _FIRST, 2), databases.dose(_FIRST, 100)
    register_many(elsewhere, once)
    crowds.more_people(times)
    event, small = make_event(capacity=people + 100), make_event(capacity=None)
    register_many(event, people)
    register_many(small, paper)
    crowds.analyse()
    return event, small, times * once + people + paper


def _pages(slug: str, small: str, person: int, people: int, house: int) -> dict[str, str]:
    event, paper = f"/beheer/evenementen/{slug}", f"/beheer/evenementen/{small}"
    of, of_all = f"of {people:,}", f"of {house:,}"
    return {
        f"Vandaag, house {of_all}": "/beheer/",
        f"page of an event {of}": event,
        f"registrations {of}": f"{event}/aanmeldingen",
        f"registrations {of}, a state and a category": f"{event}/aanmeldingen?staat=confirmed&categorie=niet-lid",
        f"search in registrations {of}": f"{event}/aanmeldingen?zoek=achternaam42",
        f"attendance list as a page, {of}": f"{event}/presentielijst.html",
        **{f"attendance list as {e.upper()}, asked for": f"{paper}/presentielijst.{e}" for e in ("pdf", "csv", "xlsx")},
        f"all registrations {of_all}": "/beheer/aanmeldingen",
        f"search in all registrations {of_all}": "/beheer/aanmeldingen?zoek=achternaam42",
        f"search over everything {of_all}": "/beheer/zoeken?q=achternaam42",
        f"a person {of_all}": f"/beheer/mensen/{person}",
        f"money, house {of_all}": "/beheer/geld",
        f"mails, house {of_all}": "/beheer/berichten",
    }


def _times(server: serving.Server, path: str, number: int, cookie: str = "") -> Times:
    """Of so many, one after the other, after one to warm up."""
    answers = [client.ask(server.port, client.get(path, cookie=cookie)) for _ in range(number + 1)][1:]
    assert {answer.status for answer in answers} == {200}, path
    return Times.of(answer.seconds for answer in answers)


def _signed_in(server: serving.Server, token: str) -> str:
    """The cookie of somebody who followed a link and pressed its button."""
    jar = CookieJar()
    visitor = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
    link = f"http://127.0.0.1:{server.port}/inloggen/{token}"
    with visitor.open(link) as page:
        (secret,) = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page.read().decode())
    visitor.open(link, data=urlencode({"csrf_token": secret}).encode()).close()
    return "; ".join(f"{one.name}={one.value}" for one in jar)
