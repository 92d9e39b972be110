"""Who works in the back office of the demo, and as whom can one try to register?"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from eventapp.domain.actors import Role, Scope
from eventapp.domain.events import EventState
from eventapp.domain.times import from_local, local_date
from eventapp.domain.tokens import digest, new_token
from eventapp.models import ApiToken, Event, Setting, StaffGrant, StaffMember


class DemoStaff(NamedTuple):
    """Somebody with a role, or without one: only what is given for an event or circle counts."""

    name: str
    address: str
    role: Role | None


STAFF = (
    DemoStaff("Bea Beheer", "beheerder@kindcentra.example", Role.BEHEERDER),
    DemoStaff("Cor Coördinator", "coordinator@kindcentra.example", Role.COORDINATOR),
    DemoStaff("Sietske Secretariaat", "secretariaat@kindcentra.example", Role.SECRETARIAAT),
    DemoStaff("Pim Penning", "penningmeester@kindcentra.example", Role.PENNINGMEESTER),
    DemoStaff("Kyra Kring", "kringcoordinator@kindcentra.example", Role.KRINGCOORDINATOR),
    DemoStaff("Lex Lezer", "lezer@kindcentra.example", Role.LEZER),
    DemoStaff("Dora Deur", "deurvrijwilliger@kindcentra.example", Role.DEURVRIJWILLIGER),
    DemoStaff("Hanna Helper", "helper@kindcentra.example", None),
)
VISITORS = (
    ("a member's employee", "nieuw@zonnevlinder.example"),
    ("a contact person", "jan-willem.vandermeulen@zonnevlinder.example"),
    ("an outsider", "nieuw@gemeente-voorbeeldstad.example"),
    ("free mail", "nieuw@gratismail.example"),
)

# Name, scopes, how long ago it was used, and how many days it still lasts.
_PROGRAMS = (
    ("Website", Scope.EVENTS_READ, timedelta(minutes=20), None),
    ("Dashboard cijfers", f"{Scope.EVENTS_READ} {Scope.REGISTRATIONS_READ}", timedelta(days=3), 120),
    ("Proef met de ledenadministratie", Scope.REGISTRATIONS_WRITE, None, -30),
)

# Nothing here can be mistaken for the association's real data; the bank account is from banks' own examples.
_ASSOCIATION = {
    "email": "secretariaat@kindcentra.example",
    "website": "https://www.kindcentra.example",
    "street": "Voorbeeldstraat 1",
    "postcode": "1234 AB",
    "city": "Voorbeeldstad",
    "kvk": "00000000",
    "rsin": "000000000",
    "iban": "NL91 ABNA 0417 1643 00",
    "invoice_prefix": "VNK",
    "mail_from": "aanmelden@kindcentra.example",
    "mail_reply_to": "secretariaat@kindcentra.example",
}


def make_staff(*, now: datetime) -> list[StaffMember]:
    """One account per role, and one that has a role for one event only."""
    return [StaffMember(name=who.name, address=who.address, role=who.role, created_at=now) for who in STAFF]


def make_roles(staff: Sequence[StaffMember], events: Sequence[Event], *, now: datetime) -> list[StaffGrant]:
    """Who has no role everywhere coordinates the first event that is still to come."""
    published = (one for one in events if one.state == EventState.PUBLISHED and one.starts_at > now)
    first = min(published, key=lambda one: one.starts_at)
    helpers = [one for one in staff if one.role is None]
    return [StaffGrant(staff=one, role=Role.COORDINATOR, event_id=first.id, created_at=now) for one in helpers]


def make_tokens(*, now: datetime) -> list[ApiToken]:
    """Programs that may use the API. Nobody knows their secrets."""
    return [
        ApiToken(
            name=name,
            token_digest=digest(new_token()),
            scopes=scopes,
            created_at=now - timedelta(days=200),
            created_by=STAFF[0].name,
            last_used_at=now - used if used else None,
            expires_at=from_local(local_date(now) + timedelta(days=days), time.min) if days else None,
        )
        for name, scopes, used, days in _PROGRAMS
    ]


def make_settings() -> list[Setting]:
    """The association's data, obviously invented."""
    return [Setting(name=name, value=value) for name, value in _ASSOCIATION.items()]
