"""Who works in the back office of the demo, and as whom can one try to register?"""

from datetime import datetime
from typing import NamedTuple

from eventapp.domain.actors import Role
from eventapp.models import Setting, StaffMember


class DemoStaff(NamedTuple):
    """Somebody with a role."""

    name: str
    address: str
    role: Role


STAFF = (
    DemoStaff("Bea Beheer", "beheerder@kindcentra.example", Role.BEHEERDER),
    DemoStaff("Cor Coördinator", "coordinator@kindcentra.example", Role.COORDINATOR),
    DemoStaff("Sietske Secretariaat", "secretariaat@kindcentra.example", Role.SECRETARIAAT),
    DemoStaff("Pim Penning", "penningmeester@kindcentra.example", Role.PENNINGMEESTER),
    DemoStaff("Kyra Kring", "kringcoordinator@kindcentra.example", Role.KRINGCOORDINATOR),
    DemoStaff("Lex Lezer", "lezer@kindcentra.example", Role.LEZER),
    DemoStaff("Dora Deur", "deurvrijwilliger@kindcentra.example", Role.DEURVRIJWILLIGER),
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
    """One account per role."""
    return [StaffMember(name=who.name, address=who.address, role=who.role, created_at=now) for who in STAFF]


def make_settings() -> list[Setting]:
    """The association's data, obviously invented."""
    return [Setting(name=name, value=value) for name, value in _ASSOCIATION.items()]
