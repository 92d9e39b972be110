"""Paying on an invoice: what is owed, what is still to be paid, when it is issued, and what money besides it means."""

from datetime import date

import pytest

from eventapp.domain.invoices import Balance, IssueMoment, issue_day, owed_cents, to_be_paid
from eventapp.domain.payments import Outcome, outcome_for_group
from eventapp.domain.registrations import State

BOOKED, ENDS = date(2027, 2, 1), date(2027, 5, 20)


@pytest.mark.parametrize(
    ("state", "kept", "owed"),
    [
        (State.AWAITING_PAYMENT, 0, 9500),
        (State.CONFIRMED, 0, 9500),
        (State.CANCELLED, 3800, 3800),
        (State.AWAITING_CONFIRMATION, 0, 0),
        (State.WAITLISTED, 0, 0),
        (State.EXPIRED, 0, 0),
    ],
)
def test_on_an_invoice_a_place_that_waits_for_its_money_is_charged(state, kept, owed):
    assert owed_cents(state, price_cents=9500, kept_cents=kept, on_invoice=True) == owed


@pytest.mark.parametrize(
    ("owed", "received", "left"),
    [
        ([], 0, {}),
        ([(1, 9500)], 0, {1: 9500}),
        ([(1, 9500)], 9499, {1: 1}),
        ([(1, 9500)], 9500, {}),
        ([(1, 9500)], 12000, {}),
        ([(1, 9500), (2, 9500)], 9500, {2: 9500}),
        ([(1, 9500), (2, 9500)], 10000, {2: 9000}),
        ([(1, 0), (2, 9500)], 0, {2: 9500}),
        ([(1, 9500)], -500, {1: 9500}),
    ],
)
def test_money_fills_one_place_after_the_other(owed, received, left):
    assert to_be_paid(owed, received) == left


@pytest.mark.parametrize(
    ("gross", "credited", "received", "given_up", "bought"),
    [
        (9500, 0, 9500, 0, True),
        (9500, 0, 12000, 0, True),
        (9500, 0, 4750, 0, False),
        (9500, 0, 9499, 1, True),
        (9500, 0, 0, 9500, False),
        (9500, 9500, 0, 0, False),
        (19000, 9500, 9500, 0, True),
    ],
)
def test_only_an_invoice_that_money_closed_buys_a_place(gross, credited, received, given_up, bought):
    assert Balance(gross, credited, received, given_up).bought is bought


@pytest.mark.parametrize(
    ("moment", "waits", "day"),
    [
        (IssueMoment.EVENT, False, date(2027, 5, 21)),
        (IssueMoment.EVENT, True, BOOKED),
        (IssueMoment.DAYS, True, date(2027, 2, 8)),
        (IssueMoment.BOOKING, True, BOOKED),
    ],
)
def test_an_invoice_that_a_place_waits_for_is_not_kept_until_after_the_event(moment, waits, day):
    assert issue_day(moment, days=7, booked_on=BOOKED, ends_on=ENDS, waits_for_money=waits) == day


@pytest.mark.parametrize(
    ("bought", "dropped", "besides", "outcome"),
    [
        (0, 1, True, Outcome.PAID_BESIDES_INVOICE),
        (0, 1, False, Outcome.PAID_TWICE),
        (1, 0, True, Outcome.CONFIRMED),
        (1, 1, True, Outcome.PAID_IN_PART),
    ],
)
def test_money_for_an_invoice_that_was_closed_by_hand_is_for_the_office(bought, dropped, besides, outcome):
    found = outcome_for_group(
        bought=bought, dropped=dropped, late=False, confirmed_already=True, cancelled=False, besides_invoice=besides
    )

    assert found == outcome
