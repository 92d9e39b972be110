"""What a door carries to go on without network."""

from typing import Annotated

from pydantic import Field

from eventapp.domain.admission import Result
from eventapp.domain.pricing import Category
from eventapp.domain.roster import RosterState
from eventapp.web.api.schemas.base import Answer, Asked, Moment, Slug


class DoorAsked(Asked):
    event: Annotated[Slug, Field(description="The event of the door")]


class ListAsked(DoorAsked):
    since: Annotated[str, Field(description="`v` of the list that is there; only what changed comes back")] = ""


class InsideOut(Answer):
    """Since when somebody is in a breakout, and through which door."""

    since: Moment
    where: str


class RosterRowOut(Answer):
    """One ticket of a door's list. `nonce` and `sealed` are base64.

    `name` and `mail`, which tells colleagues by their mail domain, are there only for who may search offline.
    """

    id: str
    state: RosterState
    type: Category
    since: Moment | None = None
    where: str | None = None
    inside: dict[str, InsideOut] | None = None
    conflict: bool | None = None
    name: str | None = None
    mail: str | None = None
    nonce: str
    sealed: str


class RosterSessionOut(Answer):
    """A breakout with a door of its own."""

    id: int
    slug: str
    title: str
    room: str
    rounds: list[str]
    starts_at: Moment
    ends_at: Moment


class RosterOut(Answer):
    """A door's list: all of it, or with `parts` only the rows whose id begins with one of these."""

    sparse = True

    v: str
    event: str
    title: str
    server_time: Moment
    first_day: str
    last_day: str
    starts_at: Moment
    ends_at: Moment
    count: int
    parts: list[str] | None
    sessions: list[RosterSessionOut]
    rows: list[RosterRowOut]


class SightingOut(Answer):
    """Where and when somebody was seen; `mine` by the door that asks."""

    door: str
    at: Moment
    result: Result
    mine: bool


class ConflictOut(Answer):
    """One person whom this door let in, though another door or our list says otherwise."""

    name: str
    session: str
    sightings: list[SightingOut]


class ConflictsOut(Answer):
    """All contradictions in which this door has a part."""

    conflicts: list[ConflictOut]
