"""Mail server, payment provider or worker are away for a day: nothing is lost, and nothing absurd goes out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from werkzeug.test import TestResponse

from eventapp.cli.worker import Worker
from eventapp.domain.actors import VISITOR
from eventapp.domain.concerns import Concern
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.mail.deliver import TOO_LATE
from eventapp.models import MailState, OutboxMail, PaymentAttempt, Registration
from eventapp.queries import concerns, health
from eventapp.services import cancelling, confirming, mails, signing_in
from tests.bad_days.house import FULL
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.killable import until
from tests.mail.conftest import PostOffice
from tests.reading import all_mails, last_mail, token_in
from tests.sandbox import RunningSandbox
from tests.services.test_offering import entry_of, wait
from tests.shop import PRICE, settings

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
DATABASES = pytest.mark.parametrize("database_url", BOTH if FULL else ["sqlite"], indirect=True)
pytestmark = [pytest.mark.bad_day, pytest.mark.race, DATABASES]
HOUR = timedelta(hours=1)
STEP = HOUR if FULL else 5 * HOUR
NOBODY = "smtp://127.0.0.1:9"
AWAY = 25 * HOUR
LATER = AWAY + 5 * HOUR


@dataclass
class Clock:
    """The time of this day; the house asks it, the test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """An app with its worker, and what lies around it."""

    app: Flask
    clock: Clock
    post: PostOffice
    sandbox: RunningSandbox
    workers: dict[str, Worker] = field(default_factory=dict)

    def works(self, mail_server: str = "") -> None:
        """The worker does all that is due, with this mail server."""
        self.app.config["SMTP_URL"] = mail_server or self.post.url
        worker = self.workers.get(mail_server) or self.workers.setdefault(mail_server, Worker(self.clock))
        worker.do_all_that_is_due()
        db.session.rollback()

    def day_passes(self, mail_server: str = "") -> None:
        """A day and an hour of work without the neighbour."""
        while self.clock.now < NOW + AWAY:
            self.clock.now += STEP
            self.works(mail_server)

    def send(self, path: str, **more: Any) -> TestResponse:
        """Post this at this hour: a test's context would keep the moment of the first request for all of them."""
        g.pop("now", None)
        return self.app.test_client().post(path, **more)

    def metric(self, name: str) -> float:
        """The largest of a figure that `/metrics` tells."""
        told = self.app.test_client().get("/metrics").text.splitlines()
        return max(float(line.split()[-1]) for line in told if line.startswith(f"eventapp_{name}"))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Meanwhile a worker goes on by itself, as `eventapp worker` does."""
        worker = Worker(self.clock)

        def work() -> None:
            with self.app.app_context():
                worker.work()

        rounds = Thread(target=work)
        rounds.start()
        try:
            yield
        finally:
            worker.stopping.set()
            rounds.join()

    def calls(self) -> int:
        """How often the provider was asked anything."""
        return sum(self.sandbox.calls().values())

    def newest_payment(self) -> str:
        newest = sa.select(PaymentAttempt.provider_id).order_by(PaymentAttempt.id.desc()).limit(1)
        return db.session.scalars(newest).one() or ""

    def arrived(self, address: str) -> list[str]:
        """The subjects of what came in the mailbox of this address, in order."""
        return [str(mail["Subject"]) for mail in self.post.arrived if mail["To"].addresses[0].addr_spec == address]


@pytest.fixture
def house(make_app: Callable[..., Flask], post_office: PostOffice, shop_sandbox: RunningSandbox) -> Iterator[House]:
    shop_sandbox.control("reset")
    shop_sandbox.switch("no-webhooks")
    clock = Clock()
    app = make_app(**settings(shop_sandbox), CLOCK=clock)
    with app.app_context():
        yield House(app, clock, post_office, shop_sandbox)


@dataclass(frozen=True)
class Cast:
    """Who they are by what awaits them; each is a registration's id, at an address named so."""

    leaves: int
    waits: int
    owes: int
    tomorrow: int
    names = ("weg", "wacht", "betaalt", "morgen")

    @staticmethod
    def address(name: str) -> str:
        return f"{name}@zonnevlinder.example"


def attempt_of(registration_id: int) -> PaymentAttempt:
    of_order = sa.select(PaymentAttempt).join(Registration, Registration.order_id == PaymentAttempt.order_id)
    return db.session.scalars(of_order.where(Registration.id == registration_id)).one()


def state_of(registration_id: int) -> State:
    db.session.rollback()
    return db.session.get_one(Registration, registration_id).state


def somebody(name: str, event, **more) -> Registration:
    return make_registration(event, make_person(address=Cast.address(name)), **more)


def comes_on_a_bad_day() -> Cast:
    """Everybody to whom a day without mail could do something absurd."""
    make_organisation()
    full = make_event(title="Volle dag", capacity=1)
    holder = make_registration(full)
    waits = wait(full, Cast.address("wacht"))
    db.session.execute(sa.update(OutboxMail).values(state=MailState.SENT, sent_at=NOW))
    db.session.commit()
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)

    leaves = somebody("weg", make_event(title="Toch niet"))
    mails.confirmed(leaves, now=NOW)
    # In a little more than a day it has begun, and its reminder of the day before is due now.
    soon = make_event(title="Morgen", starts_at=NOW + 22 * HOUR)
    tomorrow = somebody("morgen", soon)
    tomorrow.confirmed_at = NOW - timedelta(days=3)
    db.session.commit()
    owes = book(make_event(title="Betaald", prices={Category.LID: PRICE}), Cast.address("betaalt"))
    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    signing_in.request_link(Cast.address("weg"), visitor_key="v", now=NOW)
    return Cast(leaves.id, waits, owes.registration_id, tomorrow.id)


