"""Who is the association, and how long does it wait? Its settings with their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from eventapp.domain.times import local_date


class MembershipDay(StrEnum):
    """The day on which a membership or status must count."""

    EVENT = "event"
    BOOKING = "booking"


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
    member_contact_function: str = "de contactpersoon van uw organisatie"
    membership_on: MembershipDay = MembershipDay.EVENT

    @property
    def postal_address(self) -> str:
        """One line, empty when nothing is set."""
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.city}".strip()) if part)

    def membership_day(self, *, starts_at: datetime, booked_at: datetime) -> date:
        """The day, in Amsterdam, on which somebody must belong to a member to come in as one."""
        return local_date(starts_at if self.membership_on == MembershipDay.EVENT else booked_at)

    @staticmethod
    def from_settings(values: Mapping[str, str]) -> "Association":
        """The settings as stored (text), over the defaults; names that are no longer settings are ignored."""
        kinds: dict[str, Any] = {field.name: field.type for field in fields(Association)}
        return Association(**{name: kinds[name](value) for name, value in values.items() if name in kinds})
