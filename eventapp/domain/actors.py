"""Who does something? A plain value that travels from the guard to the use case and into the audit row."""

from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(frozen=True)
class Actor:
    """`kind` is one of visitor, person, staff, device, api, system; `name` is what the log shows."""

    kind: str
    name: str
    id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)

    def has(self, *roles: Role) -> bool:
        """True when the actor has one of these roles; a beheerder has them all."""
        return bool(self.roles & {Role.BEHEERDER, *roles})


VISITOR = Actor("visitor", "bezoeker")
SYSTEM = Actor("system", "systeem")
