"""Op factuur in the demo: a masterclass that is paid first, who waits for that, and who may still choose."""

from datetime import datetime

from eventapp.domain.actors import Actor, Role
from eventapp.domain.invoices import Buyer
from eventapp.domain.pricing import Category
from eventapp.models import Event
from eventapp.services import adding, choosing_invoice
from eventapp.services.adding import ManualBooking

_OFFICE = Actor("staff", "Sanne Kantoor", None, frozenset({Role.SECRETARIAAT}))
_BUYER = Buyer(
    legal_name="Gemeente Polderdam",
    street="Raadhuisplein",
    house_number="1",
    postcode="1234 AC",
    city="Polderdam",
    address="crediteuren@gemeente-polderdam.example",
    order_number="PO-2027-1044",
)
_EVENT, _DOMAIN = "masterclass-leiderschap", "gemeente-polderdam.example"


def choose_invoices(events: list[Event], *, now: datetime) -> None:
    """Within the transaction of the load: one place waits for its invoice, another for whatever is chosen."""
    event = next(event for event in events if event.slug.startswith(_EVENT))
    event.confirm_on_invoice = False
    waiting = _book(event, "Femke", "Verwerker", now=now)
    choosing_invoice.choose(waiting, _BUYER, None, by=_OFFICE, now=now)
    _book(event, "Ravi", "Twijfel", now=now)


def _book(event: Event, given: str, family: str, *, now: datetime) -> int:
    """The id of the order."""
    address = f"{given}.{family}@{_DOMAIN}".lower()
    organisation = "Gemeente Polderdam"
    manual = ManualBooking(event.id, address, given, "", family, Category.NIET_LID, organisation_name=organisation)
    return adding.add_by_hand(manual, by=_OFFICE, now=now).order_id
