"""What is an invoice worth now, when is it issued, what can be credited, and does every sum hold?"""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.errors import CreditTooHigh, NothingToCredit
from eventapp.domain.invoices import (
    Balance,
    Buyer,
    InvoiceState,
    IssueMoment,
    completing_ends,
    format_number,
    issue_day,
    missing_of_seller,
    owed_cents,
    reminder_day,
    split_credit,
    to_credit,
)
from eventapp.domain.registrations import State
from eventapp.domain.times import from_local
from eventapp.domain.vat import Vat, split
from tests.invoicing import SELLER

DAY = date(2027, 1, 28)


@pytest.mark.parametrize(
    ("gross", "credited", "received", "written_off", "state", "left"),
    [
        (14500, 0, 0, 0, InvoiceState.OPEN, 14500),
        (14500, 0, 1, 0, InvoiceState.PARTLY_PAID, 14499),
        (14500, 0, 14500, 0, InvoiceState.PAID, 0),
        (14500, 0, 14501, 0, InvoiceState.OVERPAID, -1),
        (14500, 14500, 0, 0, InvoiceState.CREDITED, 0),
        (14500, 14500, 14500, 0, InvoiceState.OVERPAID, -14500),
        (14500, 4500, 0, 0, InvoiceState.OPEN, 10000),
        (14500, 4500, 10000, 0, InvoiceState.PAID, 0),
        (14500, 0, 0, 14500, InvoiceState.WRITTEN_OFF, 0),
        (14500, 0, 4500, 10000, InvoiceState.WRITTEN_OFF, 0),
        (14500, 0, 4500, 9999, InvoiceState.PARTLY_PAID, 1),
    ],
)
def test_state_follows_from_what_came_after(gross, credited, received, written_off, state, left):
    balance = Balance(gross, credited, received, written_off)

    assert (balance.state, balance.open_cents) == (state, left)


@pytest.mark.parametrize(
    ("state", "kept", "owed"),
    [
        (State.CONFIRMED, 0, 9500),
        (State.CANCELLED, 0, 0),
        (State.CANCELLED, 5700, 5700),
        (State.AWAITING_PAYMENT, 0, 0),
        (State.EXPIRED, 0, 0),
    ],
)
def test_only_a_sure_place_and_a_fee_that_stays_are_invoiced(state, kept, owed):
    assert owed_cents(state, price_cents=9500, kept_cents=kept) == owed


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (IssueMoment.BOOKING, date(2027, 1, 28)),
        (IssueMoment.DAYS, date(2027, 2, 4)),
        (IssueMoment.EVENT, date(2027, 5, 21)),
    ],
)
def test_the_moment_of_issue_is_a_setting(moment, day):
    assert issue_day(moment, days=7, booked_on=DAY, ends_on=date(2027, 5, 20)) == day


@pytest.mark.parametrize(
    ("issue_on", "on_invoice", "until"),
    [
        (None, False, None),
        (DAY, True, from_local(DAY, time())),
        (DAY, False, from_local(DAY, time(16, 30))),
        (DAY + timedelta(days=7), False, from_local(DAY + timedelta(days=7), time())),
    ],
)
def test_completing_ends_with_the_day_of_issue_or_an_hour_after_paying(issue_on, on_invoice, until):
    drafted_at = from_local(DAY, time(15, 30))

    assert completing_ends(issue_on, drafted_at=drafted_at, on_invoice=on_invoice) == until


def test_numbers_names_and_reminders():
    assert format_number("VNK", 2027, 7) == "VNK2027-0007"
    assert format_number("", 2027, 12345) == "2027-12345"
    assert (format_number("VNK", 0, 42), format_number("", 0, 42)) == ("VNK-0042", "0042")
    assert [reminder_day(DAY, days=7, sent=sent) for sent in (0, 1)] == [date(2027, 2, 4), date(2027, 2, 11)]
    assert missing_of_seller(SELLER, asks_money=True) == ()
    assert Buyer(name="Marieke Bakker").addressee == "Marieke Bakker"
    assert Buyer(name="Marieke Bakker", legal_name="Stichting X").addressee == "Stichting X"


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        (None, {1: 100, 2: 50}),
        ({1: 40}, {1: 40}),
        ({1: 0, 2: 50}, {2: 50}),
        ({1: 101}, CreditTooHigh),
        ({3: 1}, CreditTooHigh),
        ({1: -1}, CreditTooHigh),
        ({1: 0}, NothingToCredit),
    ],
)
def test_never_more_is_credited_than_is_left(wanted, answer):
    left = {1: 100, 2: 50}
    if isinstance(answer, dict):
        assert to_credit(left, wanted) == answer
        return

    with pytest.raises(answer):
        to_credit(left, wanted)


def test_nothing_is_left_of_what_was_credited_whole():
    with pytest.raises(NothingToCredit):
        to_credit({1: 0}, None)


@given(
    st.lists(
        st.tuples(st.integers(1, 100_000), st.sampled_from([Vat.HIGH, Vat.LOW, Vat.EXEMPT])), min_size=1, max_size=5
    ),
    st.data(),
)
def test_credits_in_parts_give_back_every_cent_of_btw(lines, data):
    whole = split(lines)
    first = [(-data.draw(st.integers(0, cents)), vat) for cents, vat in lines]
    rest = [(-(cents + part), vat) for (cents, vat), (part, _) in zip(lines, first, strict=True)]
    before = {vat: -sum(part for part, its in first if its == vat) for _, vat in lines}

    one, two = split_credit(first, {}), split_credit(rest, before)

    assert one.vat_cents + two.vat_cents == -whole.vat_cents
    assert one.net_cents + two.net_cents == -whole.net_cents
    for part, amounts in ((one, first), (two, rest)):
        assert sum(part.nets_cents) == part.net_cents
        assert part.net_cents + part.vat_cents == sum(cents for cents, _ in amounts)
