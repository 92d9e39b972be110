"""What does the list of a door hold: every ticket of an event with its state, whom it names, and where they are?

Columns instead of object graphs: every phone asks every ten seconds.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.admission import TicketFacts
from eventapp.domain.events import EventState
from eventapp.domain.pricing import Category
from eventapp.domain.roster import RosterState, Version, door_id, state_of, version_of
from eventapp.extensions import db
from eventapp.formatting import full_name
from eventapp.models import (
    ApiToken,
    Breakout,
    BreakoutRound,
    Choice,
    Event,
    OrganisationDomain,
    Person,
    Presence,
    Registration,
    Round,
    Scan,
    Ticket,
)
from eventapp.queries.scanned import open_conflict


class Inside(NamedTuple):
    """Since when somebody is inside, and the door that let them in."""

    since: datetime
    where: str


class RosterRow(NamedTuple):
    """One ticket. `code` seals what only the ticket may open and goes no further; `sessions` are ids of breakouts.

    `domains` are the mail domains of the organisation: a colleague may come instead.
    """

    id: str
    code: str
    state: RosterState
    inside: Inside | None
    category: Category
    name: str
    organisation: str
    sessions: tuple[int, ...]
    domains: tuple[str, ...]
    in_sessions: Mapping[str, Inside]
    conflict: bool


class RosterSession(NamedTuple):
    """A breakout with a door of its own. `rounds` are the titles of the rounds it fills."""

    id: int
    slug: str
    title: str
    room: str
    rounds: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


class Roster(NamedTuple):
    event: str
    title: str
    starts_at: datetime
    ends_at: datetime
    rows: Sequence[RosterRow]
    sessions: Sequence[RosterSession]
    version: Version


def roster_of(event_id: int, *, salt: str) -> Roster:
    """The list of an event as it is now, for phones that know the event by this address."""
    event = db.session.execute(
        sa.select(Event.title, Event.state, Event.starts_at, Event.ends_at).where(Event.id == event_id)
    ).one()
    sessions = _sessions(event_id)
    rows = _rows(event_id, event, salt)
    facts: list[tuple[str, object]] = [(row.id, _said(row)) for row in rows]
    facts.append(("00", (event.title, event.starts_at.isoformat(), event.ends_at.isoformat(), sessions)))
    return Roster(salt, event.title, event.starts_at, event.ends_at, rows, sessions, version_of(facts))


def tickets_by_door_id(event_id: int, salt: str) -> Mapping[str, int]:
    """The tickets of an event by what a list under this address calls them."""
    tickets = db.session.execute(
        sa.select(Ticket.id, Ticket.code)
        .join(Registration, Registration.id == Ticket.registration_id)
        .where(Registration.event_id == event_id)
    )
    return {door_id(salt, code): ticket_id for ticket_id, code in tickets}


def _said(row: RosterRow) -> object:
    inside = [(slug, one.since.isoformat(), one.where) for slug, one in sorted(row.in_sessions.items())]
    whole = (row.inside.since.isoformat(), row.inside.where) if row.inside else None
    whom = (row.category.value, row.name, row.organisation, row.domains)
    return row.state.value, whole, whom, row.sessions, inside, row.conflict


def _rows(event_id: int, event: Any, salt: str) -> list[RosterRow]:
    chosen, in_sessions, twice = _chosen(event_id), _in_sessions(event_id), _conflicts(event_id)
    domains = _domains(event_id)
    found = []
    for row in _tickets(event_id):
        inside = Inside(row.first_in_at, row.door or "") if row.inside_since and row.state == "valid" else None
        facts = TicketFacts(
            event_id=event_id,
            ticket_state=row.state,
            registration_state=row.registration_state,
            event_cancelled=event.state == EventState.CANCELLED,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
        )
        found.append(
            RosterRow(
                id=door_id(salt, row.code),
                code=row.code,
                state=state_of(facts, inside=inside is not None),
                inside=inside,
                category=row.category,
                name=full_name(row.given_name, row.infix, row.family_name),
                organisation=row.organisation_name,
                sessions=tuple(chosen.get(row.registration_id, ())),
                domains=tuple(domains.get(row.organisation_id, ())),
                in_sessions=in_sessions.get(row.registration_id, {}),
                conflict=row.registration_id in twice,
            )
        )
    return found


def _tickets(event_id: int) -> Sequence[Any]:
    present = sa.and_(Presence.registration_id == Registration.id, Presence.session == "")
    return db.session.execute(
        sa.select(
            Ticket.code,
            Ticket.state,
            Registration.id.label("registration_id"),
            Registration.state.label("registration_state"),
            Registration.category,
            Registration.organisation_name,
            Registration.organisation_id,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Presence.first_in_at,
            Presence.inside_since,
            ApiToken.name.label("door"),
        )
        .select_from(Ticket)
        .join(Registration, Registration.id == Ticket.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Presence, present)
        .outerjoin(ApiToken, ApiToken.id == Presence.device_id)
        .where(Registration.event_id == event_id)
        .order_by(Ticket.id)
    ).all()


def _chosen(event_id: int) -> Mapping[int, list[int]]:
    rows = db.session.execute(
        sa.select(Choice.registration_id, Choice.breakout_id)
        .join(Registration, Registration.id == Choice.registration_id)
        .where(Registration.event_id == event_id, Choice.breakout_id.is_not(None))
        .distinct()
        .order_by(Choice.registration_id, Choice.breakout_id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for registration_id, breakout_id in rows:
        found[registration_id].append(breakout_id or 0)
    return found


def _domains(event_id: int) -> Mapping[int | None, list[str]]:
    coming = sa.select(Registration.organisation_id).where(Registration.event_id == event_id)
    rows = db.session.execute(
        sa.select(OrganisationDomain.organisation_id, OrganisationDomain.domain)
        .where(OrganisationDomain.organisation_id.in_(coming))
        .order_by(OrganisationDomain.domain)
    )
    found: dict[int | None, list[str]] = defaultdict(list)
    for organisation_id, domain in rows:
        found[organisation_id].append(domain)
    return found


def _in_sessions(event_id: int) -> Mapping[int, dict[str, Inside]]:
    rows = db.session.execute(
        sa.select(Presence.registration_id, Presence.session, Presence.first_in_at, ApiToken.name)
        .outerjoin(ApiToken, ApiToken.id == Presence.device_id)
        .where(Presence.event_id == event_id, Presence.session != "", Presence.inside_since.is_not(None))
    )
    found: dict[int, dict[str, Inside]] = defaultdict(dict)
    for registration_id, session, first_in_at, door in rows:
        if first_in_at:
            found[registration_id][session] = Inside(first_in_at, door or "")
    return found


def _conflicts(event_id: int) -> frozenset[int]:
    marked = sa.select(Scan.registration_id).where(open_conflict(event_id))
    return frozenset(found for found in db.session.scalars(marked) if found)


def _sessions(event_id: int) -> list[RosterSession]:
    rows = db.session.execute(
        sa.select(
            Breakout.id, Breakout.slug, Breakout.title, Breakout.room, Round.title, Round.starts_at, Round.ends_at
        )
        .join(BreakoutRound, BreakoutRound.breakout_id == Breakout.id)
        .join(Round, Round.id == BreakoutRound.round_id)
        .where(Breakout.event_id == event_id, Breakout.cancelled_at.is_(None))
        .order_by(Breakout.position, Breakout.id, Round.starts_at, Round.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return [_session(of) for of in found.values()]


def _session(rows: Sequence[Any]) -> RosterSession:
    """A breakout from its rows, one for every round that it fills."""
    first, rounds = rows[0], tuple(row[4] for row in rows)
    ends_at = max(row[6] for row in rows)
    return RosterSession(first[0], first[1], first[2], first[3], rounds, starts_at=first[5], ends_at=ends_at)
