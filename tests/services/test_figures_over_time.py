"""The figures of a day are the same weeks later, whatever happened to money, prices and invoices meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.figures import Figure
from eventapp.domain.invoices import TIME_TO_COMPLETE
from eventapp.domain.pricing import Category
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import HandOver, InvoiceMatch, OwedChange, RefundProposal
from eventapp.queries.events import event_by_slug
from eventapp.queries.money import Period, figures, lines_of, wrong_dues
from eventapp.services import crediting, differences, handing_over, invoicing, matching, organising, refunding
from eventapp.services.calling_off import cancel_event
from eventapp.services.cancelling import cancel_registration
from eventapp.services.event_rows import details_of
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_registration
from tests.invoicing import TREASURER, get, issued, make_order, make_ready
from tests.shop import Shop

TURN = Period.ever(local_date(NOW))
WEEK, MONTH = NOW + timedelta(days=7), NOW + timedelta(days=40)


def standing(period: Period = TURN) -> dict[Figure, int]:
    """The figures of the one event."""
    db.session.rollback()
    return figures(period)[0].cents


def behind(period: Period) -> list[tuple]:
    """Every amount behind them."""
    db.session.rollback()
    return sorted((line.figure, line.order_id, line.registration_id, line.cents, line.at) for line in lines_of(period))


def test_figures_of_a_day_stay_the_same_whatever_happens_later(shop: Shop):
    make_ready()
    event = make_event(title="Masterclass", starts_at=NOW + timedelta(days=100), hand_over_to_anybody=True)
    event_id = event.id
    online = [shop.paid(shop.booked(event)).order_id for _ in range(4)]
    on_account = [make_order(name, event=event) for name in ("Ans", "Bram", "Cor", "Daan")]
    sent = [issued(order) for order in on_account[:3]]
    matching.match(sent[0], 14500, received_on=TURN.on, by=TREASURER, now=NOW)
    then, february = TURN, replace(TURN, on=local_date(MONTH))
    first, lines = standing(then), behind(then)

    _everything_happens(shop, online, sent)
    second, later_lines = standing(february), behind(february)
    cancel_event(event_id, reason="De spreker is ziek", by=OFFICE, now=MONTH + timedelta(days=1))
    refunding.send_due(shop.gateway, now=MONTH + timedelta(days=1))

    assert (standing(then), behind(then)) == (first, lines)
    assert (standing(february), behind(february)) == (second, later_lines)
    assert first == {
        Figure.BOOKED: 4 * 9500 + 4 * 14500,
        Figure.INVOICED: 3 * 14500,
        Figure.TO_INVOICE: 4 * 9500 + 14500,
        Figure.PAID: 4 * 9500 + 14500,
        Figure.REFUNDED: 0,
        Figure.CHARGED_BACK: 0,
        Figure.WRITTEN_OFF: 0,
        Figure.HELD: 4 * 9500 + 14500,
        Figure.OPEN: 3 * 14500,
        Figure.IN_ADVANCE: 4 * 9500 + 14500,
        Figure.BILLED_AHEAD: 3 * 11983,
    }
    # All of it did happen: no figure of February is that of then.
    assert [figure for figure in Figure if first[figure] == second[figure]] == []
    assert wrong_dues() == []


def _everything_happens(shop: Shop, online: list[int], sent: list[int]) -> None:
    """Withdrawn, made cheaper, handed over, taken back by the bank, credited, given up, undone, invoiced after all."""
    cancel_registration(shop.registration(online[0]).id, by=OFFICE, now=WEEK, back_cents=4750)
    proposal = RefundProposal(
        registration_id=shop.registration(online[1]).id,
        organisation_id=make_organisation().id,
        amount_cents=2500,
        category=Category.LID,
        reason={},
        created_at=WEEK,
    )
    db.session.add(proposal)
    db.session.commit()
    differences.give(proposal.id, by=OFFICE, now=WEEK)
    handing_over.offer(shop.registration(online[2]).id, "nel@elders.example", "Nel", "", "Nieuw", by=OFFICE, now=WEEK)
    token = db.session.scalars(sa.select(HandOver.token)).one()
    handing_over.accept(token, "Nel", "", "Nieuw", now=WEEK)
    disputed = shop.attempts(online[3])[0]
    shop.sandbox.control(f"payments/{disputed.provider_id}/charge-back")
    shop.settle(disputed, now=WEEK)
    refunding.send_due(shop.gateway, now=WEEK)
    match_id = db.session.scalars(sa.select(InvoiceMatch.id).where(InvoiceMatch.invoice_id == sent[0])).one()
    matching.undo_match(match_id, reason="Verkeerde factuur", by=TREASURER, now=WEEK)
    crediting.credit(sent[1], {_line(sent[1]): 4500}, reason="Coulance", by=TREASURER, now=WEEK)
    matching.write_off(sent[2], reason="Failliet", by=TREASURER, now=WEEK)
    invoicing.issue_due(now=MONTH + TIME_TO_COMPLETE)


def _line(invoice_id: int) -> int:
    return get(invoice_id).lines[0].id


def test_in_advance_is_what_is_held_and_invoiced_for_an_event_after_the_day(shop: Shop):
    make_ready()
    event = make_event(starts_at=NOW + timedelta(days=30))
    shop.paid(shop.booked(event))
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    eve = replace(TURN, on=local_date(event.starts_at) - timedelta(days=1))

    before, on_the_day = (standing(period) for period in (eve, replace(eve, on=date(2027, 2, 10))))

    assert local_date(event.starts_at) == date(2027, 2, 10)
    # Of 95 euros with 21 % in it, 78.51 is revenue.
    assert (before[Figure.IN_ADVANCE], before[Figure.BILLED_AHEAD]) == (9500, 7851)
    assert (on_the_day[Figure.IN_ADVANCE], on_the_day[Figure.BILLED_AHEAD]) == (0, 0)


@pytest.mark.parametrize("days", [400, -40], ids=["later", "earlier"])
def test_event_that_is_moved_stays_in_the_figures_of_before_as_it_was(shop: Shop, days: int):
    event = make_event(slug="themadag", starts_at=NOW + timedelta(days=30))
    shop.paid(shop.booked(event))
    then, after = Period(date(2027, 2, 10), date(2027, 2, 10), TURN.on), local_date(WEEK)
    first = [(one.starts_at, one.cents) for one in figures(then)]

    for at, moved in ((WEEK, days), (MONTH, 500)):
        before = event_by_slug("themadag")
        assert before is not None
        starts, ends = (NOW + timedelta(days=moved, hours=hours) for hours in (0, 4))
        changed = replace(details_of(before), starts_at=starts, ends_at=ends)
        organising.change_event(before.id, changed, version=before.version, by=OFFICE, now=at)

    assert [(one.starts_at, one.cents) for one in figures(then)] == first
    assert first[0][1][Figure.IN_ADVANCE] == 9500
    assert figures(replace(then, on=after)) == []
    (moved_once,) = figures(Period.ever(after))
    assert moved_once.starts_at == NOW + timedelta(days=days)
    assert moved_once.cents[Figure.IN_ADVANCE] == (9500 if days > 0 else 0)


def test_doctor_finds_what_the_journal_of_dues_misses(app):
    paying = make_registration(make_event(slug="themadag"), price_cents=9500)
    db.session.add(OwedChange(registration_id=paying.id, amount_cents=-500, booked_at=NOW))
    db.session.commit()

    assert wrong_dues() == [("themadag", paying.id, 9500, 9000)]
