"""Who works in the back office of the demo, and as whom can one try to register?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from eventapp.domain.actors import Role
from eventapp.domain.events import EventState
from eventapp.models import Event, Setting, StaffGrant, StaffMember


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


def make_settings() -> list[Setting]:
    """The association's data, obviously invented."""
    return [Setting(name=name, value=value) for name, value in _ASSOCIATION.items()]
