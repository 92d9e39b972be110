"""The last place in a breakout, wanted by many in the same moment while they register."""

from collections import Counter

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import DomainError
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Choice, Registration
from eventapp.queries import health
from eventapp.services.registering import Booking, register
from tests.factories import NOW, make_breakout, make_event, make_organisation, make_round
from tests.race.test_last_places import in_threads

pytestmark = pytest.mark.race
PEOPLE, PLACES = 12, 3


def book(event_id: int, choices: dict[int, int | None], number: int) -> str:
    """What became of one person: the state, or the code of the refusal."""
    address = f"iemand@lid{number}.example"
    own = {"given_name": "Iemand", "infix": "", "family_name": "Tester", "visitor_key": f"bezoeker-{number}"}
    try:
        return register(
            Booking(event_id=event_id, address=address, choices=choices, **own), by=VISITOR, now=NOW
        ).state.value
    except DomainError as refusal:
        return refusal.code


def test_the_last_places_of_a_breakout_go_to_as_many_and_the_others_are_not_booked_at_all(app):
    make_organisation(domains=tuple(f"lid{number}.example" for number in range(PEOPLE)))
    event_id = (event := make_event(prices={Category.LID: 0})).id
    round_ = make_round(event)
    small, _large = make_breakout(round_, size=PLACES), make_breakout(round_)
    choices = {round_.id: small.id}

    answers = in_threads(app, [lambda n=n: book(event_id, choices, n) for n in range(PEOPLE)], threads=6)

    db.session.rollback()
    assert Counter(answers) == {"awaiting_confirmation": PLACES, "breakout_full": PEOPLE - PLACES}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == PLACES
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Choice)) == PLACES
    assert health.miscounts() == []
