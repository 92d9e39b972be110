"""What somebody filled in to register, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.invoices import Buyer
from eventapp.domain.questions import Value
from eventapp.domain.registrations import State


class Basis(StrEnum):
    """On what ground somebody asks to come in, when the address does not belong to a member."""

    OUTSIDER = "niet-lid"
    CLAIM = "medewerker"
    STATUS = "eigen"


@dataclass(frozen=True)
class Colleague:
    """Somebody who is registered along: only a name and an address are asked. `address` is normalised.

    With `same_choices` they get the breakouts of whoever fills in the form; otherwise they choose on their own page.
    """

    given_name: str
    infix: str
    family_name: str
    address: str
    same_choices: bool = False


@dataclass(frozen=True)
class Booking:
    """What somebody filled in: `address` is normalised, `visitor_key` a keyed hash of where the visitor came from.

    `organisation_id` answers "namens wie?": of what the address proves, only what rests on that one or on none.
    `tenant` is that of the account with which this very address is signed in, '' without one.
    `colleagues` are booked by `registering_together`. `answers` are by question, `choices` say per round the breakout
    or None for none; both are of whoever fills in the form. `invoice` is for whom it is when they pay on one.
    `shares_with` is the partner who may know that they come, as the form named it.
    """

    event_id: int
    address: str
    given_name: str
    infix: str
    family_name: str
    organisation_name: str = ""
    function: str = ""
    function_group: TargetGroup | None = None
    attends: EventForm = EventForm.FYSIEK
    basis: Basis = Basis.OUTSIDER
    wants_waiting: bool = False
    submission_key: str | None = None
    visitor_key: str = ""
    organisation_id: int | None = None
    tenant: str = ""
    colleagues: tuple[Colleague, ...] = ()
    answers: Mapping[int, Value | None] = field(default_factory=dict)
    choices: Mapping[int, int | None] = field(default_factory=dict)
    invoice: Buyer | None = None
    shares_with: int | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of it. `repeated` is True when the very same form had come in before.

    For several people it is about the first of them, and `price_cents` is what all of them cost. `is_bookers` is False
    when whoever booked was registered already, so that the first is a colleague.
    """

    order_id: int
    registration_id: int
    order_token: str
    state: State
    price_cents: int
    repeated: bool = False
    is_bookers: bool = True
