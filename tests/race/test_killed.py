"""Killed with SIGKILL in the middle of bookings, while calls come twice and out of order: nothing is lost or doubled.

`make test` runs a dose of it, `make torture` two hundred bookings on both databases (TORTURE_BOOKINGS).
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
from eventapp.models import Capacity, MoneyMovement, Order, OutboxMail, PaymentAttempt, Refund, Registration, Ticket
from tests.factories import make_event, make_token
from tests.killable import KillableHouse, bare, killable_house, until
from tests.shop import PRICE, settings
from tests.stateful.test_money import held_by

BOOKINGS = int(os.environ.get("TORTURE_BOOKINGS", "25"))
TORTURE = BOOKINGS >= 100
KILLS = 9 if TORTURE else 1
AT_ONCE = 8
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)] if TORTURE else ["sqlite"]
SLOW_STEPS = ("create", "get", "refund")

pytestmark = pytest.mark.race


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[KillableHouse]:
    with killable_house(database_url, tmp_path) as found:
        yield found


@dataclass
class Day:
    """One day at the till: who comes, what they hold, and how far it is."""

    house: KillableHouse
    app: Flask
    slug: str
    token: str
    done: list[int] = field(default_factory=list)
    over: Flag = field(default_factory=Flag)

    def comes(self, number: int) -> None:
        """Somebody books and pays; every fifth breaks off once, every seventh pays twice."""
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
        self._insist(lambda: bare("POST", url, json=body, headers=head), {201, 409})
        with self.app.app_context():
            return db.session.scalars(sa.select(Order.pay_token).where(Order.address == address)).one()

    def _checkout(self, pay_token: str) -> str:
        """The id of the payment that the pay page leads to; '' when there is nothing to pay any more."""
        page = f"{self.house.url}/bestelling/{pay_token}/betalen"

        def click() -> str | None:
            with requests.Session() as session:
                session.trust_env = False
                form = re.search(r'name="csrf_token" value="([^"]+)"', session.get(page, timeout=30).text)
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

    def _insist(self, call: Callable[[], requests.Response], wanted: set[int]) -> None:
        until(lambda: self._calmly(lambda: call().status_code in wanted))

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
    """Kill at moments spread over the day, each time while one kind of call to the provider is slow."""
    dice = random.Random(BOOKINGS)
    for turn in range(KILLS):
        while len(day.done) < BOOKINGS * (turn + 1) // (KILLS + 2):
            if day.over.wait(0.05):
                return
        day.house.sandbox.fault("slow:0.5", operation=SLOW_STEPS[turn % len(SLOW_STEPS)], times=AT_ONCE)
        time.sleep(dice.uniform(0.1, 0.7))
        day.house.kill()
        day.house.start()


def gossip(day: Day) -> None:
    """Calls about any payment at any moment, some late, so that they arrive doubled and in any order."""
    dice = random.Random(BOOKINGS)
    while not day.over.wait(0.2):
        day.house.sandbox.switch("late-webhooks", dice.choice([0, 0.5, 1.5]))
        if known := payments(day.house):
            day.house.sandbox.control(f"payments/{dice.choice(known)['id']}/webhook")


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_every_payment_ends_as_one_booking_or_one_refund(house: KillableHouse, make_app: Callable[..., Flask]):
    app = make_app(**settings(house.sandbox, house.url), CLOCK=lambda: datetime.now(UTC))
    day = open_day(house, app)
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
    told = house.run("payments", "reconcile", "--all")
    house.kill()
    with app.app_context():
        catch_up()
        check(house)

    assert told.returncode == 0, told.stderr


def open_day(house: KillableHouse, app: Flask) -> Day:
    now = datetime.now(UTC)
    before = {name: now - timedelta(days=1) for name in ("created_at", "updated_at", "published_at")}
    with app.app_context():
        event = make_event(
            capacity=BOOKINGS, prices={Category.NIET_LID: PRICE}, starts_at=now + timedelta(days=60), **before
        )
        _row, secret = make_token(Scope.REGISTRATIONS_WRITE)
        slug = event.slug
        db.session.remove()
    return Day(house, app, slug, secret)


def catch_up() -> None:
    """What a worker does in the hours after, when claims of the dead have lapsed and doubles may be sent."""
    for hours in (1, 3, 5):
        later = datetime.now(UTC) + timedelta(hours=hours)
        Worker(lambda at=later: at).do_all_that_is_due()
    db.session.rollback()


def check(house: KillableHouse) -> None:
    """Every payment is one booking or one refund, everybody has one ticket and one mail, and the books agree."""
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

    tickets = sa.select(Ticket.registration_id).where(Ticket.state == TicketState.VALID)
    confirmed = set(db.session.scalars(sa.select(Registration.id).where(Registration.state == State.CONFIRMED)))
    mailed = sa.select(OutboxMail.registration_id).where(OutboxMail.kind == "confirmed")
    assert len(confirmed) == BOOKINGS == db.session.scalar(sa.select(Capacity.taken))
    assert Counter(db.session.scalars(tickets)) == Counter(db.session.scalars(mailed)) == Counter(confirmed)

    balance = sa.select(PaymentAttempt.provider_id, sa.func.sum(MoneyMovement.amount_cents)).join(MoneyMovement.attempt)
    booked = {row[0]: row[1] for row in db.session.execute(balance.group_by(PaymentAttempt.provider_id))}
    assert booked == {payment_id: held_by(payment) for payment_id, payment in paid.items()}
