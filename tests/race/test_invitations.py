"""Two answers to an invitation in the same moment, and two invited people for one place."""

from functools import partial

import pytest
from flask import Flask

from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError
from eventapp.domain.guest_lists import Guest
from eventapp.domain.invitations import Terms
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Event, Invitation, Registration, Ticket
from eventapp.services import accepting, inviting
from eventapp.services.accepting import Acceptance
from tests.factories import NOW, make_event
from tests.race.test_last_places import in_threads
from tests.reading import taken

pytestmark = pytest.mark.race
OFFICE = Actor("staff", "Secretariaat", 1)
CLICKS = 8


def accept(token: str) -> str:
    try:
        return accepting.accept(token, Acceptance("Jan", "de", "Vries"), now=NOW).value
    except DomainError as refusal:
        return refusal.code


def invited(event: Event, people: int) -> list[str]:
    guests = [Guest(f"iemand{number}@gratismail.example") for number in range(people)]
    inviting.invite(event.id, guests, Terms(Category.BESTUUR), by=OFFICE, now=NOW)
    tokens = list(db.session.scalars(db.select(Invitation.token).order_by(Invitation.id)))
    db.session.rollback()
    return tokens


def rows(model: type) -> int:
    return len(list(db.session.scalars(db.select(model.id))))


def test_many_clicks_on_one_invitation_are_one_registration(app: Flask):
    event = make_event(capacity=5)
    (token,) = invited(event, 1)

    answers = in_threads(app, [partial(accept, token)] * CLICKS, threads=CLICKS)

    assert answers == {"confirmed": 1, "invitation_answered": CLICKS - 1}
    assert (rows(Registration), rows(Ticket), taken(event)) == (1, 1, 1)


def test_the_last_place_goes_to_one_of_the_invited(app: Flask):
    event = make_event(capacity=1)
    tokens = invited(event, CLICKS)

    answers = in_threads(app, [partial(accept, token) for token in tokens], threads=CLICKS)

    assert answers == {"confirmed": 1, "event_full": CLICKS - 1}
    assert (rows(Registration), taken(event)) == (1, 1)
    states = db.session.scalars(db.select(Invitation.state)).all()
    assert sorted(states) == ["accepted", *["invited"] * (CLICKS - 1)]


def test_two_colleagues_who_invite_the_same_list_send_it_once(app: Flask):
    event = make_event()
    guests = [Guest(f"iemand{number}@gratismail.example") for number in range(30)]
    event_id = event.id
    db.session.rollback()

    def invite() -> str:
        return str(inviting.invite(event_id, guests, Terms(Category.SPREKER), by=OFFICE, now=NOW))

    answers = in_threads(app, [invite] * 2, threads=2)

    assert sum(int(sent) * times for sent, times in answers.items()) == 30
    assert rows(Invitation) == 30
