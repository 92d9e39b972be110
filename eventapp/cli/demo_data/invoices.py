"""The books of the demo: an invoice for all that was paid online, one overdue, one taken back, two with money back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from eventapp.cli.demo_data.bank_refunds import give_account, receive
from eventapp.domain.actors import SYSTEM, Actor, Role
from eventapp.domain.admission import TicketState
from eventapp.domain.invoices import Buyer
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tickets import code_digest, new_code
from eventapp.domain.tokens import new_token
from eventapp.domain.vat import Vat
from eventapp.extensions import db
from eventapp.models import (
    Event,
    Invoice,
    Order,
    PaymentAttempt,
    Person,
    PersonAddress,
    Registration,
    RevenueRuleRow,
    Ticket,
)
from eventapp.queries.invoices import invoices_of_order
from eventapp.services import crediting, drafting, holding, invoice_papers, invoicing
from eventapp.services.invoice_snapshots import as_issued

_TREASURER = Actor("staff", "Pim Penning", None, frozenset({Role.PENNINGMEESTER}))
_EXEMPT = "Vrijgesteld van btw (voorbeeldtekst van de demo; vraag uw accountant wat voor u geldt)."
_EVENT, _CENTS = "inspiratiebijeenkomst-toezicht", 9500
_ADDRESS = {"street": "Schoolstraat", "house_number": "12", "postcode": "1234 AD", "city": "Voorbeeldstad"}
_BACK, _TOO_MUCH = "noor.terugkrijger@gemeente-polderdam.example", "tom.vanteveel@gemeente-polderdam.example"
_OFF, _LATER = "joep.afzegger@gemeente-polderdam.example", timedelta(days=10)


def send_invoices(events: list[Event], *, now: datetime) -> None:
    """Within the transaction of the load: everything in the order in which it happened, so that the numbers are too."""
    event = next(event for event in events if event.slug.startswith(_EVENT))
    db.session.add(RevenueRuleRow(starts_on=date(2020, 1, 1), vat=Vat.EXEMPT, reason=_EXEMPT, ledger_account="8000"))
    _wait_for(event, "Ans", "van", "Rekening", State.CONFIRMED, now=now - timedelta(days=35))
    _wait_for(event, "Joep", "", "Afzegger", State.CANCELLED, now=now - timedelta(days=20))
    _wait_for(event, "Noor", "", "Terugkrijger", State.CANCELLED, now=now - timedelta(days=25))
    _wait_for(event, "Tom", "van", "Teveel", State.CONFIRMED, now=now - timedelta(days=18))
    paid = sa.select(PaymentAttempt).where(PaymentAttempt.status == AttemptStatus.PAID)
    steps: list[tuple[datetime, Callable[[], object]]] = []
    for attempt in db.session.scalars(paid.order_by(PaymentAttempt.id)):
        at = attempt.paid_at or attempt.created_at
        steps.append((at, partial(_issue_paid, attempt.order_id, now=at)))
    steps += _on_account(now)
    for _, step in sorted(steps, key=lambda step: step[0]):
        step()


def _on_account(now: datetime) -> list[tuple[datetime, Callable[[], object]]]:
    late, off = now - timedelta(days=35), now - timedelta(days=20)
    back, too_much = now - timedelta(days=25), now - timedelta(days=18)
    return [
        (back, partial(_issue_for, _BACK, now=back)),
        (back + timedelta(days=3), partial(receive, _BACK, _CENTS, now=back + timedelta(days=3))),
        (back + _LATER, partial(_take_back, _BACK, now=back + _LATER)),
        (back + timedelta(days=11), partial(give_account, _BACK, now=back + timedelta(days=11))),
        (too_much, partial(_issue_for, _TOO_MUCH, now=too_much)),
        (too_much + timedelta(days=6), partial(receive, _TOO_MUCH, _CENTS + 500, now=too_much + timedelta(days=6))),
        (late, partial(_issue_for, "ans.vanrekening@gemeente-polderdam.example", now=late)),
        (off, partial(_issue_for, _OFF, now=off)),
        (off + _LATER, partial(_take_back, _OFF, now=off + _LATER)),
    ]


def _issue_paid(order_id: int, *, now: datetime) -> None:
    """It was drawn and mailed back then, so the worker of the demo has nothing left to do."""
    _issue(order_id, now=now)
    for invoice in invoices_of_order(order_id):
        if invoice.number and invoice.files is None:
            invoice.files = invoice_papers.drawn(as_issued(invoice), now=now)


def _issue(order_id: int, buyer: Buyer | None = None, *, now: datetime) -> None:
    """Nothing for an order that costs nothing any more."""
    draft = drafting.draft_for(order_id, now=now)
    if draft is not None:
        known = draft.details if draft.details.postal else replace(draft.details, **_ADDRESS)
        invoicing.complete(draft.token, buyer or known, by=SYSTEM, now=now)
        invoicing.issue(draft.id, now=now)


def _issue_for(address: str, *, now: datetime) -> None:
    """Who called off later was still coming on that day."""
    order = db.session.scalars(sa.select(Order).where(Order.address == address)).one()
    registration = order.registrations[0]
    later, registration.state = registration.state, State.CONFIRMED
    _issue(order.id, _MUNICIPALITY, now=now)
    registration.state = later


def _take_back(address: str, *, now: datetime) -> None:
    of_order = sa.select(Invoice.id).join(Order).where(Order.address == address)
    crediting.credit(db.session.scalars(of_order).one(), reason="Afgemeld op tijd", by=_TREASURER, now=now)


_MUNICIPALITY = Buyer(
    legal_name="Gemeente Polderdam",
    attention="Crediteurenadministratie",
    street="Raadhuisplein",
    house_number="1",
    postcode="1234 AC",
    city="Polderdam",
    kvk="00000012",
    address="crediteuren@gemeente-polderdam.example",
    order_number="PO-2027-0815",
    cost_centre="4410",
)


def _wait_for(event: Event, given: str, infix: str, family: str, state: State, *, now: datetime) -> None:
    """Somebody who comes on account; who called off holds no place."""
    address = f"{given}.{infix}{family}@gemeente-polderdam.example".lower()
    person = Person(created_at=now)
    person.rename(given, infix, family)
    PersonAddress.of(person, address).proven_at = now
    order = Order(token=new_token(), pay_token=new_token(), event=event, booker=person, address=address, created_at=now)
    order.proven_at = now
    cancelled = state == State.CANCELLED
    registration = Registration(
        order=order,
        event=event,
        person=person,
        address=address,
        mail_domain="gemeente-polderdam.example",
        organisation_name="Gemeente Polderdam",
        state=state,
        category=Category.NIET_LID,
        price_cents=_CENTS,
        reason={"category": Category.NIET_LID.value, "via": "none"},
        created_at=now,
        proven_at=now,
        confirmed_at=now,
        cancelled_at=now + _LATER if cancelled else None,
        calendar_uid=f"{new_token()}@aanmelden.kindcentra.example",
    )
    code = new_code()
    ticket_state = TicketState.CANCELLED if cancelled else TicketState.VALID
    ticket = Ticket(code=code, code_digest=code_digest(code), token=new_token(), state=ticket_state, created_at=now)
    registration.tickets = [ticket]
    db.session.add(registration)
    db.session.flush()
    if not cancelled:
        holding.take(registration)
