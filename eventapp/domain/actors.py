"""Who does something? A plain value that travels from the guard to the use case and into the audit row."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    BEHEERDER = "beheerder"
    COORDINATOR = "coordinator"
    SECRETARIAAT = "secretariaat"
    PENNINGMEESTER = "penningmeester"
    KRINGCOORDINATOR = "kringcoordinator"
    LEZER = "lezer"
    DEURVRIJWILLIGER = "deurvrijwilliger"


class Scope(StrEnum):
    """What an API token may do; `SEARCH` lets a door device look for names, `NAMES` also without network.

    `WALK_INS` lets it take in people who did not register.
    """

    EVENTS_READ = "events:read"
    REGISTRATIONS_READ = "registrations:read"
    REGISTRATIONS_WRITE = "registrations:write"
    CHECKIN = "checkin"
    SEARCH = "checkin:search"
    NAMES = "checkin:names"
    WALK_INS = "checkin:walk-ins"


# The roles that can be given for one event, and for one circle; whoever keeps house or money does so for all of it.
EVENT_ROLES = (Role.COORDINATOR, Role.LEZER, Role.DEURVRIJWILLIGER)
CIRCLE_ROLES = (Role.KRINGCOORDINATOR, Role.LEZER)
# A role for one event ends so long after it, unless a day was named.
AFTERWARDS = timedelta(days=14)


class Place(NamedTuple):
    """What an address is about: an event, a circle, a meeting (which is both), or neither: the house as a whole."""

    event_id: int | None = None
    circle_id: int | None = None


HOUSE = Place()


@dataclass(frozen=True)
class Grant:
    """A role for one event or for one circle with all its meetings."""

    role: Role
    event_id: int | None = None
    circle_id: int | None = None

    def counts_at(self, place: Place) -> bool:
        if self.event_id is not None:
            return self.event_id == place.event_id
        return self.circle_id is not None and self.circle_id == place.circle_id


class Own(NamedTuple):
    """The events and circles to which somebody's roles reach, when they do not reach to all."""

    event_ids: frozenset[int]
    circle_ids: frozenset[int]


@dataclass(frozen=True)
class Actor:
    """`kind` is one of visitor, person, staff, device, api, system; `name` is what the log shows.

    `roles` count everywhere, `grants` at one event or circle; `place` is what is being looked at.
    """

    kind: str
    name: str
    id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    grants: frozenset[Grant] = field(default_factory=frozenset)
    place: Place = HOUSE

    def at(self, place: Place) -> "Actor":
        """The same, looking at this event or circle."""
        return replace(self, place=place)

    @property
    def here(self) -> frozenset[str]:
        """The roles that count at what is being looked at."""
        return self.roles | {grant.role for grant in self.grants if grant.counts_at(self.place)}

    @property
    def anywhere(self) -> frozenset[str]:
        """The roles that count somewhere."""
        return self.roles | {grant.role for grant in self.grants}

    def has(self, *roles: Role) -> bool:
        """True when one of these roles counts here; a beheerder has them all."""
        return bool(self.here & {Role.BEHEERDER, *roles})

    def has_everywhere(self, *roles: Role) -> bool:
        """True when one of these roles counts whatever is looked at."""
        return bool(self.roles & {Role.BEHEERDER, *roles})

    def has_somewhere(self, *roles: Role) -> bool:
        """True when there is anything for which one of these roles counts."""
        return bool(self.anywhere & {Role.BEHEERDER, *roles})

    def own(self, *roles: Role) -> Own | None:
        """For which events and circles one of these roles counts; None means for all."""
        if self.has_everywhere(*roles):
            return None
        grants = [grant for grant in self.grants if grant.role in roles]
        return Own(
            frozenset(grant.event_id for grant in grants if grant.event_id is not None),
            frozenset(grant.circle_id for grant in grants if grant.circle_id is not None),
        )

    @property
    def circles(self) -> frozenset[int]:
        """The circles that they run as kringcoordinator."""
        return frozenset(
            grant.circle_id for grant in self.grants if grant.role == Role.KRINGCOORDINATOR and grant.circle_id
        )


def lasts(ends_on: date | None, event_on: date | None, *, today: date) -> bool:
    """Whether a role for one thing still counts. Without a last day, one for an event ends some time after it."""
    if ends_on is not None:
        return today <= ends_on
    return event_on is None or today <= event_on + AFTERWARDS


VISITOR = Actor("visitor", "bezoeker")
SYSTEM = Actor("system", "systeem")
