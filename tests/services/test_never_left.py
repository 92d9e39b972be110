"""Who could not read in time that they were asked: a term begins anew when the house was to blame, and not for ever."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import OutboxMail, Registration
from eventapp.services import cancelling, offering
from tests.factories import NOW, OFFICE, make_event, make_registration
from tests.reading import kinds
from tests.services.test_offering import entry_of, wait

DAY = timedelta(days=1)
FULL = {"tries": 5, "last_error": "recipient refused: 452 4.2.2"}
pytestmark = pytest.mark.usefixtures("app")


def fared(**values: Any) -> None:
    """What became of every mail so far."""
    db.session.execute(sa.update(OutboxMail).values(values))
    db.session.commit()


def offered() -> int:
    event = make_event(capacity=1, starts_at=NOW + 60 * DAY)
    holder = make_registration(event)
    waiting = wait(event, "wacht@zonnevlinder.example")
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)
    return waiting


def test_a_full_mailbox_keeps_no_place_from_the_next_in_line():
    waiting = offered()
    fared(**FULL)

    lapsed = offering.lapse_offers(now=NOW + DAY)

    assert (lapsed, db.session.get_one(Registration, waiting).state) == (1, State.EXPIRED)


def test_an_offer_that_cannot_leave_begins_anew_twice():
    waiting = offered()

    lapsed = [offering.lapse_offers(now=NOW + days * DAY) for days in (1, 2, 3)]

    assert lapsed == [0, 0, 1]
    assert kinds().count("place_offered") == 3
    assert entry_of(waiting).until == NOW + 3 * DAY
