"""Who is the association, and how long does it wait? Its settings with their defaults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from eventapp.domain import colours
from eventapp.domain.cancellation import Term
from eventapp.domain.invoices import IssueMoment, Numbering, Seller
from eventapp.domain.journal import Chart, Ledger
from eventapp.domain.times import local_date
from eventapp.domain.vat import Vat

# What may stand in a header; anything else would say more than one origin there.
_ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?(?=/|\?|#|$)")


def origin_of(address: str) -> str:
    """The site of an address, "https://www.vnk.example"; '' of what is none."""
    found = _ORIGIN.match(address.strip().lower())
    return found.group() if found else ""


class MembershipDay(StrEnum):
    """The day on which a membership or status must count."""

    EVENT = "event"
    BOOKING = "booking"


class Letterhead(str):
    """The name at the head of a paper, and the colours in which that is printed."""

    brand: str
    accent: str

    def __new__(cls, name: str, brand: str = colours.BRAND, accent: str = colours.ACCENT) -> "Letterhead":
        made = super().__new__(cls, name)
        made.brand, made.accent = brand, accent
        return made


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
    invoice_numbering: Numbering = Numbering.YEARLY
    invoice_term_days: int = 14
    invoice_moment: IssueMoment = IssueMoment.BOOKING
    invoice_days: int = 7
    invoice_reminder_days: int = 7
    refund_confirm_cents: int = 25000
    ledger_debtors: str = "1300"
    ledger_sales: str = "8000"
    ledger_vat_high: str = "1510"
    ledger_vat_low: str = "1520"
    ledger_mollie: str = "1150"
    ledger_bank: str = "1100"
    ledger_fees: str = "4500"
    ledger_written_off: str = "4900"
    ledger_suspense: str = "2900"
    cost_centre: str = ""
    vat_code_high: str = "21"
    vat_code_low: str = "9"
    vat_code_zero: str = "0"
    vat_code_exempt: str = "VRIJ"
    vat_code_outside: str = "GEEN"
    embed_sites: str = ""
    member_goal: int = 160
    member_goal_year: int = 2028
    brand_colour: str = colours.BRAND
    accent_colour: str = colours.ACCENT

    @property
    def postal_address(self) -> str:
        """One line, empty when nothing is set."""
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.city}".strip()) if part)

    @property
    def colours(self) -> str:
        """Both colours as they stand in an address; empty when they are those of our own style sheet."""
        chosen = (self.brand_colour, self.accent_colour)
        return "" if chosen == (colours.BRAND, colours.ACCENT) else "-".join(chosen).replace("#", "")

    @property
    def letterhead(self) -> Letterhead:
        """What stands at the head of a paper."""
        return Letterhead(self.name, self.brand_colour, self.accent_colour)

    @property
    def embedding_sites(self) -> tuple[str, ...]:
        """The origins of which pages may show the agenda in a frame: the own website, and what the office added."""
        origins = [origin_of(address) for address in (self.website, *self.embed_sites.split())]
        return tuple(dict.fromkeys(origin for origin in origins if origin))

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

    @property
    def chart(self) -> Chart:
        """The numbers by which the treasurer books."""
        return Chart(
            accounts={ledger: getattr(self, f"ledger_{ledger.value}") for ledger in Ledger},
            vat_codes={
                Vat.HIGH: self.vat_code_high,
                Vat.LOW: self.vat_code_low,
                Vat.ZERO: self.vat_code_zero,
                Vat.EXEMPT: self.vat_code_exempt,
                Vat.OUTSIDE: self.vat_code_outside,
            },
            cost_centre=self.cost_centre,
        )

    def membership_day(self, *, starts_at: datetime, booked_at: datetime) -> date:
        """The day, in Amsterdam, on which somebody must belong to a member to come in as one."""
        return local_date(starts_at if self.membership_on == MembershipDay.EVENT else booked_at)

    @staticmethod
    def from_settings(values: Mapping[str, str]) -> "Association":
        """The settings as stored (text), over the defaults; names that are no longer settings are ignored."""
        kinds: dict[str, Any] = {field.name: field.type for field in fields(Association)}
        return Association(**{name: kinds[name](value) for name, value in values.items() if name in kinds})
