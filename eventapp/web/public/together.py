"""The part of the form that is about several people: who fits, what each costs, and what there is to choose."""

from dataclasses import dataclass
from datetime import datetime

from eventapp import formatting
from eventapp.domain.group_orders import Seat, Trouble
from eventapp.domain.pricing import Entitlement
from eventapp.models import Event
from eventapp.queries.association import load_association
from eventapp.services.bookings import Basis, Booking, Colleague
from eventapp.services.registering import claimed_entitlement
from eventapp.services.registering_together import may_stand_in_line, seats
from eventapp.web.public.forms import OWN, RegistrationForm

_WORDS = {
    Trouble.NO_PLACE: "Voor deze persoon is er geen plaats meer.",
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

    `troubles` says by the id of the address why somebody does not fit, where that is still to be settled; `may_wait`
    tells whether all of them can stand in line instead. `refused`: not all fitted, for what no row shows.
    """

    lines: list[Line]
    total_cents: int
    troubles: dict[str, str]
    fitting: int
    may_wait: bool
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
    return Company(
        lines,
        sum(_due(seat) for seat in found if seat.trouble is None),
        {
            field.id: _WORDS[seat.trouble].format(function=function)
            for field, seat, waiting in zip(fields, found, waits, strict=True)
            # Whoever fills in the form is told by the review, unless they can choose to wait.
            if seat.trouble and (field is not form.email or waiting) and not (waiting and booking.wants_waiting)
        },
        sum(seat.trouble is None for seat in found),
        all(waiting for seat, waiting in zip(found, waits, strict=True) if seat.trouble),
    )


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
