"""People who register by the form, and a door that sends scans, while things break; each insists until it is done."""

import html
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import uuid4

import requests
import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Capacity, OutboxMail, PlaceHold, Presence, Registration, Scan
from eventapp.queries import health
from tests.factories import make_event, make_organisation, make_registration, make_token

AT_ONCE = 8
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Day:
    """What is on: a form that is open, and a door with people whose tickets are scanned."""

    slug: str
    event_id: int
    door_slug: str
    door_id: int
    secret: str
    codes: tuple[str, ...]


def open_day(*, tickets: int) -> Day:
    """Needs an app's context; everything is around the real date, as a real server serves it."""
    now = datetime.now(UTC)
    before = {name: now - timedelta(days=1) for name in ("created_at", "updated_at", "published_at")}
    free = {Category.LID: 0, Category.NIET_LID: 0}
    make_organisation()
    event = make_event(prices=free, capacity=1000, starts_at=now + timedelta(days=60), **before)
    today = make_event(prices=free, capacity=1000, starts_at=now + timedelta(minutes=20), **before)
    codes = tuple(make_registration(today).ticket.code for _ in range(tickets))
    _token, secret = make_token(Scope.CHECKIN, event=today)
    day = Day(event.slug, event.id, today.slug, today.id, secret, codes)
    db.session.remove()
    return day


@dataclass
class Crowd:
    """Who comes to this house; `statuses`, `slowest` and `refused` are what they met."""

    url: str
    day: Day
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    bugs: list[str] = field(default_factory=list)
    done: int = 0
    _lock: Lock = field(default_factory=Lock)

    def comes(self, people: range, scans: int) -> list[Future[Any]]:
        """These register while the door sends so many scans, some at a time; to be waited for with `over`."""
        self.done = 0
        self._threads = ThreadPoolExecutor(AT_ONCE)
        codes = [self.day.codes[number % len(self.day.codes)] for number in range(scans)]
        acts: list[Callable[[], None]] = [lambda number=number: self.register(number) for number in people]
        for first in range(0, scans, 3):
            acts.insert(first, lambda some=codes[first : first + 3]: self.scan(some))
        return [self._threads.submit(act) for act in acts]

    def over(self, coming: list[Future[Any]]) -> None:
        for one in coming:
            one.result(PATIENCE_SECONDS)
        self._threads.shutdown()

    def met(self) -> str:
        """What everybody met, in a few words."""
        return f"answers {dict(sorted(self.statuses.items()))}, slowest {self.slowest:.1f} s"

    def register(self, number: int) -> None:
        """Open the form, fill it in and send it. Where the house asks to wait, press the button on that very page."""
        page = f"{self.url}/agenda/{self.day.slug}/aanmelden"
        with requests.Session() as session:
            session.trust_env = False
            session.headers["X-Forwarded-For"] = f"10.0.{number // 250}.{number % 250 + 1}"
            typed = fields_of(self.insist(lambda: session.get(page, timeout=60)).text) | {
                "email": address_of(number),
                "given_name": "Bezoeker",
                "family_name": f"Nummer {number}",
                "step": "versturen",
            }

            def send() -> requests.Response:
                return session.post(page, data=typed, timeout=60, allow_redirects=False)

            answer = self.insist(send, keeps=typed)
        assert answer.status_code in (303, 302), (answer.status_code, answer.text[:2000])
        self._finished()

    def scan(self, codes: list[str]) -> None:
        """Some scans of a phone, sent again and again until each has its answer."""
        scans = [
            {"scan_id": str(uuid4()), "event": self.day.door_slug, "action": "in", "code": code, "scanned_at": moment()}
            for code in codes
        ]
        body = {"sent_at": moment(), "scans": scans}
        head = {"Authorization": f"Bearer {self.day.secret}"}
        with requests.Session() as session:
            session.trust_env = False
            url = f"{self.url}/api/v1/checkin/batch"
            answer = self.insist(lambda: session.post(url, json=body, headers=head, timeout=60))
        said = answer.json()["results"]
        assert [one["scan_id"] for one in said] == [one["scan_id"] for one in scans]
        assert {one["result"] for one in said} <= {"admitted", "already_in"}
        self._finished()

    def insist(self, call: Callable[[], requests.Response], keeps: dict[str, str] | None = None) -> requests.Response:
        """Ask until it is no 503. Each of these says when to come again, and the page holds what was typed."""
        for _ in range(500):
            began = time.monotonic()
            answer = call()
            self._note(answer, time.monotonic() - began)
            if answer.status_code != 503:
                return answer
            assert int(answer.headers["Retry-After"]) > 0
            if keeps:
                assert fields_of(answer.text) == keeps
            time.sleep(0.2)
        raise AssertionError("nobody answered any more")

    def _note(self, answer: requests.Response, seconds: float) -> None:
        with self._lock:
            self.statuses[answer.status_code] += 1
            self.slowest = max(self.slowest, seconds)
            if answer.status_code == 500:
                self.bugs.append(answer.text)

    def _finished(self) -> None:
        with self._lock:
            self.done += 1


def address_of(number: int) -> str:
    return f"bezoeker@plek{number}.example"


def moment() -> str:
    return datetime.now(UTC).isoformat()


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    found = (dict(ATTRIBUTE.findall(field)) for field in HIDDEN.findall(page))
    return {one["name"]: html.unescape(one.get("value", "")) for one in found}


def nothing_lost_or_doubled(day: Day, *, people: int, scans: int) -> None:
    """Everybody has one place and one mail, each scan is there once, and counts are what they count.

    Each ticket has to have been scanned.
    """
    db.session.rollback()
    here = Registration.event_id == day.event_id
    booked = db.session.scalars(sa.select(Registration).where(here)).all()
    held = sa.select(sa.func.count()).select_from(PlaceHold).join(Registration).where(here)
    taken = sa.select(sa.func.sum(Capacity.taken)).where(Capacity.event_id == day.event_id)
    mailed = sa.select(OutboxMail.to_address).where(OutboxMail.to_address.like("bezoeker@plek%"))
    assert Counter(one.address for one in booked) == {address_of(number): 1 for number in range(people)}
    assert {one.state for one in booked} == {State.AWAITING_CONFIRMATION}
    assert db.session.scalar(held) == db.session.scalar(taken) == people
    assert Counter(db.session.scalars(mailed)) == {address_of(number): 1 for number in range(people)}
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == scans
    assert db.session.scalar(sa.select(sa.func.count(Presence.id))) == len(day.codes)
    assert health.miscounts() == []
