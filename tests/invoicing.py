"""Invoices with dull defaults: an association that may send one, how prices are booked, and somebody who owes money."""

from dataclasses import replace
from datetime import date, timedelta

from eventapp.domain.actors import Actor, Role
from eventapp.domain.invoices import Buyer, InvoiceKind, IssuedInvoice, Line, Seller
from eventapp.domain.payments import AttemptStatus, Outcome
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.domain.vat import Vat, split
from eventapp.extensions import db
from eventapp.models import Event, Invoice, Order, PaymentAttempt, Registration, RevenueRuleRow, Setting
from eventapp.services import drafting, invoicing
from tests.factories import NOW, make_event, make_person, make_registration

TREASURER = Actor("staff", "Pim Penning", 1, frozenset({Role.PENNINGMEESTER}))
SETTINGS = {
    "street": "Voorbeeldstraat 1",
    "postcode": "1234 AB",
    "city": "Voorbeeldstad",
    "kvk": "00000000",
    "rsin": "000000000",
    "iban": "NL91 ABNA 0417 1643 00",
    "invoice_prefix": "VNK",
}
BUYER = Buyer(
    legal_name="Stichting PO Veenrand",
    attention="Crediteurenadministratie",
    street="Veenweg",
    house_number="12",
    postcode="2803 PA",
    city="Gouda",
    kvk="00000001",
    address="crediteuren@po-veenrand.example",
    order_number="PO-4500123",
    cost_centre="4410",
)
SELLER = Seller(
    "Vereniging Netwerk Kindcentra",
    "Voorbeeldstraat 1",
    "1234 AB",
    "Voorbeeldstad",
    "00000000",
    "000000000",
    "",
    "NL91 ABNA 0417 1643 00",
    "penningmeester@kindcentra.example",
)


def make_ready(vat: Vat = Vat.HIGH, *, reason: str = "", **settings: str) -> None:
    """The settings without which no invoice can be issued, and one rule for all prices."""
    values = SETTINGS | settings
    for name, value in values.items():
        if value:
            db.session.merge(Setting(name=name, value=value))
    rule = RevenueRuleRow(starts_on=date(2020, 1, 1), vat=vat, reason=reason, ledger_account="8000", cost_centre="10")
    db.session.add(rule)
    db.session.commit()


def make_order(
    *people: str, event: Event | None = None, price_cents: int = 14500, state: State = State.CONFIRMED
) -> Order:
    """One order with a place for each of these given names, outsiders all."""
    event = event or make_event(title="Masterclass", prices={Category.NIET_LID: price_cents})
    first: Registration | None = None
    for name in people or ("Marieke",):
        person = make_person(name, "", "Bakker", address=f"{name.lower()}-{new_token()[:6].lower()}@elders.example")
        more = {"category": Category.NIET_LID, "price_cents": price_cents, "organisation_name": "PO Veenrand"}
        found = make_registration(event, person, state=state, **more)
        if first is not None:
            found.order = first.order
        first = first or found
    db.session.commit()
    assert first is not None
    return first.order


def make_attempt(order: Order, cents: int) -> PaymentAttempt:
    """Paid with iDEAL, two days ago."""
    attempt = PaymentAttempt(
        order=order,
        token=new_token(),
        idempotency_key=new_token(),
        amount_cents=cents,
        status=AttemptStatus.PAID,
        outcome=Outcome.CONFIRMED,
        mode="test",
        method="ideal",
        created_at=NOW,
        paid_at=NOW - timedelta(days=2),
    )
    db.session.add(attempt)
    db.session.commit()
    return attempt


def issued(order: Order, buyer: Buyer = BUYER) -> int:
    """The id of the invoice of this order, issued now."""
    draft = drafting.draft_for(order.id, now=NOW)
    assert draft is not None
    invoicing.complete(draft.token, buyer, by=TREASURER, now=NOW)
    number = draft.id
    invoicing.issue(number, by=TREASURER, now=NOW)
    return number


def get(invoice_id: int) -> Invoice:
    return db.session.get_one(Invoice, invoice_id, populate_existing=True)


def line(cents: int = 24500, vat: Vat = Vat.HIGH, detail: str = "Marieke Bakker", **more: object) -> Line:
    words = "Deelname Masterclass Leiderschap, donderdag 20 mei 2027"
    return Line(words, cents, vat, detail, **more)


def paper(*lines: Line, **changes: object) -> IssuedInvoice:
    """An invoice as its papers need it."""
    lines = lines or (line(),)
    plain = IssuedInvoice(
        number="VNK2027-0042",
        kind=InvoiceKind.INVOICE,
        issued_on=date(2027, 2, 1),
        due_on=date(2027, 2, 15),
        service=(date(2027, 5, 20), date(2027, 5, 20)),
        order_reference="Aanmelding 42",
        seller=SELLER,
        buyer=BUYER,
        lines=lines,
        split=split([(one.gross_cents, one.vat) for one in lines]),
    )
    return replace(plain, **changes)


def credit_paper(*lines: Line, **changes: object) -> IssuedInvoice:
    known = {"credits_number": "VNK2027-0041", "credits_on": date(2027, 1, 20), "reason": "Verhinderd door ziekte"}
    return paper(*(lines or (line(-24500),)), **{"kind": InvoiceKind.CREDIT, **known, **changes})
