"""Web server and worker killed in a storm of bookings with payments, scans and mails: nothing is lost or doubled.

Calls of the provider come twice and out of order meanwhile. A mail is repeated only where the worker died between the
mail server's yes and our note of it, with the same Message-ID. `make test` runs a dose of it, `make torture` two
hundred bookings (TORTURE_BOOKINGS) and `make bad-days` a thousand, both on both databases.
"""

import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any
from uuid import uuid4

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from eventapp.cli.worker import Worker
from eventapp.domain.actors import Scope
from eventapp.domain.admission import TicketState
from eventapp.domain.payments import Outcome, RefundState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    Capacity,
    MailState,
    MoneyMovement,
    Order,
    OutboxMail,
    PaymentAttempt,
    Presence,
    Refund,
    Registration,
    Scan,
    Ticket,
)
from eventapp.queries import health
from tests.bad_days.house import FULL, told
from tests.factories import make_event, make_registration, make_token
from tests.killable import KillableHouse, bare, killable_house, until
from tests.letterbox import Letterbox, letterbox
from tests.shop import PRICE, settings
from tests.stateful.test_money import held_by

BOOKINGS = int(os.environ.get("TORTURE_BOOKINGS", "1000" if FULL else "16"))
TORTURE = BOOKINGS >= 100
TICKETS = BOOKINGS // 4
KILLS = 12 if TORTURE else 2
AT_ONCE = 8
LAST_MAILS_SECONDS = 10
# Who dies, in turns. The worker alone: between the yes of the mail server and its note of that.
DYING: tuple[tuple[str, ...], ...] = (("web", "worker"), ("worker",), ("web",))
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)] if TORTURE else ["sqlite"]
SLOW_STEPS = ("create", "get", "refund")

pytestmark = [pytest.mark.race, pytest.mark.bad_day]


@pytest.fixture
def mail() -> Iterator[Letterbox]:
    with letterbox() as found:
        yield found


@pytest.fixture
def house(database_url: str, tmp_path: Path, mail: Letterbox) -> Iterator[KillableHouse]:
    with killable_house(database_url, tmp_path, SMTP_URL=mail.url) as found:
        yield found


