"""Words on tickets, invoices and certificates and in somebody's calendar, and of what an invoice still lacks."""

from datetime import date

from eventapp import formatting
from eventapp.domain.events import EventKind, RegistrationMode
from eventapp.wording.kinds import KINDS, REGISTRATION_MODES

ONLINE_ROUTE = "U doet online mee. De link staat op de pagina van uw ticket en in de afspraak in uw agenda."
NOBODY_ON_LIST = "Er staat nog niemand op deze lijst."
NO_BREAKOUT = "Geen deelsessie"
OWN_PROGRAMME = "Uw programma:"
# Where somebody answers, changes or withdraws.
OWN_TICKET = "Uw ticket en aanmelding"
OWN_CIRCLE = "Uw pagina van de kring"

# Printed on a credit invoice.
CREDIT_WITHDRAWN = "Afmelding"
CREDIT_EVENT_OFF = "De bijeenkomst gaat niet door"
CREDIT_GIVEN_BACK = "Teruggave"
CREDIT_CHEAPER = "Lagere prijs"
MOVED_TO_NEW_INVOICE = "Overgezet naar een nieuwe factuur"
NO_PRICED_PLACE = "een plaats die geld kost"


def own_ticket_for(title: str) -> str:
    """What the page of a ticket is called beside that of another event."""
    return f"{OWN_TICKET} voor {title}"


def speaks_in(title: str) -> str:
    return f"U spreekt: {title}"


def goes_on_until(clock: str) -> str:
    return f"Gaat door tot {clock} uur"


def ticket_at(address: str) -> str:
    return f"Uw ticket: {address}"


def more_at(address: str, *, registers: bool) -> str:
    return f"{'Meer lezen en aanmelden' if registers else 'Meer lezen'}: {address}"


def registers_at(address: str) -> str:
    return f"{REGISTRATION_MODES[RegistrationMode.ELDERS]}: {address}"


def attended_of(number: int, meetings: int) -> str:
    """For instance "4 van 6 bijeenkomsten"."""
    return f"{number} van {formatting.count_nl(meetings, 'bijeenkomst', 'bijeenkomsten')}"


def price_of(organisation: str) -> str:
    """Why somebody pays less since they turned out to work there."""
    return f"Prijs van {organisation}"


def vat_rule(kind: EventKind, day: date | None = None) -> str:
    """The rule about btw that is missing, on a day or at all."""
    return f"het btw-tarief voor {KINDS[kind].lower()}" + (f" op {day:%d-%m-%Y}" if day else "")
