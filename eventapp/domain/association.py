"""Who is the association, and how long does it wait? Its settings with their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Association:
    """Everything the office may set. Defaults are neutral: nothing that could be mistaken for somebody's real data."""

    name: str = "Vereniging Netwerk Kindcentra"
    short_name: str = "Netwerk Kindcentra"
    email: str = "secretariaat@kindcentra.example"
    website: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    kvk: str = ""
    rsin: str = ""
    iban: str = ""
    btw_id: str = ""
    mail_from: str = "aanmelden@kindcentra.example"
    mail_reply_to: str = ""
    calendar_domain: str = "aanmelden.kindcentra.example"
    hold_days: int = 3
    payment_hold_hours: int = 24

    @property
    def postal_address(self) -> str:
        """One line, empty when nothing is set."""
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.city}".strip()) if part)

    @staticmethod
    def from_settings(values: Mapping[str, str]) -> "Association":
        """The settings as stored (text), over the defaults; names that are no longer settings are ignored."""
        kinds = {field.name: field.type for field in fields(Association)}
        known = {name: value for name, value in values.items() if name in kinds}
        typed: dict[str, Any] = {name: int(v) if kinds[name] is int else v for name, v in known.items()}
        return Association(**typed)
