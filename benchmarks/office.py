"""Pages of the office over an event of 5,000 registrations, beside a page of fifteen kilobytes from memory."""

import re
import statistics
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from benchmarks import client, serving
from benchmarks.measuring import MILLISECONDS, Databases, Measured
from benchmarks.seeding import make_event, register_many
from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.services import signing_in
from tests.factories import make_staff

PEOPLE = 5000


def run(databases: Databases) -> Iterator[Measured]:
    number = databases.dose(20, 3)
    for kind in databases.kinds:
        with databases.app(kind) as app:
            event = make_event(capacity=PEOPLE + 100)
            people = databases.dose(PEOPLE, 500)
            register_many(event, people)
            staff = make_staff(Role.COORDINATOR)
            token = signing_in.make_link(staff.address, now=datetime.now(UTC))
            db.session.remove()
            url = app.config["SQLALCHEMY_DATABASE_URI"]
            with (
                serving.ours(url, databases.folder / "server.log") as ours,
                serving.bare(url, databases.folder / "bare.log") as least,
            ):
                cookie, plain = _signed_in(ours, token), _milliseconds(least, "/page", number)
                for what, path in _pages(event.slug).items():
                    took = _milliseconds(ours, path, number, cookie)
                    yield Measured(f"{what} of {people:,}", kind, took, plain, MILLISECONDS)


def _pages(slug: str) -> dict[str, str]:
    event = f"/beheer/evenementen/{slug}"
    return {
        "registrations": f"{event}/aanmeldingen",
        "search in registrations": f"{event}/aanmeldingen?zoek=jansen",
        "page of the event": event,
        "attendance list as a page": f"{event}/presentielijst.html",
        "all registrations": "/beheer/aanmeldingen",
    }


def _milliseconds(server: serving.Server, path: str, number: int, cookie: str = "") -> float:
    """The median of so many, one after the other, after one to warm up."""
    answers = [client.ask(server.port, client.get(path, cookie=cookie)) for _ in range(number + 1)][1:]
    assert {answer.status for answer in answers} == {200}, path
    return statistics.median(answer.seconds for answer in answers) * 1000


def _signed_in(server: serving.Server, token: str) -> str:
    """The cookie of somebody who followed a link and pressed its button."""
    jar = CookieJar()
    visitor = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
    link = f"http://127.0.0.1:{server.port}/inloggen/{token}"
    with visitor.open(link) as page:
        (secret,) = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page.read().decode())
    visitor.open(link, data=urlencode({"csrf_token": secret}).encode()).close()
    return "; ".join(f"{one.name}={one.value}" for one in jar)
