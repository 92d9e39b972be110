"""The list of invoices: what the database works out is what the rules say of each, and any of them is found."""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from eventapp.domain.invoices import UNPAID, InvoiceKind, InvoiceState, MatchSource
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Invoice, InvoiceMatch, Order
from eventapp.queries import invoice_list
from eventapp.queries.invoice_balance import is_unpaid, open_cents, state
from eventapp.queries.invoice_list import Totals, Wanted
from tests.factories import NOW
from tests.invoicing import make_order

TODAY = NOW.date()
HAND, ONLINE, GIVEN_UP = MatchSource.HAND, MatchSource.MOLLIE, MatchSource.WRITE_OFF
# By name: the amount, what came in or was given up (with a None behind it: undone), what was credited.
CASES = {
    "untouched": (14500, [], []),
    "half": (14000, [(HAND, 7000), (ONLINE, 500)], []),
    "came and went": (14500, [(ONLINE, 14500), (ONLINE, -14500)], []),
    "undone": (14500, [(HAND, 14500, None)], []),
    "paid": (14500, [(HAND, 14500)], []),
    "paid what was left": (14500, [(HAND, 9500)], [-5000]),
    "too much": (14500, [(HAND, 14500), (ONLINE, 14500)], []),
    "credited after paying": (14500, [(HAND, 14500)], [-14500]),
    "credited": (14500, [], [-9500, -5000]),
    "given up": (14500, [(HAND, 500), (GIVEN_UP, 14000)], []),
    "kept": (14500, [(HAND, 15000), (GIVEN_UP, -500)], []),
    "free": (0, [], []),
}


def make_invoices() -> dict[str, int]:
    """One in each of these ways, and a draft: their ids by name."""
    order = make_order()
    made = {name: _invoice(order, f"VNK-{place:04}", cents) for place, (name, (cents, *_)) in enumerate(CASES.items())}
    db.session.flush()
    for name, (_, matches, credits) in CASES.items():
        for source, cents, *undone in matches:
            done = {"undone_at": NOW, "undone_reason": "Fout"} if undone else {}
            row = {"source": source, "amount_cents": cents, "received_on": TODAY, "created_by": "Pim"}
            made[name].matches.append(InvoiceMatch(created_at=NOW, **row, **done))
        for place, cents in enumerate(credits):
            taken_back = {"kind": InvoiceKind.CREDIT, "credits_id": made[name].id}
            _invoice(order, f"C-{made[name].id}-{place}", cents, **taken_back)
    made["draft"] = _invoice(order, None, 0, issue_on=TODAY)
    db.session.commit()
    return {name: invoice.id for name, invoice in made.items()}


def _invoice(order: Order, number: str | None, cents: int, **more: object) -> Invoice:
    issued = {"issued_at": NOW, "issued_on": TODAY, "due_on": TODAY + timedelta(days=14)} if number else {}
    common = {"token": new_token(), "created_at": NOW, "buyer_name": "Stichting Eén", "gross_cents": cents}
    invoice = Invoice(order=order, number=number, net_cents=cents, **common, **issued, **more)
    db.session.add(invoice)
    return invoice


def test_database_works_out_what_the_rules_say_of_each(app: Flask) -> None:
    make_invoices()

    found = list(db.session.execute(sa.select(Invoice, open_cents(), state(), is_unpaid())))

    assert [(one.balance.open_cents, one.state, one.state in UNPAID) for one, *_ in found] == [
        (opened, InvoiceState(code), bool(unpaid)) for _, opened, code, unpaid in found
    ]
    assert {one.state for one, *_ in found} == set(InvoiceState)


def test_totals_are_those_of_the_invoices_and_every_page_has_its_own(app: Flask, monkeypatch) -> None:
    make_invoices()
    monkeypatch.setattr(invoice_list.InvoicesPage, "SIZE", 5)
    on = TODAY + timedelta(days=15)

    pages = list(every_page(Wanted(), on))
    one_by_one = {code: ids_of(Wanted(state=code), on) for code in InvoiceState}

    everything = [one for page in pages for one in page]
    unpaid = [one for one in everything if one.state in UNPAID]
    open_in_all = sum(one.balance.open_cents for one in unpaid)
    charged = sum(one.gross_cents for one in everything if one.number)
    assert [len(page) for page in pages] == [5, 5, 5, 2]
    assert everything[0].number is None and len(set(everything)) == 17
    assert invoice_list.totals(Wanted(), on=on) == Totals(charged, open_in_all, open_in_all, len(unpaid), len(unpaid))
    assert invoice_list.totals(Wanted(), on=TODAY).overdue == 0
    assert one_by_one == {code: [one.id for one in everything if one.state == code] for code in InvoiceState}
    assert ids_of(Wanted(overdue=True), on) == [one.id for one in unpaid]


def every_page(wanted: Wanted, on: date) -> Iterator[list[Invoice]]:
    number, more = 1, True
    while more:
        page, _ = invoice_list.page(wanted, number, on=on)
        yield list(page.rows)
        number, more = number + 1, page.more


def ids_of(wanted: Wanted, on: date) -> list[int]:
    return [one.id for page in every_page(wanted, on) for one in page]


def test_one_is_found_by_number_name_or_amount(app: Flask) -> None:
    ids = make_invoices()

    found = {text: set(ids_of(Wanted(text=text), TODAY)) for text in ("k-0001", "€ 140", "65,00", "eén", "0%")}

    half = {ids["half"]}
    assert (found["k-0001"], found["€ 140"], found["65,00"], found["0%"]) == (half, half, half, set())
    assert set(ids.values()) < found["eén"]


def test_bank_statement_names_those_that_it_pays(app: Flask) -> None:
    ids = make_invoices()
    both = {ids["half"], ids["undone"]}

    found, total = invoice_list.unpaid("Betreft vnk-0001, VNK-0003 en VNK-0004", limit=1)

    assert ({one.id for one in found} < both, total) == (True, 2)
    assert {one.id for one in invoice_list.unpaid_among([*both, ids["paid"]])} == both
