"""What is there to choose at an event, round by round, with what is left of it?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.places import Places
from eventapp.domain.programme import BreakoutFacts, RoundFacts
from eventapp.extensions import db
from eventapp.models import BREAKOUT, Breakout, Capacity, Choice, Round


class BreakoutOffer(NamedTuple):
    """A breakout as one may choose it."""

    id: int
    slug: str
    title: str
    room: str
    speakers: str
    description: str
    for_whom: str
    materials_url: str
    facts: BreakoutFacts
    places: Places

    @property
    def free(self) -> bool:
        """Whether somebody new can choose it now."""
        return not (self.facts.cancelled or self.places.full)


class RoundOffer(NamedTuple):
    """A round with the breakouts in it, in the order of the office."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    facts: RoundFacts
    breakouts: tuple[BreakoutOffer, ...]

    @property
    def may_be_empty(self) -> bool:
        """Whether one may leave it open: by the programme, or because nothing in it is left."""
        return self.facts.optional or not any(one.free for one in self.breakouts)


def rounds_of(event_id: int) -> list[RoundOffer]:
    """The rounds of an event in the order of the day; empty for most events, at the price of one small query."""
    rounds = db.session.scalars(
        sa.select(Round).where(Round.event_id == event_id).order_by(Round.starts_at, Round.id)
    ).all()
    offers = _offers(event_id) if rounds else []
    return [
        RoundOffer(
            one.id,
            one.title,
            one.starts_at,
            one.ends_at,
            one.facts(),
            tuple(offer for offer in offers if one.id in offer.facts.rounds),
        )
        for one in rounds
    ]


def _offers(event_id: int) -> list[BreakoutOffer]:
    own = sa.and_(Capacity.kind == BREAKOUT, Capacity.ref == sa.cast(Breakout.id, sa.String))
    found = sa.select(Breakout, Capacity.size, Capacity.taken, Capacity.waiting).outerjoin(
        Capacity, sa.and_(own, Capacity.event_id == Breakout.event_id)
    )
    rows = db.session.execute(found.where(Breakout.event_id == event_id).order_by(Breakout.position, Breakout.id)).all()
    return [
        BreakoutOffer(
            one.id,
            one.slug,
            one.title,
            one.room,
            one.speakers,
            one.description,
            one.for_whom,
            one.materials_url,
            one.facts(),
            Places(size, taken or 0, waiting or 0),
        )
        for one, size, taken, waiting in rows
    ]


def open_rounds(event_id: int, *, now: datetime) -> list[RoundOffer]:
    """The rounds in which one chooses now, as far as there is anything to choose."""
    return [one for one in rounds_of(event_id) if one.breakouts and one.facts.open(now)]


def facts_in(rounds: Iterable[RoundOffer]) -> dict[int, BreakoutFacts]:
    """Every breakout of these rounds as the rules see it."""
    return {offer.id: offer.facts for one in rounds for offer in one.breakouts}


def choices_of(registration_id: int) -> dict[int, Choice]:
    """What somebody chose, by round."""
    rows = db.session.scalars(sa.select(Choice).where(Choice.registration_id == registration_id))
    return {row.round_id: row for row in rows}


def not_chosen(registration_id: int, event_id: int, *, now: datetime) -> list[RoundOffer]:
    """The open rounds for which somebody said nothing yet."""
    rounds = open_rounds(event_id, now=now)
    chosen = choices_of(registration_id) if rounds else {}
    return [one for one in rounds if one.id not in chosen]


def choices_by_slug(event_id: int, slugs: Sequence[str]) -> tuple[Mapping[int, int | None], list[str]]:
    """What another system names by their slugs as a choice per round, and the names that no breakout has.

    A breakout fills every round it spans; of two in the same round the last one counts.
    """
    rows = db.session.scalars(sa.select(Breakout).where(Breakout.event_id == event_id)).all()
    by_slug = {one.slug: one for one in rows}
    chosen: dict[int, int | None] = {}
    for slug in slugs:
        if slug in by_slug:
            chosen |= dict.fromkeys(by_slug[slug].facts().rounds, by_slug[slug].id)
    return chosen, [slug for slug in slugs if slug not in by_slug]
