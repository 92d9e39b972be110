"""Who is the association, and how long does it wait? Its settings with their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from eventapp.domain.cancellation import Term
from eventapp.domain.invoices import IssueMoment, Seller
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
    invitation_reminder_days: int = 7
    offer_hours: int = 24
    cancel_free_days: int = 14
    cancel_late_percent: int = 50
    member_contact_function: str = "de contactpersoon van uw organisatie"
    membership_on: MembershipDay = MembershipDay.EVENT
    join_url: str = ""
    legal_name: str = ""
    invoice_prefix: str = ""
    invoice_term_days: int = 14
    invoice_moment: IssueMoment = IssueMoment.BOOKING
    invoice_days: int = 7
    invoice_reminder_days: int = 7
    refund_confirm_cents: int = 25000

    @property
    def postal_address(self) -> str:
        """One line, empty when nothing is set."""
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.city}".strip()) if part)

    @property
    def cancellation_terms(self) -> tuple[Term, ...]:
        """What holds where an event says nothing of its own."""
        return Term(self.cancel_free_days, 100), Term(0, self.cancel_late_percent)

    @property
    def seller(self) -> Seller:
        """As it stands on an invoice of today."""
        return Seller(
            name=self.legal_name or self.name,
            street=self.street,
            postcode=self.postcode,
            city=self.city,
            kvk=self.kvk,
            rsin=self.rsin,
            btw_id=self.btw_id,
            iban=self.iban,
            email=self.email,
        )

    def membership_day(self, *, starts_at: datetime, booked_at: datetime) -> date:
        """The day, in Amsterdam, on which somebody must belong to a member to come in as one."""
        return local_date(starts_at if self.membership_on == MembershipDay.EVENT else booked_at)

    @staticmethod
    def from_settings(values: Mapping[str, str]) -> "Association":
        """The settings as stored (text), over the defaults; names that are no longer settings are ignored."""
        kinds: dict[str, Any] = {field.name: field.type for field in fields(Association)}
        return Association(**{name: kinds[name](value) for name, value in values.items() if name in kinds})
