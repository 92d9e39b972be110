"""In a closed month nothing is booked, whoever is in the middle of it; everything else goes on."""

from datetime import date, timedelta
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.closed_periods import BookPeriod
from eventapp.domain.errors import AlreadyClosed, NotClosed, PeriodClosed, PeriodNotOver
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import AuditEntry, ClosedMonth, InvoiceMatch
from eventapp.queries.closed_periods import closed_months, open_months, still_open
from eventapp.services import closed_periods, crediting, drafting, invoicing, matching
from eventapp.transaction import transaction
from tests.factories import NOW
from tests.invoicing import TREASURER, get, issued, make_order, make_ready

DECEMBER, TODAY = date(2026, 12, 1), local_date(NOW)


def matched(invoice_id: int, on: date) -> int:
    """The id of a match for a tenth of the invoice."""
    matching.match(invoice_id, 1450, received_on=on, by=TREASURER, now=NOW)
    return db.session.scalars(sa.select(sa.func.max(InvoiceMatch.id))).one()


def closed(period: str) -> list[date]:
    found = BookPeriod.of(period)
    assert found is not None
    return closed_periods.close(found, by=TREASURER, now=NOW)


def test_closed_month_takes_no_bookings_and_everything_else_goes_on(app: Flask):
    make_ready()
    invoice_id = issued(make_order())
    in_december = matched(invoice_id, date(2026, 12, 30))
    closed("2026-12")

    for on in (DECEMBER, date(2026, 12, 31)):
        with pytest.raises(PeriodClosed) as refused:
            matched(invoice_id, on)
        assert refused.value.facts == {"month": "december 2026"}
    matched(invoice_id, date(2026, 11, 30))
    matched(invoice_id, date(2027, 1, 1))
    matching.undo_match(in_december, reason="Dubbel", by=TREASURER, now=NOW)
    crediting.credit(invoice_id, reason="Coulance", by=TREASURER, now=NOW)

    assert get(invoice_id).balance.received_cents == 2 * 1450


def test_number_is_never_given_on_a_day_that_is_closed(app: Flask):
    """Today is always open; a clock that went wrong is not believed."""
    make_ready()
    draft = drafting.draft_for(make_order().id, now=NOW)
    assert draft is not None
    closed("2026-12")

    with pytest.raises(PeriodClosed):
        invoicing.issue(draft.id, by=TREASURER, now=NOW - timedelta(days=20))

    assert invoicing.issue(draft.id, by=TREASURER, now=NOW) == "VNK2027-0001"


def test_year_closes_what_was_open_of_it_and_one_month_opens_again_with_a_reason(app: Flask):
    closed("2026-11")

    months = closed("2026")
    with pytest.raises(AlreadyClosed):
        closed("2026")
    with pytest.raises(PeriodNotOver):
        closed("2027-01")
    closed_periods.reopen(DECEMBER, reason="Bankregel vergeten", by=TREASURER, now=NOW)
    with pytest.raises(NotClosed):
        closed_periods.reopen(DECEMBER, reason="Nog een keer", by=TREASURER, now=NOW)

    assert [month.month for month in months] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    assert DECEMBER not in closed_months(date(2026, 1, 1), date(2026, 12, 31))
    assert closed("2026-12") == [DECEMBER]
    acts = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.subject == "closed_month"))
    assert sorted(acts) == [*["month_closed"] * 13, "month_reopened"]


def test_what_is_open_is_counted_before_closing(app: Flask):
    make_ready()
    issued(make_order())
    draft = drafting.draft_for(make_order("Bram").id, now=NOW)
    assert draft is not None
    db.session.rollback()

    now_open, before = (still_open(day) for day in (TODAY, TODAY - timedelta(days=1)))

    assert (now_open.unpaid, now_open.unpaid_cents, now_open.drafts) == (1, 14500, 1)
    assert before.nothing
    assert open_months(date(2027, 3, 1)) == [date(2027, 1, 1), date(2027, 2, 1)]


def test_closing_waits_for_who_is_booking_and_refuses_who_comes_after(app: Flask):
    make_ready()
    invoice_id = issued(make_order())
    db.session.rollback()
    inside, done, order = Event(), Event(), []

    def book() -> None:
        with app.app_context(), transaction():
            closed_periods.refuse_when_closed(DECEMBER)
            inside.set()
            done.wait(0.5)
            order.append("booked")

    def close() -> None:
        with app.app_context():
            closed("2026-12")
            order.append("closed")
            done.set()

    booking, closing = Thread(target=book), Thread(target=close)
    booking.start()
    inside.wait(10)
    closing.start()
    booking.join(10)
    closing.join(10)

    assert order == ["booked", "closed"]
    with pytest.raises(PeriodClosed):
        matched(invoice_id, DECEMBER)
    assert db.session.scalar(sa.select(sa.func.count(ClosedMonth.id))) == 1
