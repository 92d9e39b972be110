"""Which breakouts somebody takes: chosen while registering, changed later, swapped for one that came free."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import BreakoutFull, ChoiceRefused, IllegalStep, RegistrationClosed
from eventapp.domain.events import EventState, Window
from eventapp.domain.programme import BreakoutFacts, RoundFacts, problems, said, spread
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Registration, Round
from eventapp.queries.rounds import rounds_of
from eventapp.services import calendar_moves, holding, mails
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction


def choose(registration_id: int, chosen: Mapping[int, int | None], *, by: Actor, now: datetime) -> bool:
    """Change what somebody does per round (a breakout, or None); rounds that are not named stay. Answers if it differs.

    All or nothing. Refuses with ChoiceRefused (facts: `problems` per round), BreakoutFull, IllegalStep for a
    registration without a place, RegistrationClosed once the event began or when it is off, or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        event = registration.event
        if not holding.has_place(registration):
            raise IllegalStep(state=registration.state.value, to="choose")
        if event.state != EventState.PUBLISHED or now >= event.starts_at:
            raise RegistrationClosed(window=Window.PAST.value)
        if not put(registration, chosen, now=now):
            return False
        holding.take(registration)
        _tell(registration, by=by, now=now)
        return True


def put(registration: Registration, chosen: Mapping[int, int | None], *, now: datetime) -> bool:
    """Within a transaction that locked the order: write the choice down without taking the places yet.

    Only rounds that are open count; one in which nothing is left may stay empty for the time being. Refuses with
    ChoiceRefused; answers whether anything differs from before.
    """
    rounds, breakouts = facts_at(registration.event_id)
    left = {offer.id for offer in rounds_of(registration.event_id) if not offer.may_be_empty}
    open_rounds = {one.id: replace(one, optional=one.id not in left) for one in rounds if one.open(now)}
    standing = {row.round_id: row for row in _choices(registration)}
    speaks_in = frozenset(round_id for round_id, row in standing.items() if row.speaks)
    wanted = dict.fromkeys(speaks_in) | {one: row.breakout_id for one, row in standing.items() if not row.speaks}
    wanted |= {one: breakout for one, breakout in chosen.items() if one in open_rounds and one not in speaks_in}
    wanted = spread(breakouts, wanted)
    found = problems(open_rounds.values(), breakouts, wanted, speaks_in=speaks_in)
    if found:
        raise ChoiceRefused(problems=found)
    theirs = [one for one in rounds if one.id in open_rounds and one.id not in speaks_in]
    return _write(registration, standing, said(theirs, wanted), now=now)


def _write(
    registration: Registration, standing: dict[int, Choice], wanted: Mapping[int, int | None], *, now: datetime
) -> bool:
    differs = False
    for round_id, breakout_id in wanted.items():
        row = standing.get(round_id)
        if row is None:
            db.session.add(
                Choice(registration_id=registration.id, round_id=round_id, breakout_id=breakout_id, chosen_at=now)
            )
        elif row.breakout_id == breakout_id:
            continue
        else:
            row.breakout_id, row.chosen_at = breakout_id, now
        differs = True
    db.session.flush()
    return differs


def swap_to(registration: Registration, breakout_id: int, *, by: Actor, now: datetime) -> None:
    """Within a transaction that locked the order: go to this breakout, held already, and leave what is in its way.

    In the way are the breakouts in its rounds, whatever spans into them, its repeats and what it excludes.
    """
    _, breakouts = facts_at(registration.event_id)
    new = breakouts[breakout_id]
    standing = {row.round_id: row for row in _choices(registration)}
    for row in standing.values():
        other = breakouts.get(row.breakout_id) if row.breakout_id else None
        if other and not row.speaks and _in_the_way(other, new):
            row.breakout_id, row.chosen_at = None, now
    _write(registration, standing, dict.fromkeys(new.rounds, breakout_id), now=now)
    holding.take(registration)
    _tell(registration, by=by, now=now)


def _in_the_way(other: BreakoutFacts, new: BreakoutFacts) -> bool:
    same_topic = bool(new.topic) and other.topic == new.topic
    excluded = other.id in new.excludes or new.id in other.excludes
    return bool(other.rounds & new.rounds) or same_topic or excluded


def take_or_let_go(registration: Registration) -> list[int]:
    """Take every place; a breakout that filled meanwhile is let go, so that it does not stop the event's own place.

    Answers the ids of the breakouts that were full. Refuses with EventFull or OrganisationFull.
    """
    gone: list[int] = []
    while True:
        try:
            with db.session.begin_nested():
                holding.take(registration)
            return gone
        except BreakoutFull as refusal:
            gone.append(refusal.facts["breakout_id"])
            full = sa.and_(Choice.registration_id == registration.id, Choice.breakout_id == gone[-1])
            db.session.execute(sa.delete(Choice).where(full))


def facts_at(event_id: int) -> tuple[list[RoundFacts], dict[int, BreakoutFacts]]:
    """The rounds of an event in the order of the day, and its breakouts by id."""
    rounds = db.session.scalars(sa.select(Round).where(Round.event_id == event_id).order_by(Round.starts_at, Round.id))
    breakouts = db.session.scalars(sa.select(Breakout).where(Breakout.event_id == event_id)).all()
    return [one.facts() for one in rounds], {one.id: one.facts() for one in breakouts}


def _choices(registration: Registration) -> list[Choice]:
    return list(db.session.scalars(sa.select(Choice).where(Choice.registration_id == registration.id)))


def _tell(registration: Registration, *, by: Actor, now: datetime) -> None:
    """A confirmed person gets the new programme with a calendar entry that follows; one mail per change."""
    note("programme_changed", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
    if registration.state == State.CONFIRMED:
        calendar_moves.move(registration, now=now)
        mails.programme_changed(registration, now=now)
