"""The same person joins twice at once, and a meeting is followed by two workers in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from eventapp.domain.errors import DomainError
from eventapp.extensions import db
from eventapp.services import circle_joining, circle_meetings
from tests.circling import added, asks, make_circle, make_meeting, members
from tests.factories import NOW, make_organisation
from tests.reading import registrations, taken

pytestmark = pytest.mark.race


def together(app, acts):
    """Do all of these in the same moment, each in a thread of its own; refusals are answers too."""
    start = Barrier(len(acts))

    def one(act):
        with app.app_context():
            start.wait()
            try:
                return act()
            except DomainError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_who_joins_twice_at_once_is_one_member_with_one_place(app):
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle)
    tokens = [asks(circle), asks(circle)]
    db.session.rollback()

    together(app, [lambda token=token: circle_joining.prove(token, now=NOW) for token in tokens])

    assert len(members()) == 1
    assert (len(registrations()), taken(event)) == (1, 1)


def test_two_workers_give_each_member_one_place(app):
    make_organisation()
    circle = make_circle()
    added(circle)
    event = make_meeting(circle)
    db.session.rollback()

    changed = together(app, [lambda: circle_meetings.follow_everywhere(now=NOW)] * 3)

    assert sum(changed) == 1
    assert (len(registrations()), taken(event)) == (1, 1)
