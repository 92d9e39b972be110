"""The part of the form that is about several people: who fits, what each costs, and what there is to choose."""

from dataclasses import dataclass
from datetime import datetime

from eventapp import formatting, wording
from eventapp.domain.group_orders import Seat, Trouble
from eventapp.domain.pricing import Entitlement
from eventapp.models import Event
from eventapp.queries.association import load_association
from eventapp.queries.places import Part, parts_of
from eventapp.services.bookings import Basis, Booking, Colleague
from eventapp.services.registering import claimed_entitlement
from eventapp.services.registering_together import may_stand_in_line, seats
from eventapp.web.public.forms import OWN, RegistrationForm

_WORDS = {
    Trouble.NO_FREE_PLACE: "De gratis plaatsen van deze organisatie zijn vergeven. Overleg met {function}.",
    Trouble.NOT_ADMITTED: "Met dit adres kan deze persoon niet komen: deze bijeenkomst is er niet voor.",
}


@dataclass(frozen=True)
class Line:
    """One person on the review: who, and what it costs in words."""

    name: str
    address: str
    costs: str


@dataclass(frozen=True)
class Company:
    """Everybody of the form with what they get; `total_cents` is what is to be paid once the address is proven.

    `troubles` says by the id of the address why somebody does not fit, where that is still to be settled; `left` how
    many places there are of what is too little for all. `may_wait` tells whether all of them can stand in line instead.
    `refused`: not all fitted a moment ago.
    """

    lines: list[Line]
    total_cents: int
    troubles: dict[str, str]
    fitting: int
    may_wait: bool
    left: list[str]
    refused: bool = False

    @property
    def fits(self) -> bool:
        return not (self.troubles or self.refused)


def colleagues_of(form: RegistrationForm) -> tuple[Colleague, ...]:
    """The colleagues who are to be registered now, as a booking has them."""
    return tuple(
        Colleague(
            row.given_name.data,
            row.infix.data,
            row.family_name.data,
            row.email.data,
            same_choices=row.sessions.data != OWN,
        )
        for row in form.coming
    )


def company(
    event: Event, form: RegistrationForm, booking: Booking, booker: Entitlement | None, *, now: datetime
) -> Company:
    """How it stands with everybody of the form; changes nothing. `booker` None: only their address will tell."""
    if booking.basis == Basis.CLAIM:
        booker = claimed_entitlement(event.price_lines)
    found = seats(event, booking, booker, now=now)
    waits = [seat.trouble is not None and may_stand_in_line(event, seat) for seat in found]
    names = [(booking.given_name, booking.infix, booking.family_name, booking.address)]
    names += [(one.given_name, one.infix, one.family_name, one.address) for one in booking.colleagues]
    lines = [
        Line(
            formatting.full_name(*name),
            address,
            ("Komt op de wachtlijst. " if booking.wants_waiting and waits[number] else "")
            + _costs(seat, is_booker=not number, booking=booking),
        )
        for number, ((*name, address), seat) in enumerate(zip(names, found, strict=True))
    ]
    function = load_association().member_contact_function
    fields = [form.email, *(row.email for row in form.coming)]
    parts = {part.capacity_id: part for part in parts_of(event.id)}
    too_little = [part for part in parts.values() if any(seat.full == part.capacity_id for seat in found)]
    return Company(
        lines,
        sum(_due(seat) for seat in found if seat.trouble is None),
        {
            field.id: _trouble(seat, parts, function)
            for field, seat, waiting in zip(fields, found, waits, strict=True)
            # Whoever finds the free places gone is told by the review, unless they can choose to wait.
            if seat.trouble
            and (field is not form.email or waiting or seat.full)
            and not (waiting and booking.wants_waiting)
        },
        sum(seat.trouble is None for seat in found),
        all(waiting for seat, waiting in zip(found, waits, strict=True) if seat.trouble),
        [wording.still_left(part.kind, part.ref, part.name, part.places.left or 0) for part in too_little],
    )


def _trouble(seat: Seat, parts: dict[int, Part], function: str) -> str:
    if seat.full is not None:
        part = parts[seat.full]
        return wording.no_place_for_one(part.kind, part.ref, part.name)
    assert seat.trouble is not None
    return _WORDS[seat.trouble].format(function=function)


def leave_out_who_does_not_fit(form: RegistrationForm, found: Company) -> None:
    """Tick "nu niet" for everybody in trouble; what was filled in stays."""
    for row in form.coming:
        row.skip.data = row.email.id in found.troubles


def only_the_first(form: RegistrationForm, found: Company) -> bool:
    """Whether who fits are simply the first of the form, so that a button can say so."""
    troubled = [row.email.id in found.troubles for row in form.coming]
    return troubled == sorted(troubled)


def _due(seat: Seat) -> int:
    return seat.entitlement.price_cents if seat.entitlement and seat.entitlement.proof.via != "office" else 0


def _costs(seat: Seat, *, is_booker: bool, booking: Booking) -> str:
    given = seat.entitlement
    if is_booker and booking.basis == Basis.STATUS:
        return "Wat voor u geldt; wij herkennen u aan uw adres"
    if given is None:
        return ""
    if given.proof.via == "office":
        return "Nu niets; het secretariaat kijkt eerst naar het lidmaatschap"
    organisation = given.proof.facts.get("organisation", "")
    price = f"{formatting.money(given.price_cents)} (incl. btw)" if given.price_cents else "Gratis"
    if seat.beyond_free:
        return f"{price}; de gratis plaatsen van {organisation} zijn vergeven"
    return f"{price}, namens {organisation}" if organisation else price
