"""What must the door know: whose token is this, which ticket, which event is meant, who answers to this name?

Columns instead of object graphs: every scan asks the first two.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Row

from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketFacts, TicketState
from eventapp.domain.events import EventState
from eventapp.domain.names import fold
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tokens import digest
from eventapp.extensions import db, run
from eventapp.models import (
    ApiToken,
    Breakout,
    Choice,
    Event,
    EventSlug,
    Person,
    Presence,
    Registration,
    Round,
    Ticket,
)
from eventapp.straight import ReadyStatement

SHORTEST_SEARCH = 2
MOST_FOUND = 20
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who carries a token: a program, or with an event a phone at its door. Plain values, to carry on."""

    id: int
    name: str
    scopes: frozenset[str]
    event_id: int | None
    event_slug: str | None
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    used_since: datetime | None = None
    used: int = 0

    @property
    def actor(self) -> Actor:
        """Who does what is done with this token: a phone, or another program."""
        return Actor("device" if self.event_id else "api", self.name, self.id)

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class FoundTicket(NamedTuple):
    """A ticket with what the rule asks and what the door shows."""

    id: int
    registration_id: int
    event_id: int
    state: TicketState
    registration_state: State
    event_state: EventState
    starts_at: datetime
    ends_at: datetime
    given_name: str
    infix: str
    family_name: str
    organisation: str
    category: Category
    has_programme: bool

    @property
    def facts(self) -> TicketFacts:
        return TicketFacts(
            event_id=self.event_id,
            ticket_state=self.state,
            registration_state=self.registration_state,
            event_cancelled=self.event_state == EventState.CANCELLED,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


class Session(NamedTuple):
    """A breakout that somebody goes to, or stands in front of, in one round."""

    registration_id: int
    slug: str
    title: str
    room: str
    round: str
    starts_at: datetime
    ends_at: datetime
    speaks: bool


_BEARER = ReadyStatement(
    sa.select(
        ApiToken.id,
        ApiToken.name,
        ApiToken.scopes,
        ApiToken.event_id,
        Event.slug,
        ApiToken.expires_at,
        ApiToken.revoked_at,
        ApiToken.last_used_at,
        ApiToken.used_since,
        ApiToken.used,
    )
    .outerjoin(Event, Event.id == ApiToken.event_id)
    .where(ApiToken.token_digest == sa.bindparam("digest"))
)
_EVENT_ID: Any = (
    sa.select(Event.id)
    .where(Event.slug == sa.bindparam("slug"))
    .union_all(sa.select(EventSlug.event_id).where(EventSlug.slug == sa.bindparam("slug")))
)
# Built once: composing a statement costs more than answering this one.
_TICKET: Any = (
    sa.select(
        Ticket.id,
        Ticket.registration_id,
        Registration.event_id,
        Ticket.state,
        Registration.state,
        Event.state,
        Event.starts_at,
        Event.ends_at,
        Person.given_name,
        Person.infix,
        Person.family_name,
        Registration.organisation_name,
        Registration.category,
        sa.exists().where(Round.event_id == Event.id),
    )
    .join(Registration, Registration.id == Ticket.registration_id)
    .join(Event, Event.id == Registration.event_id)
    .join(Person, Person.id == Registration.person_id)
)
_TICKET_BY_DIGEST = ReadyStatement(_TICKET.where(Ticket.code_digest == sa.bindparam("digest")))
_TICKET_BY_ID = ReadyStatement(_TICKET.where(Ticket.id == sa.bindparam("id")))
_TICKETS_BY_DIGEST = _TICKET.add_columns(Ticket.code_digest).where(
    Ticket.code_digest.in_(sa.bindparam("digests", expanding=True))
)
_TICKETS_BY_ID = _TICKET.where(Ticket.id.in_(sa.bindparam("ids", expanding=True)))
_CHOSE: Any = (
    sa.select(sa.literal(1))
    .select_from(Choice)
    .join(Breakout, Breakout.id == Choice.breakout_id)
    .where(Choice.registration_id == sa.bindparam("registration_id"), Breakout.slug == sa.bindparam("slug"))
)


def bearer_of(secret: str) -> Bearer | None:
    """Whose secret this is, also when the token was revoked or has expired: the caller says which."""
    row = _BEARER.first({"digest": digest(secret)})
    return Bearer(row.id, row.name, frozenset(row.scopes.split()), *row[3:]) if row else None


def ticket_by_digest(code_digest: str) -> FoundTicket | None:
    """The ticket with this code, in whatever state it is."""
    return _found(_TICKET_BY_DIGEST.first({"digest": code_digest}))


def ticket_by_id(ticket_id: int) -> FoundTicket | None:
    return _found(_TICKET_BY_ID.first({"id": ticket_id}))


def tickets_by_digest(digests: Iterable[str]) -> Mapping[str, FoundTicket]:
    """The tickets with these codes, by digest."""
    rows = run(_TICKETS_BY_DIGEST, {"digests": list(digests)})
    return {row[-1]: FoundTicket(*row[:-1]) for row in rows}


def tickets_by_id(ids: Iterable[int]) -> Mapping[int, FoundTicket]:
    return {row[0]: FoundTicket(*row) for row in run(_TICKETS_BY_ID, {"ids": list(ids)})}


def chose(registration_id: int, session: str) -> bool:
    """Whether somebody chose, or presents, the breakout with this address."""
    return bool(db.session.scalar(_CHOSE, {"registration_id": registration_id, "slug": session}))


def _found(row: Any) -> FoundTicket | None:
    return FoundTicket(*row) if row else None


def sessions_of(registration_ids: Collection[int]) -> list[Session]:
    """The breakouts of these people in the order of the day, one row for every round that one fills."""
    chosen = (
        sa.select(
            Choice.registration_id,
            Breakout.slug,
            Breakout.title,
            Breakout.room,
            Round.title,
            Round.starts_at,
            Round.ends_at,
            Choice.speaks,
        )
        .join(Round, Round.id == Choice.round_id)
        .join(Breakout, Breakout.id == Choice.breakout_id)
        .where(Choice.registration_id.in_(registration_ids), Breakout.cancelled_at.is_(None))
        .order_by(Round.starts_at, Round.id, Choice.registration_id)
    )
    return [Session(*row) for row in db.session.execute(chosen)]


def event_id_by_slug(slug: str) -> int | None:
    """The event at this address, or once published at it: a phone may have been coupled before the address changed."""
    return db.session.scalar(_EVENT_ID, {"slug": slug})


def search_people(event_id: int, typed: str) -> Sequence[Row]:
    """Registrations of this event whose names have a word beginning with each word typed, in Dutch order.

    Columns: ticket_id and code (None when there is no live ticket), state, the three parts of the name,
    organisation_name, category, inside_since. At most 20; nothing from fewer than two letters.
    """
    words = re.sub(r"[^\w ]", " ", fold(typed)).split()[:_MOST_WORDS]
    if len("".join(words)) < SHORTEST_SEARCH:
        return []
    return db.session.execute(
        sa.select(
            Ticket.id.label("ticket_id"),
            Ticket.code,
            Registration.state,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Registration.organisation_name,
            Registration.category,
            Presence.inside_since,
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Ticket, sa.and_(Ticket.registration_id == Registration.id, Ticket.state == TicketState.VALID))
        .outerjoin(Presence, sa.and_(Presence.registration_id == Registration.id, Presence.session == ""))
        .where(Registration.event_id == event_id, *(_has_word(word) for word in words))
        .order_by(Person.sort_key, Registration.id.desc())
        .limit(MOST_FOUND)
    ).all()


def _has_word(word: str) -> sa.ColumnElement[bool]:
    """A word of the name begins like this; every sign that may stand before a word counts as a gap."""
    name: sa.ColumnElement[str] = sa.literal(" ").concat(Person.sort_key)
    for gap in ("\x1f", "-", "'", "’", "."):
        name = sa.func.replace(name, gap, " ")
    return name.contains(f" {word}", autoescape=True)
