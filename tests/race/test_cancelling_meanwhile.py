"""An event is cancelled while people register and confirm: nobody is left behind with a place at nothing."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import DomainError
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE, State
from eventapp.extensions import db
from eventapp.models import Capacity, OutboxMail, PlaceHold, Registration, Ticket
from eventapp.services import calling_off, confirming, one_time
from tests.factories import NOW, OFFICE, make_event, make_registration
from tests.race.test_last_places import attempt, booking

pytestmark = pytest.mark.race
THREADS, EACH = 8, 12


def link_for(registration: Registration) -> str:
    return one_time.make(
        confirming.PURPOSE,
        subject_id=registration.order_id,
        address=registration.address,
        expires_at=registration.event.starts_at,
        now=NOW,
    )


def press(token: str) -> str:
    try:
        return confirming.prove(token, now=NOW).state.value
    except DomainError as refusal:
        return refusal.code


def test_nobody_is_left_at_an_event_that_is_cancelled_meanwhile(app):
    event = make_event(capacity=None, prices={Category.NIET_LID: 0})
    event_id = event.id
    waiting = [make_registration(event, state=State.AWAITING_CONFIRMATION) for _ in range(THREADS * 4)]
    tokens = [link_for(registration) for registration in waiting]
    db.session.commit()
    start = Barrier(THREADS + 1)

    def come(first: int) -> list[str]:
        start.wait()
        answers = []
        for number in range(first, THREADS * EACH, THREADS):
            with app.app_context():
                answers.append(attempt(booking(event_id, number)))
            if number < len(tokens):
                with app.app_context():
                    answers.append(press(tokens[number]))
        return answers

    def cancel() -> None:
        start.wait()
        with app.app_context():
            calling_off.cancel_event(event_id, reason="Brand", by=OFFICE, now=NOW)

    with ThreadPoolExecutor(THREADS + 1) as pool:
        coming = [pool.submit(come, first) for first in range(THREADS)]
        pool.submit(cancel).result()
        answers = Counter(answer for future in coming for answer in future.result())

    db.session.rollback()
    calling_off.finish(now=NOW)
    live = sa.select(sa.func.count(Registration.id)).where(Registration.state.in_(LIVE))
    valid = sa.select(sa.func.count(Ticket.id)).where(Ticket.state == "valid")
    told = sa.select(OutboxMail.registration_id).where(OutboxMail.kind == "event_cancelled")
    assert set(answers) <= {"awaiting_confirmation", "registration_closed", "confirmed", "cancelled"}
    assert (db.session.scalar(live), db.session.scalar(valid)) == (0, 0)
    assert db.session.scalars(sa.select(Capacity.taken)).one() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlaceHold)) == 0
    assert set(db.session.scalars(told)) == set(db.session.scalars(sa.select(Registration.id)))