@dataclass
class Door:
    """Two phones that scan every ticket of another event once each, every scan until it is answered."""

    slug: str
    codes: tuple[str, ...]
    tokens: tuple[str, str]
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    ids: tuple[str, ...] = field(default_factory=lambda: tuple(str(uuid4()) for _ in range(2 * TICKETS)))
    results: dict[str, str] = field(default_factory=dict)

    def scans(self, url: str, number: int) -> bool:
        """Whether this scan was answered. Every fourth asks again after that, as if the answer had been lost."""
        scan = {"scan_id": self.ids[number], "event": self.slug, "code": self.codes[number // 2]}
        scan |= {"action": "in", "scanned_at": self.at}
        head = {"Authorization": f"Bearer {self.tokens[number % 2]}"}
        for _ in range(2 if number % 4 == 0 else 1):
            answer = bare("POST", f"{url}/api/v1/checkin", json=scan, headers=head)
            if answer.status_code != 200:
                return False
            result = answer.json()["result"]
            assert self.results.setdefault(self.ids[number], result) == result
        return True


@dataclass
class Day:
    """One day at the till and at the door: who comes, what they hold, what they were told, and how far it is."""

    house: KillableHouse
    mail: Letterbox
    app: Flask
    event_id: int
    slug: str
    token: str
    door: Door
    answered: list[str] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    over: Flag = field(default_factory=Flag)

    def comes(self, number: int) -> None:
        """Somebody books and pays; every fifth breaks off once, every seventh pays twice. Scans go on beside it."""
        if number < 2 * TICKETS:
            until(lambda: self._calmly(lambda: self.door.scans(self.house.url, number)))
        pay_token = self._book(number)
        first = self._checkout(pay_token)
        if number % 5 == 0:
            self._at_provider(first, "canceled")
            first = self._checkout(pay_token)
        if number % 7 == 0:
            self.house.sandbox.mark(first, "expired")
            second = self._checkout(pay_token)
            self.house.sandbox.mark(first, "paid")
            first = second or first
        self._at_provider(first, "paid")
        self.done.append(number)

    def _book(self, number: int) -> str:
        """Through the API, again and again until it is there; a booking of which the answer was lost counts."""
        address = f"iemand@organisatie-{number}.example"
        body = {"email": address, "family_name": f"Nummer {number}", "category": Category.NIET_LID.value}
        head = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.house.url}/api/v1/events/{self.slug}/registrations"

        def ask() -> bool:
            answer = bare("POST", url, json=body, headers=head)
            if answer.status_code == 201:
                self.answered.append(answer.json()["token"])
            return answer.status_code in {201, 409}

        until(lambda: self._calmly(ask))
        with self.app.app_context():
            return db.session.scalars(sa.select(Order.pay_token).where(Order.address == address)).one()

    def _checkout(self, pay_token: str) -> str:
        """The id of the payment that the pay page leads to; '' when there is nothing to pay any more."""
        page = f"{self.house.url}/bestelling/{pay_token}/betalen"

        def click() -> str | None:
            with requests.Session() as session:
                session.trust_env = False
                shown = session.get(page, timeout=30)
                if shown.status_code == 503:
                    # Who waited while it started again is told to come back.
                    return None
                form = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
                if form is None:
                    return "nothing"
                data, to = {"csrf_token": form[1]}, page.replace("/betalen", "/betaling")
                answer = session.post(to, data=data, timeout=30, allow_redirects=False)
            location = answer.headers.get("Location", "")
            if "?betaald" in location:
                return "nothing"
            return location.rpartition("/")[2] if location.startswith(self.house.sandbox.url) else None

        found = until(lambda: self._calmly(click))
        return "" if found == "nothing" else found

    def _at_provider(self, payment_id: str, outcome: str) -> None:
        if payment_id:
            bare("POST", f"{self.house.sandbox.url}/checkout/{payment_id}", data={"outcome": outcome})

    def _calmly(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except requests.RequestException:
            # It was killed under us.
            return None


def payments(house: KillableHouse, path: str = "/v2/payments") -> list[dict[str, Any]]:
    """Everything that the provider has, page after page."""
    key, found = {"Authorization": f"Bearer {house.sandbox.api_key}"}, []
    address: str | None = f"{house.sandbox.url}{path}?limit=250"
    while address:
        page = bare("GET", address, headers=key).json()
        found += next(iter(page["_embedded"].values()))
        address = (page["_links"]["next"] or {}).get("href")
    return found


def disturb(day: Day) -> None:
    """Kill at moments spread over the day, some while one kind of call to the provider is slow."""
    dice = random.Random(BOOKINGS)
    for turn in range(KILLS):
        while len(day.done) < BOOKINGS * (turn + 1) // (KILLS + 2):
            if day.over.wait(0.05):
                return
        dying = DYING[turn % len(DYING)]
        if dying == ("worker",):
            day.mail.before_the_next_yes(lambda: day.house.kill("worker"))
            until(lambda: not day.mail.armed or day.over.is_set())
            # The mails of the last bookings leave after all of these are in.
            deadline = time.monotonic() + LAST_MAILS_SECONDS
            while day.mail.armed and time.monotonic() < deadline:
                time.sleep(0.05)
            day.mail.before_the_next_yes(None)
        else:
            day.house.sandbox.fault("slow:0.5", operation=SLOW_STEPS[turn % len(SLOW_STEPS)], times=AT_ONCE)
            time.sleep(dice.uniform(0.1, 0.7))
            day.house.kill(*dying)
        day.house.start()


def gossip(day: Day) -> None:
    """Calls about any payment at any moment, some late, so that they arrive doubled and in any order."""
    dice = random.Random(BOOKINGS)
    while not day.over.wait(0.2):
        day.house.sandbox.switch("late-webhooks", dice.choice([0, 0.5, 1.5]))
        if known := payments(day.house):
            day.house.sandbox.control(f"payments/{dice.choice(known)['id']}/webhook")


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_every_payment_ends_as_one_booking_or_one_refund(
    house: KillableHouse, mail: Letterbox, make_app: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
):
    app = make_app(**settings(house.sandbox, house.url), SMTP_URL=mail.url, CLOCK=lambda: datetime.now(UTC))
    day = open_day(house, mail, app)
    house.sandbox.switch("double-webhooks")
    house.sandbox.switch("webhook-delays", [0, 0.5, 1, 1])
    house.start()

    with ThreadPoolExecutor(AT_ONCE + 2) as threads:
        trouble = [threads.submit(disturb, day), threads.submit(gossip, day)]
        coming = [threads.submit(day.comes, number) for number in range(BOOKINGS)]
        try:
            for one in coming:
                one.result()
        finally:
            day.over.set()
        for one in trouble:
            one.result()
    house.sandbox.control("faults/clear")
    reconciled = house.run("payments", "reconcile", "--all")
    killed = house.kills.copy()
    house.kill()
    with app.app_context():
        catch_up()
        repeated = check_mail(mail)
        told(figures(day, killed, repeated), capsys)
        check_bookings(day)
        check_money(house)
        check_door(day)
        assert health.miscounts() == []

    assert reconciled.returncode == 0, reconciled.stderr
    # One worker sends one mail after the other, so no kill can repeat more than one; each of the gap repeats its own.
    assert 1 <= repeated <= killed["worker"] + 1


def open_day(house: KillableHouse, mail: Letterbox, app: Flask) -> Day:
    now = datetime.now(UTC)
    before = {name: now - timedelta(days=1) for name in ("created_at", "updated_at", "published_at")}
    with app.app_context():
        event = make_event(
            capacity=BOOKINGS, prices={Category.NIET_LID: PRICE}, starts_at=now + timedelta(days=60), **before
        )
        _row, secret = make_token(Scope.REGISTRATIONS_WRITE)
        today = make_event(capacity=TICKETS, starts_at=now + timedelta(minutes=20), **before)
        codes = tuple(make_registration(today).ticket.code for _ in range(TICKETS))
        phones = (make_token(Scope.CHECKIN, event=today)[1], make_token(Scope.CHECKIN, event=today)[1])
        day = Day(house, mail, app, event.id, event.slug, secret, Door(today.slug, codes, phones))
        db.session.remove()
    return day


def figures(day: Day, killed: Counter[str], repeated: int) -> str:
    at = f"{day.app.config['SQLALCHEMY_DATABASE_URI'][:6]}, {BOOKINGS} bookings and {2 * TICKETS} scans"
    kills = f"killed: web {killed['web']} and worker {killed['worker']} times"
    return f"Storm, {at}; {kills}; {len(day.mail.taken)} mails, {repeated} of them twice with the same Message-ID"


def catch_up() -> None:
    """What a worker does in the hours after, when claims of the dead have lapsed and doubles may be sent."""
    for hours in (1, 3, 5):
        later = datetime.now(UTC) + timedelta(hours=hours)
        Worker(lambda at=later: at).do_all_that_is_due()
    db.session.rollback()


def check_mail(mail: Letterbox) -> int:
    """Every mail that was written has left, to its address, and nothing else came. How many came once more."""
    written = db.session.execute(sa.select(OutboxMail.message_id, OutboxMail.to_address, OutboxMail.state)).all()

    assert {row.state for row in written} == {MailState.SENT}
    assert set(mail.taken) == {(row.message_id, row.to_address) for row in written}
    return mail.taken.total() - len(mail.taken)


def check_door(day: Day) -> None:
    """Every scan was answered and is there once; of the two of each ticket one let somebody in."""
    kept = db.session.execute(sa.select(Scan.scan_id, Scan.result)).all()

    assert {str(row.scan_id): row.result for row in kept} == day.door.results
    assert (len(kept), set(day.door.results)) == (2 * TICKETS, set(day.door.ids))
    assert Counter(day.door.results.values()) == {"admitted": TICKETS, "already_in": TICKETS}
    assert db.session.scalar(sa.select(sa.func.count(Presence.id))) == TICKETS


def check_money(house: KillableHouse) -> None:
    """Every payment is one booking or one refund, and the books agree."""
    paid = {payment["id"]: payment for payment in payments(house) if payment["status"] == "paid"}
    attempts = db.session.scalars(sa.select(PaymentAttempt).where(PaymentAttempt.paid_at.is_not(None))).all()
    refunded = Counter(refund["paymentId"] for refund in payments(house, "/v2/refunds"))
    twice = {attempt.provider_id for attempt in attempts if attempt.outcome == Outcome.PAID_TWICE}
    bought = {attempt.provider_id for attempt in attempts if attempt.outcome == Outcome.CONFIRMED}

    assert {attempt.provider_id for attempt in attempts} == set(paid) == twice | bought
    assert refunded == dict.fromkeys(twice, 1)
    assert {held_by(paid[payment_id]) for payment_id in twice} <= {0}
    assert (len(bought), len(twice) > 0) == (BOOKINGS, True)
    assert set(db.session.scalars(sa.select(Refund.state))) == {RefundState.SENT}

    balance = sa.select(PaymentAttempt.provider_id, sa.func.sum(MoneyMovement.amount_cents)).join(MoneyMovement.attempt)
    booked = {row[0]: row[1] for row in db.session.execute(balance.group_by(PaymentAttempt.provider_id))}
    assert booked == {payment_id: held_by(payment) for payment_id, payment in paid.items()}


def check_bookings(day: Day) -> None:
    """Whoever heard that they are booked is, once; everybody has one ticket and one mail about it."""
    here = Registration.event_id == day.event_id
    confirmed = set(db.session.scalars(sa.select(Registration.id).where(here, Registration.state == State.CONFIRMED)))
    tickets = sa.select(Ticket.registration_id).join(Registration).where(here, Ticket.state == TicketState.VALID)
    mailed = sa.select(OutboxMail.registration_id).where(OutboxMail.kind == "confirmed")
    orders = set(db.session.scalars(sa.select(Order.token).where(Order.event_id == day.event_id)))

    assert set(day.answered) <= orders
    assert len(confirmed) == len(orders) == BOOKINGS
    assert db.session.scalar(sa.select(Capacity.taken).where(Capacity.event_id == day.event_id)) == BOOKINGS
    assert Counter(db.session.scalars(tickets)) == Counter(db.session.scalars(mailed)) == Counter(confirmed)
