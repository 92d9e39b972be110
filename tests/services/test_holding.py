"""Taking and giving back places: `taken` and the holds change together, and never beyond the size by accident."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.errors import EventFull
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Capacity, Registration
from eventapp.services import holding
from eventapp.transaction import transaction
from tests.factories import make_event, make_registration
from tests.reading import taken

pytestmark = pytest.mark.usefixtures("app")


def without_place(event) -> Registration:
    """A live registration that holds nothing yet."""
    registration = make_registration(event, state=State.WAITLISTED)
    registration.state = State.AWAITING_CONFIRMATION
    db.session.commit()
    return registration


def take(registration: Registration, *, force: bool = False) -> None:
    with transaction():
        holding.take(registration, force=force)


def allowance() -> int:
    return db.session.scalars(sa.select(Capacity.allowance)).one()


def test_taking_twice_takes_one():
    event = make_event()
    registration = without_place(event)

    take(registration)
    take(registration)

    assert taken(event) == 1


def test_giving_back_twice_gives_back_one():
    event = make_event()
    make_registration(event)
    registration = without_place(event)
    take(registration)

    for _twice in range(2):
        with transaction():
            holding.release(registration)

    assert taken(event) == 1


def test_the_last_place_is_taken_and_the_next_refused():
    event = make_event(capacity=1)
    first, second = without_place(event), without_place(event)

    take(first)
    with pytest.raises(EventFull) as refusal:
        take(second)

    assert refusal.value.facts == {"capacity_id": event.whole.id, "kind": "event"}
    assert (taken(event), second.holds) == (1, [])


def test_no_place_at_all_is_full_and_no_limit_never_is():
    none, unlimited = make_event(capacity=0), make_event(capacity=None)

    with pytest.raises(EventFull):
        take(without_place(none))
    take(without_place(unlimited))

    assert (taken(none), taken(unlimited)) == (0, 1)


def test_force_goes_above_the_size_one_at_a_time_and_remembers_how_far():
    event = make_event(capacity=1)
    registrations = [without_place(event) for _ in range(3)]

    steps = []
    for registration in registrations:
        take(registration, force=True)
        steps.append((taken(event), allowance()))

    assert steps == [(1, 0), (2, 1), (3, 2)]


def test_an_allowance_gives_places_to_nobody_else():
    event = make_event(capacity=1)
    first, second, third = (without_place(event) for _ in range(3))
    take(first)
    take(second, force=True)
    with transaction():
        holding.release(second)

    with pytest.raises(EventFull):
        take(third)


def test_a_refusal_in_the_same_transaction_undoes_what_was_taken():
    event, full = make_event(), make_event(capacity=0)
    one, other = without_place(event), without_place(full)

    with pytest.raises(EventFull), transaction():
        holding.take(one)
        holding.take(other)

    assert (taken(event), taken(full)) == (0, 0)


@pytest.mark.parametrize("values", [{"taken": 2}, {"taken": -1}, {"size": -1}])
def test_the_database_holds_the_last_line(values):
    event = make_event(capacity=1)

    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(Capacity).where(Capacity.event_id == event.id).values(**values))
    db.session.rollback()

    assert taken(event) == 0
