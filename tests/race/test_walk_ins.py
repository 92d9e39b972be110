"""Two doors and one last place, and one person at two doors: never more than there is."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import DomainError
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Event, Presence, Registration
from eventapp.services.walking_in import WalkIn, come_in
from tests.factories import NOW, OFFICE, make_event

pytestmark = pytest.mark.race
DOORS = 6


@pytest.mark.parametrize("same_person", [False, True])
def test_the_last_place_goes_to_one_who_walks_in(app, same_person):
    event_id = make_event(starts_at=NOW, capacity=1, prices={Category.NIET_LID: 0}).id
    start = Barrier(DOORS)

    def arrive(number: int) -> str:
        name = "Noor" if same_person else f"Noor {number}"
        walk_in = WalkIn(event_id, "noor@elders.example", name, "de", "Wit")
        with app.app_context():
            start.wait()
            try:
                return come_in(walk_in, by=OFFICE, door=None, can_pay=False, now=NOW).state.value
            except DomainError as refusal:
                return refusal.code

    db.session.rollback()
    with ThreadPoolExecutor(DOORS) as pool:
        outcomes = Counter(pool.map(arrive, range(DOORS)))

    expected = {"confirmed": DOORS} if same_person else {"confirmed": 1, "event_full": DOORS - 1}
    counted = [db.session.scalar(sa.select(sa.func.count(row.id))) for row in (Registration, Presence)]
    assert (outcomes, counted, db.session.get_one(Event, event_id).places.taken) == (Counter(expected), [1, 1], 1)
