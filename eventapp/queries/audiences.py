"""Whom would a message reach? Looks up who was chosen, each with an address and with what we write to them on."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp import formatting
from eventapp.domain.errors import TooManyPicked
from eventapp.domain.events import Field
from eventapp.domain.mailings import MOST_PICKED, Candidate, Choice, Ground, LeftOut, Stream, each_once
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.registrations import LIVE, State
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Choice as ChosenBreakout
from eventapp.models import CircleMember, Event, FixedPresence, Mailing, Person, Registration
from eventapp.queries.breakouts import undecided
from eventapp.queries.circles import members_on
from eventapp.queries.outbox import dead_in_all
from eventapp.queries.reachable import reachable


@dataclass(frozen=True)
class Whom:
    """What decides about whom a message reaches, whether it is kept already or not."""

    stream: Stream
    choice: Choice = field(default_factory=Choice)
    event_id: int | None = None
    circle_id: int | None = None
    topic: Field | None = None

    @classmethod
    def of(cls, mailing: Mailing) -> Self:
        return cls(mailing.stream, mailing.chosen, mailing.event_id, mailing.circle_id, mailing.topic)


def audience(whom: Whom, *, now: datetime) -> list[tuple[Candidate, LeftOut | None]]:
    """Everybody who was chosen, by name and each once, with why they get nothing, if so."""
    if whom.stream == Stream.ANNOUNCEMENT:
        members = reachable(whom.choice, topic=whom.topic, event_id=whom.event_id, on=local_date(now))
        return list(each_once(members, per_mailbox=True))
    group = _of_event(whom, now) if whom.stream == Stream.EVENT else _of_circle(whom, now)
    return list(each_once(group, per_mailbox=False))


def of_picked(registration_ids: Sequence[int]) -> Whom:
    """Exactly these, of one event or of several; those that do not exist are left out.

    Refuses with TooManyPicked.
    """
    if len(registration_ids) > MOST_PICKED:
        raise TooManyPicked(most=MOST_PICKED)
    columns = sa.select(Registration.id, Registration.state, Registration.event_id)
    rows = db.session.execute(columns.where(Registration.id.in_(registration_ids))).all()
    events = {row.event_id for row in rows}
    live = frozenset(row.id for row in rows if row.state in LIVE)
    choice = Choice(ticked=live, ticked_off=frozenset(row.id for row in rows) - live)
    return Whom(Stream.EVENT, choice, event_id=events.pop() if len(events) == 1 else None)


def chosen_registrations(event_id: int | None, choice: Choice, *, now: datetime) -> sa.Select[int]:
    """The ids of registrations of an event that fit; without a choice of states those that are live.

    Who was there, or was not, is known once that is fixed: before it, and after it was undone, nobody fits. Only who
    was ticked can be of any event.
    """
    if choice.picked or event_id is None:
        live = sa.and_(Registration.id.in_(choice.ticked), Registration.state.in_(LIVE))
        return sa.select(Registration.id).where(sa.or_(live, Registration.id.in_(choice.ticked_off)))
    wanted = sa.select(Registration.id).where(Registration.event_id == event_id)
    if choice.presence:
        wanted = wanted.where(_fixed_as(choice.presence))
    else:
        wanted = wanted.where(Registration.state.in_(choice.states or LIVE))
    if choice.categories:
        wanted = wanted.where(Registration.category.in_(choice.categories))
    if choice.forms:
        wanted = wanted.where(Registration.attends.in_(choice.forms))
    if choice.breakout_id:
        here = ChosenBreakout.breakout_id == choice.breakout_id
        wanted = wanted.where(sa.exists().where(ChosenBreakout.registration_id == Registration.id, here))
    if choice.undecided:
        wanted = wanted.where(undecided(now))
    if choice.unpaid:
        wanted = wanted.where(Registration.state == State.AWAITING_PAYMENT)
    return wanted


def still_chosen(whom: Whom, addresses: Mapping[int, str], *, now: datetime) -> dict[int, tuple[Registration, ...]]:
    """What of these people fits the choice now, at the address by which we write to them; who has nothing is left out.

    Of each event the last registration, the first event first. What somebody registered with another address is not
    for whoever reads this mailbox.
    """
    of_them = sa.select(Registration.id).where(Registration.person_id.in_(addresses))
    own, choice = set(db.session.scalars(of_them)), whom.choice
    narrowed = replace(choice, ticked=choice.ticked & own, ticked_off=choice.ticked_off & own)
    fits = chosen_registrations(None if choice.picked else whom.event_id, narrowed, now=now)
    rows = sa.select(Registration).join(Event).where(Registration.id.in_(fits), Registration.id.in_(own))
    found: dict[int, dict[int, Registration]] = {}
    for row in db.session.scalars(rows.order_by(Event.starts_at, Event.id, Registration.id)):
        if row.address == addresses[row.person_id]:
            found.setdefault(row.person_id, {})[row.event_id] = row
    return {person_id: tuple(each.values()) for person_id, each in found.items()}


def _fixed_as(statuses: Set[PresenceStatus]) -> sa.ColumnElement[bool]:
    own = sa.and_(FixedPresence.registration_id == Registration.id, FixedPresence.status.in_(statuses))
    return sa.exists().where(own, Event.id == FixedPresence.event_id, Event.presence_fixed_at.is_not(None))


def _of_event(whom: Whom, now: datetime) -> list[Candidate]:
    fits = Registration.id.in_(chosen_registrations(whom.event_id, whom.choice, now=now))
    # Of somebody who came back after withdrawing the last registration counts.
    by_name = sa.select(Registration).join(Person).where(fits).order_by(Person.sort_key, Person.id)
    latest = by_name.order_by(Registration.id.desc()).options(joinedload(Registration.person))
    return _candidates(db.session.scalars(latest).all(), Ground.REGISTRATION)


def _of_circle(whom: Whom, now: datetime) -> list[Candidate]:
    assert whom.circle_id is not None
    members = members_on(whom.circle_id, local_date(now))
    roles = whom.choice.roles
    return _candidates([row for row in members if not roles or row.role in roles], Ground.CIRCLE)


def _candidates(rows: Iterable[Registration | CircleMember], ground: Ground) -> list[Candidate]:
    rows = list(rows)
    dead = dead_in_all()
    return [
        Candidate(
            person_id=row.person_id,
            name=formatting.full_name(row.person.given_name, row.person.infix, row.person.family_name),
            given_name=row.person.given_name,
            address=row.address,
            ground=ground,
            organisation=row.organisation_name,
            registration_id=row.id if isinstance(row, Registration) else None,
            left_out=LeftOut.DEAD_ADDRESS if row.address in dead else None,
        )
        for row in rows
    ]
