"""The clock jumps an hour ahead and back, by a bad battery or time server: nothing paid is lost, nothing doubled."""

from datetime import timedelta

import pytest

from eventapp.domain.actors import Scope
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Heartbeat, MailState
from eventapp.queries import health
from eventapp.services import mails, signing_in, working
from tests.bad_days.test_neighbours import DATABASES, HOUR, House, attempt_of, house, state_of  # noqa: F401
from tests.factories import NOW, make_event, make_person, make_registration, make_token
from tests.reading import all_mails
from tests.shop import PRICE

pytestmark = [pytest.mark.bad_day, pytest.mark.race, DATABASES]
MINUTE = timedelta(minutes=1)


def test_clock_jumps_an_hour_ahead_and_back(house: House):  # noqa: F811
    """What was begun before, during and after the wrong hour goes on, and each thing happens once."""
    event = make_event(prices={Category.NIET_LID: PRICE})
    terms = {"state": State.AWAITING_PAYMENT, "category": Category.NIET_LID, "price_cents": PRICE}
    paid = make_registration(event, **terms, expires_at=NOW + 30 * MINUTE)
    paid_id, address = paid.id, paid.address
    house.send(f"/bestelling/{paid.order.token}/betaling")
    house.sandbox.mark(attempt_of(paid_id).provider_id, "paid")
    signing_in.request_link("vroeg@elders.example", visitor_key="v", now=NOW)
    house.works()

    house.clock.now = NOW + HOUR
    ahead = make_registration(make_event(), make_person(address="vooruit@elders.example"))
    mails.confirmed(ahead, now=house.clock.now)
    db.session.commit()
    post = {"Idempotency-Key": "een", "Authorization": f"Bearer {make_token(Scope.REGISTRATIONS_WRITE)[1]}"}
    url = f"/api/v1/events/{event.slug}/registrations"
    body = {"email": "sleutel@elders.example", "family_name": "Sleutel", "category": "niet-lid"}
    booked_ahead = house.send(url, json=body, headers=post).json
    house.works()
    sure = state_of(paid_id)
    # Written when the worker had just been: it leaves after the clock is right again.
    mails.confirmed(ahead, now=house.clock.now, again="nog eens")
    db.session.commit()

    house.clock.now = NOW + MINUTE
    due_at_once = {task.name for task in working.due(now=house.clock.now)}
    house.works()
    booked_again = house.send(url, json=body, headers=post).json

    assert (sure, state_of(paid_id)) == (State.CONFIRMED, State.CONFIRMED)
    assert due_at_once == {task.name for task in working.TASKS if not task.nightly}
    assert {mail.state for mail in all_mails()} == {MailState.SENT}
    assert len({mail["Message-ID"] for mail in house.post.arrived}) == len(house.post.arrived) == len(all_mails())
    assert len(house.arrived("vooruit@elders.example")) == 2
    assert len(house.arrived(address)) == 1
    assert db.session.get_one(Heartbeat, health.WORKER).beat_at == house.clock.now
    assert booked_again == booked_ahead
    assert health.miscounts() == []
