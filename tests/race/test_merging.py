"""Two organisations become one while their people register: nobody is lost and the free places still add up."""

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.extensions import db
from eventapp.models import ORGANISATION as OF_ORGANISATION
from eventapp.models import Capacity, Registration
from eventapp.queries import health
from eventapp.queries.merging import ORGANISATION
from eventapp.services.merging import merge
from eventapp.services.registering import Booking, register
from tests.factories import NOW, OFFICE, make_event, make_organisation
from tests.race.test_last_places import in_threads

pytestmark = pytest.mark.race
# Fewer from one domain than hold a place without having confirmed.
PEOPLE = 16


def registered(event_id: int, number: int) -> str:
    domain = "een.example" if number % 2 else "twee.example"
    booking = Booking(
        event_id=event_id,
        address=f"collega{number}@{domain}",
        given_name=f"Collega {number}",
        infix="",
        family_name="Tester",
        visitor_key=f"bezoeker-{number}",
    )
    return str(register(booking, by=VISITOR, now=NOW).price_cents)


def merged(kept_id: int, gone_id: int) -> str:
    merge(ORGANISATION, kept_id, gone_id, by=OFFICE, now=NOW)
    return "merged"


def test_nobody_who_registers_during_a_merge_is_lost(app):
    kept, gone = (make_organisation(name, domains=(f"{name}.example",)).id for name in ("een", "twee"))
    event_id = make_event(free_per_organisation=PEOPLE).id
    for number in (-1, -2):
        registered(event_id, number)
    people = [lambda n=n: registered(event_id, n) for n in range(PEOPLE - 2)]

    answers = in_threads(app, [*people[:8], lambda: merged(kept, gone), *people[8:]])

    assert answers == {"0": PEOPLE - 2, "merged": 1}
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Registration.organisation_id))) == {kept}
    places = sa.select(Capacity.ref, Capacity.taken).where(Capacity.kind == OF_ORGANISATION)
    assert [tuple(row) for row in db.session.execute(places)] == [(str(kept), PEOPLE)]
    assert health.miscounts() == []
