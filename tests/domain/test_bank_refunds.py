"""How much goes back by bank, on which days, and what is shown of an account."""

from datetime import date

import pytest

from eventapp.domain.bank_refunds import check_transfer_day, masked_iban, owed_by_bank
from eventapp.domain.errors import BadTransferDay

SINCE, TODAY = date(2027, 1, 4), date(2027, 1, 11)


@pytest.mark.parametrize(
    ("due", "banked", "kept", "owed"),
    [
        (9500, 9500, 0, 0),
        (9500, 10000, 0, 500),
        (0, 9500, 0, 9500),
        (4750, 9500, 0, 4750),
        (9500, 0, 0, 0),
        (9500, 4000, 0, 0),
        (0, 9500, 9500, 0),
        (0, 9500, 2000, 7500),
        (0, -500, 0, 0),
    ],
)
def test_what_came_by_bank_beyond_what_is_due_goes_back(due, banked, kept, owed):
    assert owed_by_bank(due_cents=due, banked_cents=banked, kept_cents=kept) == owed


@pytest.mark.parametrize("day", [SINCE, date(2027, 1, 8), TODAY])
def test_transfer_lies_between_its_cause_and_today(day):
    check_transfer_day(day, since=SINCE, today=TODAY)


@pytest.mark.parametrize("day", [date(2027, 1, 3), date(2027, 1, 12), date(2026, 1, 8)])
def test_transfer_ahead_or_before_its_cause_is_refused(day):
    with pytest.raises(BadTransferDay) as refused:
        check_transfer_day(day, since=SINCE, today=TODAY)

    assert refused.value.facts == {"first": SINCE, "last": TODAY}


@pytest.mark.parametrize(
    ("iban", "shown"),
    [("NL91ABNA0417164300", "NL…4300"), ("nl91 abna 0417 1643 00", "NL…4300"), ("", "")],
)
def test_account_is_shown_by_its_ends(iban, shown):
    assert masked_iban(iban) == shown
