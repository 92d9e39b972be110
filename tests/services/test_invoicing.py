"""From a booking to a closed invoice: drafts, numbers without holes, money on them, credits, papers and mails."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from eventapp.domain.actors import VISITOR, Role
from eventapp.domain.concerns import Concern
from eventapp.domain.errors import (
    AlreadyIssued,
    AlreadyUndone,
    InvoiceNotReady,
    NothingOpen,
    NothingToInvoice,
    NotIssued,
)
from eventapp.domain.invoices import TIME_TO_COMPLETE, Buyer, InvoiceState, MatchSource
from eventapp.domain.registrations import State
from eventapp.domain.vat import Vat
from eventapp.extensions import db
from eventapp.mail.message import build
from eventapp.mail.transports import Letterhead
from eventapp.models import Invoice, InvoiceFile, InvoiceSeries, OutboxMail, RevenueRuleRow, Setting
from eventapp.queries.concerns import counts
from eventapp.queries.invoice_list import Wanted, totals
from eventapp.services import drafting, invoice_papers, invoicing, matching, organising
from eventapp.services.event_rows import details_of
from eventapp.services.invoice_snapshots import as_issued
from eventapp.transaction import transaction
from tests.factories import NOW, make_event
from tests.invoicing import BUYER, TREASURER, get, issued, make_attempt, make_order, make_ready
from tests.reading import acts, all_mails
from tests.web.office import signed_in, words

TODAY = NOW.date()


def numbers() -> list[str]:
    return list(db.session.scalars(sa.select(Invoice.number).order_by(Invoice.number)))


def test_booked_on_account_becomes_an_invoice_that_never_changes(app: Flask) -> None:
    make_ready()
    order = make_order("Anna", "Bram")

    draft = drafting.draft_for(order.id, now=NOW)
    again = drafting.draft_for(order.id, now=NOW)
    invoicing.complete(draft.token, BUYER, by=VISITOR, now=NOW)
    number = invoicing.issue(draft.id, now=NOW)
    order.registrations[0].person.given_name = "Iemand anders"
    order.registrations[0].price_cents = 1
    db.session.commit()

    found = get(draft.id)
    assert again.id == draft.id
    assert (number, invoicing.issue(draft.id, now=NOW)) == (f"VNK{TODAY.year}-0001",) * 2
    assert (found.gross_cents, found.net_cents, found.vat_cents) == (29000, 23967, 5033)
    assert [(line.detail, line.net_cents, line.ledger_account) for line in found.lines] == [
        ("Anna Bakker", 11984, "8000"),
        ("Bram Bakker", 11983, "8000"),
    ]
    assert (found.issued_on, found.due_on, found.state) == (TODAY, TODAY + timedelta(days=14), InvoiceState.OPEN)
    assert as_issued(found).buyer == BUYER
    assert drafting.draft_for(order.id, now=NOW) is None
    with pytest.raises(AlreadyIssued):
        invoicing.complete(draft.token, Buyer(name="Een ander"), by=VISITOR, now=NOW)
    assert acts() == ["invoice_drafted", "invoice_completed", "invoice_issued"]


STATEMENTS = (
    "UPDATE invoices SET gross_cents = 1, net_cents = 1, vat_cents = 0",
    "UPDATE invoices SET number = 'X'",
    "UPDATE invoices SET buyer_name = ''",
    "DELETE FROM invoices",
    "UPDATE invoice_lines SET description = ''",
    "DELETE FROM invoice_lines",
    "UPDATE invoice_files SET pdf = ''",
    "DELETE FROM invoice_files",
)


def test_no_program_changes_an_issued_invoice(app: Flask) -> None:
    make_ready()
    invoice_id = issued(make_order())
    invoice_papers.draw_due(now=NOW)

    for statement in STATEMENTS:
        with pytest.raises(DatabaseError, match="an issued invoice never changes"):
            db.session.execute(sa.text(statement))
        db.session.rollback()

    assert get(invoice_id).gross_cents == 14500


def test_a_failing_issue_leaves_no_hole_and_a_new_year_begins_at_one(app: Flask) -> None:
    make_ready()
    first, second, third = (make_order() for _ in range(3))
    issued(first)
    with pytest.raises(RuntimeError), transaction():
        issued(second)
        raise RuntimeError("the power went")
    draft = drafting.draft_for(third.id, now=NOW)

    invoicing.issue(draft.id, now=NOW)
    issued(second)
    later = drafting.draft_for(make_order().id, now=NOW)
    invoicing.issue(later.id, now=NOW.replace(year=NOW.year + 1))

    year = TODAY.year
    assert numbers() == [f"VNK{year}-0001", f"VNK{year}-0002", f"VNK{year}-0003", f"VNK{year + 1}-0001"]
    assert dict(db.session.execute(sa.select(InvoiceSeries.year, InvoiceSeries.next_number)).all()) == {
        year: 4,
        year + 1: 2,
    }


def test_numbers_without_a_year_go_on_when_a_year_ends(app: Flask) -> None:
    make_ready(invoice_numbering="endless")
    for year in (NOW.year, NOW.year + 1):
        invoicing.issue(drafting.draft_for(make_order().id, now=NOW).id, now=NOW.replace(year=year))
    db.session.merge(Setting(name="invoice_numbering", value="yearly"))
    db.session.commit()

    invoicing.issue(drafting.draft_for(make_order().id, now=NOW).id, now=NOW.replace(year=NOW.year + 1))

    assert numbers() == ["VNK-0001", "VNK-0002", f"VNK{NOW.year + 1}-0001"]


def test_invoice_after_the_event_goes_along_when_that_moves(app: Flask) -> None:
    make_ready(invoice_moment="event")
    event = make_event(slug="themadag", starts_at=NOW + timedelta(days=30))
    draft_id = drafting.draft_for(make_order(event=event).id, now=NOW).id
    before = details_of(event)

    later = replace(before, starts_at=NOW + timedelta(days=60), ends_at=NOW + timedelta(days=60, hours=4))
    organising.change_event(event.id, later, version=event.version, by=TREASURER, now=NOW)

    assert [invoicing.issue_due(now=NOW + timedelta(days=day)) for day in (31, 60, 61)] == [0, 0, 1]
    assert get(draft_id).issued_on == TODAY + timedelta(days=61)


def test_who_paid_online_has_an_hour_to_complete_the_invoice_and_who_chose_an_invoice_did_so(app: Flask) -> None:
    make_ready(invoice_moment="booking")
    paid, chosen = make_order(), make_order()
    chosen.on_invoice_at = NOW
    drafts = [drafting.draft_for(order.id, now=NOW).id for order in (paid, chosen)]
    hour = NOW + TIME_TO_COMPLETE

    issued = [invoicing.issue_due(now=at) for at in (NOW, hour - timedelta(seconds=1), hour, hour)]

    assert issued == [1, 0, 1, 0]
    assert [get(draft).number for draft in drafts] == [f"VNK{NOW.year}-0002", f"VNK{NOW.year}-0001"]


def waiting(at: datetime) -> int:
    """How many such invoices Vandaag speaks of."""
    return counts({Concern.OVERDUE: None}, now=at)[Concern.OVERDUE]


def test_invoice_that_cannot_be_made_is_told_until_it_is(app: Flask) -> None:
    draft = drafting.draft_for(make_order().id, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    seen = [waiting(at) for at in (NOW, tomorrow)]
    page = words(signed_in(app, Role.PENNINGMEESTER).get("/beheer/geld/facturen?stand=draft"))
    make_ready()

    invoicing.issue_due(now=tomorrow)

    assert (seen, "Concept" in page) == ([0, 1], True)
    assert get(draft.id).number and waiting(tomorrow) == 0


def test_nothing_is_guessed(app: Flask) -> None:
    order = make_order()
    free = make_order(price_cents=0)
    draft = drafting.draft_for(order.id, now=NOW)
    with pytest.raises(InvoiceNotReady) as no_rule:
        invoicing.issue(draft.id, now=NOW)
    make_ready(iban="")
    with pytest.raises(InvoiceNotReady) as no_account:
        invoicing.issue(draft.id, now=NOW)
    make_attempt(order, 14500)

    number = invoicing.issue(draft.id, now=NOW)

    assert "btw-tarief" in no_rule.value.facts["missing"]
    assert no_account.value.facts["missing"] == "IBAN"
    assert number.endswith("-0001")
    assert drafting.draft_for(free.id, now=NOW) is None


def test_paid_through_the_provider_is_settled_at_issuing_and_paid_twice_is_seen(app: Flask) -> None:
    make_ready()
    order = make_order("Anna", "Bram")
    make_attempt(order, 29000)
    invoice_id = issued(order)
    paper = as_issued(get(invoice_id))

    matching.match(invoice_id, 29000, received_on=TODAY, bank_line="NL-1", by=TREASURER, now=NOW)
    twice = get(invoice_id)
    doubled = (twice.state, twice.balance.open_cents)
    with transaction():
        attempt = twice.matches[0].attempt
        again = matching.receive_payment(attempt, now=NOW)
        matching.return_payment(attempt, 29000, now=NOW)

    assert (paper.open_cents, paper.due_on) == (0, TODAY)
    assert [(paid.method, paid.amount_cents) for paid in paper.paid] == [("ideal", 29000)]
    assert doubled == (InvoiceState.OVERPAID, -29000)
    assert again is None
    assert get(invoice_id).state == InvoiceState.PAID


def test_money_of_the_provider_after_issuing_closes_the_invoice(app: Flask) -> None:
    make_ready()
    order = make_order("Anna", "Bram")
    invoice_id = issued(order)
    attempt = make_attempt(order, 29000)

    with transaction():
        matching.receive_payment(db.session.merge(attempt), now=NOW)
        matching.receive_payment(db.session.merge(attempt), now=NOW)

    found = get(invoice_id)
    assert [(row.source, row.amount_cents) for row in found.matches] == [(MatchSource.MOLLIE, 29000)]
    assert found.state == InvoiceState.PAID


def test_one_bank_line_over_two_invoices_undone_and_given_up(app: Flask) -> None:
    make_ready()
    one, two = issued(make_order()), issued(make_order())
    draft = drafting.draft_for(make_order().id, now=NOW)
    with pytest.raises(NotIssued):
        matching.match_line({one: 100, draft.id: 100}, received_on=TODAY, by=TREASURER, now=NOW)

    matching.match_line({one: 14500, two: 4500}, received_on=TODAY, bank_line="14-2 190,00", by=TREASURER, now=NOW)
    paid, partly = get(one).state, get(two).state
    matching.undo_match(get(one).matches[0].id, reason="Verkeerde regel", by=TREASURER, now=NOW)
    with pytest.raises(AlreadyUndone):
        matching.undo_match(get(one).matches[0].id, reason="Nog eens", by=TREASURER, now=NOW)
    matching.write_off(two, reason="Failliet", by=TREASURER, now=NOW)

    assert (paid, partly) == (InvoiceState.PAID, InvoiceState.PARTLY_PAID)
    assert (get(one).state, get(one).balance.open_cents) == (InvoiceState.OPEN, 14500)
    assert (get(two).state, get(two).matches[1].amount_cents) == (InvoiceState.WRITTEN_OFF, 10000)
    with pytest.raises(NothingOpen):
        matching.write_off(two, reason="Nog eens", by=TREASURER, now=NOW)
    found = totals(Wanted(), on=TODAY + timedelta(days=15))
    assert (found.invoiced_cents, found.open_cents, found.overdue) == (29000, 14500, 1)


def test_worker_issues_draws_mails_and_reminds_once(app: Flask) -> None:
    make_ready(invoice_moment="days", invoice_days="7")
    waiting, cancelled = make_order(), make_order()
    draft = drafting.draft_for(waiting.id, now=NOW)
    invoicing.complete(draft.token, BUYER, by=VISITOR, now=NOW)
    drafting.draft_for(cancelled.id, now=NOW)
    cancelled.registrations[0].state = State.CANCELLED
    db.session.commit()
    number, later = draft.id, NOW + timedelta(days=7)

    early = invoicing.issue_due(now=NOW + timedelta(days=6))
    done = [invoicing.issue_due(now=later), invoice_papers.draw_due(now=later), invoice_papers.draw_due(now=later)]
    late = later + timedelta(days=21)
    reminded = [invoice_papers.remind_due(now=at) for at in (late - timedelta(days=1), late, late)]
    matching.match(number, 14500, received_on=TODAY, by=TREASURER, now=late)
    reminded.append(invoice_papers.remind_due(now=late + timedelta(days=30)))

    assert (early, done) == (0, [1, 1, 0])
    assert reminded == [0, 1, 0, 0]
    assert db.session.scalar(sa.select(sa.func.count(Invoice.id))) == 1
    first, reminder = all_mails()
    name = get(number).number
    assert (first.to_address, first.subject) == (BUYER.address, f"Factuur {name}, ordernummer PO-4500123")
    assert reminder.subject == f"Herinnering: Factuur {name}, ordernummer PO-4500123"
    assert "http" not in first.text + reminder.text
    message = build(db.session.get_one(OutboxMail, first.id), Letterhead("", "", False), now=later)
    kept = db.session.get_one(InvoiceFile, number)
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    stem = f"factuur-{name.lower()}"
    assert files == {f"{stem}.pdf": kept.pdf, f"{stem}.xml": kept.ubl}


def test_resent_papers_are_the_same(app: Flask) -> None:
    make_ready()
    invoice_id = issued(make_order(), Buyer(name="Marieke Bakker"))
    with pytest.raises(NotIssued):
        invoice_papers.resend(invoice_id, by=TREASURER, now=NOW)
    invoice_papers.draw_due(now=NOW)
    before = db.session.get_one(InvoiceFile, invoice_id).pdf

    invoice_papers.resend(invoice_id, by=TREASURER, now=NOW)

    kept = db.session.get_one(InvoiceFile, invoice_id)
    assert (kept.pdf, kept.ubl, kept.ubl_lacks) == (before, None, ["buyer_address"])
    assert [mail.kind for mail in all_mails()] == ["invoice", "invoice"]


def test_who_joins_the_order_later_gets_an_invoice_of_their_own(app: Flask) -> None:
    make_ready()
    event = make_event(title="Masterclass")
    order = make_order("Anna", event=event)
    issued(order)
    other = make_order("Bram", event=event)
    other.registrations[0].order = order
    db.session.commit()

    second = drafting.draft_for(order.id, now=NOW)
    invoicing.issue(second.id, now=NOW)

    assert [line.detail for line in get(second.id).lines] == ["Bram Bakker"]
    assert get(second.id).gross_cents == 14500


def test_a_draft_goes_with_what_it_was_for(app: Flask) -> None:
    order = make_order()
    draft_id = drafting.draft_for(order.id, now=NOW).id
    order.registrations[0].state = State.CANCELLED
    db.session.commit()
    with pytest.raises(NothingToInvoice):
        invoicing.issue(draft_id, now=NOW)

    drafting.discard_draft(order.id, now=NOW)

    assert numbers() == []
    assert acts() == ["invoice_drafted", "invoice_discarded"]


def test_the_narrowest_rule_of_the_day_of_the_event_counts(app: Flask) -> None:
    make_ready()
    event = make_event(title="Masterclass", starts_at=NOW + timedelta(days=60))
    text = "Vrijgesteld: kort beroepsonderwijs"
    for starts, vat in ((date(2020, 1, 1), Vat.LOW), (TODAY + timedelta(days=30), Vat.EXEMPT)):
        row = RevenueRuleRow(event_id=event.id, starts_on=starts, vat=vat, reason=text)
        db.session.add(row)
    db.session.add(Setting(name="btw_id", value="NL123456782B12"))
    db.session.commit()

    found = get(issued(make_order(event=event)))

    assert [(line.vat, line.reason) for line in found.lines] == [(Vat.EXEMPT, text)]
    assert (found.net_cents, found.vat_cents) == (14500, 0)
