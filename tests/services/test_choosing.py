"""Choosing breakouts: what is written down, which places are taken, and what full means."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import BreakoutFull, ChoiceRefused, IllegalStep, RegistrationClosed
from eventapp.domain.programme import Problem
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import BREAKOUT, Capacity, OutboxMail
from eventapp.queries.choices import programme_of
from eventapp.services import choosing, holding, queueing
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction
from tests.factories import NOW, make_breakout, make_event, make_registration, make_round
from tests.reading import taken as whole_taken


@pytest.fixture
def day(app):
    """A day of two rounds with two breakouts in each, one of them in the first round for a single person."""
    event = make_event()
    first, second = make_round(event, "Ronde 1"), make_round(event, "Ronde 2", hours=2)
    small = make_breakout(first, title="Klein", size=1)
    large, late, later = make_breakout(first, title="Groot"), make_breakout(second), make_breakout(second)
    return event, (first.id, second.id), (small.id, large.id, late.id, later.id)


def taken(breakout_id: int) -> int:
    own = sa.and_(Capacity.kind == BREAKOUT, Capacity.ref == str(breakout_id))
    return db.session.scalar(sa.select(Capacity.taken).where(own))


def test_a_choice_takes_its_places_and_another_choice_gives_them_back(day):
    event, (first, second), (small, large, late, _) = day
    registration = make_registration(event)

    choosing.choose(registration.id, {first: small, second: late}, by=VISITOR, now=NOW)
    changed = choosing.choose(registration.id, {first: large}, by=VISITOR, now=NOW)

    assert changed
    assert [part.title for part in programme_of(registration.id)] == ["Groot", "Bouwen voor later"]
    assert (taken(small), taken(large), taken(late)) == (0, 1, 1)


def test_who_has_no_place_yet_takes_none_by_choosing_or_waiting(day):
    """Against flooding an unproven registration may hold nothing; one that does hold a place may choose."""
    event, (first, second), (small, _, late, _) = day
    unheld = make_registration(event, state=State.AWAITING_CONFIRMATION)
    held = make_registration(event, state=State.AWAITING_CONFIRMATION)
    with transaction():
        holding.release(lock_order_of(unheld.id))

    with pytest.raises(IllegalStep):
        choosing.choose(unheld.id, {first: small, second: late}, by=VISITOR, now=NOW)
    choosing.choose(held.id, {first: small, second: late}, by=VISITOR, now=NOW)
    with pytest.raises(IllegalStep):
        queueing.wait_for_breakout(unheld.id, small, by=VISITOR, now=NOW)

    assert (programme_of(unheld.id), whole_taken(event), taken(small)) == ([], 1, 1)


def test_the_same_choice_again_changes_nothing_and_mails_nothing(day):
    event, (first, second), (small, _, late, _) = day
    registration = make_registration(event)
    choosing.choose(registration.id, {first: small, second: late}, by=VISITOR, now=NOW)
    mailed = db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail))

    changed = choosing.choose(registration.id, {first: small, second: late}, by=VISITOR, now=NOW)

    assert not changed
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == mailed


def test_a_full_breakout_refuses_and_nothing_of_the_choice_stands(day):
    event, (first, second), (small, large, late, later) = day
    choosing.choose(make_registration(event).id, {first: small, second: late}, by=VISITOR, now=NOW)
    registration = make_registration(event)
    choosing.choose(registration.id, {first: large, second: late}, by=VISITOR, now=NOW)

    with pytest.raises(BreakoutFull) as refusal:
        choosing.choose(registration.id, {first: small, second: later}, by=VISITOR, now=NOW)

    assert refusal.value.facts["breakout_id"] == small
    assert [part.title for part in programme_of(registration.id)] == ["Groot", "Bouwen voor later"]
    assert (taken(small), taken(large), taken(late), taken(later)) == (1, 1, 2, 0)


def test_a_choice_that_cannot_stand_says_what_is_wrong_per_round(day):
    event, (first, second), (small, *_) = day

    with pytest.raises(ChoiceRefused) as refusal:
        choosing.choose(make_registration(event).id, {first: small, second: None}, by=VISITOR, now=NOW)

    assert refusal.value.facts["problems"] == {second: Problem.MISSING}
    assert taken(small) == 0


def test_nobody_chooses_once_the_event_began(day):
    event, (first, second), (small, _, late, _) = day
    registration = make_registration(event)

    with pytest.raises(RegistrationClosed):
        choosing.choose(registration.id, {first: small, second: late}, by=VISITOR, now=event.starts_at)


def test_a_round_that_opens_later_is_neither_asked_nor_written(app):
    event = make_event()
    now_open = make_round(event, "Ronde 1")
    later = make_round(event, "Ronde 2", hours=2, opens_at=NOW + timedelta(days=7))
    early, late = make_breakout(now_open), make_breakout(later)
    registration = make_registration(event)

    choosing.choose(registration.id, {now_open.id: early.id, later.id: late.id}, by=VISITOR, now=NOW)

    assert [part.round for part in programme_of(registration.id)] == ["Ronde 1"]
    assert taken(late.id) == 0
