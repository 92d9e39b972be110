"""Twenty groups of three on ten places, at once: never more than ten, and never part of a group."""

from collections import Counter

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import DomainError
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Registration
from eventapp.queries import health
from eventapp.services.registering import Booking, Colleague
from eventapp.services.registering_together import register_together
from tests.factories import NOW, make_event, make_organisation
from tests.race.test_last_places import in_threads

pytestmark = pytest.mark.race
GROUPS, PLACES = 20, 10


def group(event_id: int, number: int) -> str:
    """What became of a group of three: the state, or the code of the refusal."""
    domain = f"lid{number}.example"
    colleagues = tuple(Colleague(f"Collega {n}", "", "Tester", f"c{n}@{domain}") for n in range(2))
    own = {"given_name": "Iemand", "infix": "", "family_name": "Tester", "visitor_key": f"bezoeker-{number}"}
    booking = Booking(event_id=event_id, address=f"iemand@{domain}", colleagues=colleagues, **own)
    try:
        return register_together(booking, by=VISITOR, now=NOW).state.value
    except DomainError as refusal:
        return refusal.code


def test_three_of_twenty_groups_of_three_get_the_ten_places(app):
    make_organisation(domains=tuple(f"lid{number}.example" for number in range(GROUPS)))
    event_id = make_event(capacity=PLACES, prices={Category.LID: 0}).id

    answers = in_threads(app, [lambda n=n: group(event_id, n) for n in range(GROUPS)], threads=10)

    db.session.rollback()
    sizes = Counter(db.session.scalars(sa.select(Registration.order_id)))
    assert answers == {"awaiting_confirmation": 3, "group_does_not_fit": GROUPS - 3}
    assert sorted(sizes.values()) == [3, 3, 3]
    assert health.miscounts() == []