def test_mail_server_is_away_for_a_day(house: House):
    cast = comes_on_a_bad_day()
    house.works(NOBODY)
    offered_at_first = entry_of(cast.waits).until
    cancelling.cancel_own(cast.leaves, by=VISITOR, now=NOW + HOUR)
    house.day_passes(NOBODY)
    nothing_left, alarm = house.post.arrived == [], health.stuck_mails(now=house.clock.now)

    while house.clock.now < NOW + LATER:
        house.works()
        house.clock.now += HOUR

    subjects = {name: house.arrived(Cast.address(name)) for name in cast.names}
    assert (nothing_left, alarm > 5) == (True, True)
    assert {name: [subject.partition(" ")[0] for subject in got] for name, got in subjects.items()} == {
        "weg": ["Ticket", "Afmelding"],
        "wacht": ["Er"],
        "betaalt": ["Bevestig", "Nog"],
        "morgen": [],
    }
    assert entry_of(cast.waits).until > max(house.clock.now, offered_at_first)
    assert unsent() == {"pay", "place_offered", "reminder", "sign_in"}
    assert {mail.last_error for mail in all_mails() if mail.state == MailState.FAILED} == {TOO_LATE}


def unsent() -> set[str]:
    """The kinds of mail that were given up."""
    return {mail.kind for mail in all_mails() if mail.state == MailState.FAILED}


def test_payment_provider_is_away_for_a_day(house: House):
    """Who paid keeps the place although we cannot hear of it; who could not pay is told so, and can a day later."""
    event = make_event(prices={Category.NIET_LID: PRICE})
    terms = {"state": State.AWAITING_PAYMENT, "category": Category.NIET_LID, "price_cents": PRICE}
    paid, tries, idle = (make_registration(event, **terms, expires_at=NOW + 20 * HOUR) for _ in range(3))
    ids, tokens = (paid.id, tries.id, idle.id), (paid.order.token, tries.order.token)
    address = paid.address
    house.send(f"/bestelling/{tokens[0]}/betaling")
    house.sandbox.mark(attempt_of(paid.id).provider_id, "paid")
    house.sandbox.fault("drop", times=0)

    house.clock.now = NOW + 10 * HOUR
    click = house.send(f"/bestelling/{tokens[1]}/betaling", follow_redirects=True)
    house.day_passes()
    meanwhile = [state_of(one) for one in ids]
    told = concerns.counts({Concern.UNASKED: None}, now=house.clock.now)
    house.sandbox.control("faults/clear")
    house.works()
    again = house.send(f"/bestelling/{tokens[1]}/betaling")
    house.sandbox.mark(house.newest_payment(), "paid")
    house.clock.now += HOUR
    house.works()
    afterwards = [state_of(one) for one in ids]

    assert (click.status_code, "De betaaldienst reageert niet" in click.text) == (200, True)
    assert meanwhile == [State.AWAITING_PAYMENT, State.AWAITING_PAYMENT, State.EXPIRED]
    assert told == {Concern.UNASKED: 1}
    assert (again.status_code, again.location.startswith(house.sandbox.url)) == (303, True)
    assert afterwards == [State.CONFIRMED, State.CONFIRMED, State.EXPIRED]
    assert [one.partition(" ")[0] for one in house.arrived(address)] == ["Ticket"]


def test_payment_provider_falls_silent_and_mail_does_not_wait_for_it(house: House):
    """It accepts the call and says nothing, for each payment anew: a hundred of them would be ten minutes."""
    event = make_event(prices={Category.NIET_LID: PRICE})
    terms = {"state": State.AWAITING_PAYMENT, "category": Category.NIET_LID, "price_cents": PRICE}
    tokens = [make_registration(event, **terms, expires_at=NOW + HOUR).order.token for _ in range(3)]
    for token in tokens:
        house.send(f"/bestelling/{token}/betaling")
    house.app.config["SMTP_URL"] = house.post.url
    house.clock.now += HOUR / 2
    asked_before = house.calls()
    house.sandbox.fault("timeout", times=0)

    with house.at_work():
        until(lambda: house.calls() > asked_before)
        mails.confirmed(somebody("weg", make_event(title="Wel")), now=house.clock.now)
        db.session.commit()
        until(lambda: house.arrived(Cast.address("weg")))
        asked = house.calls() - asked_before
        house.sandbox.control("faults/clear")

    assert asked < len(tokens)


def test_worker_was_stopped_for_a_day(house: House):
    cast = comes_on_a_bad_day()
    house.clock.now = NOW + AWAY
    ready, oldest, late = (
        house.app.test_client().get("/readyz").json,
        house.metric("mails_oldest_seconds"),
        health.worker_late(now=house.clock.now),
    )
    offered_at_first = entry_of(cast.waits).until

    for _ in range(3):
        house.works()
        house.clock.now += HOUR

    assert (ready["status"], oldest, late) == ("degraded", AWAY.total_seconds(), True)
    assert {name: [one.partition(" ")[0] for one in house.arrived(Cast.address(name))] for name in cast.names} == {
        "weg": ["Ticket"],
        "wacht": ["Er"],
        "betaalt": ["Bevestig", "Nog"],
        "morgen": [],
    }
    assert unsent() == {"pay", "place_offered", "sign_in"}
    assert entry_of(cast.waits).until > offered_at_first
