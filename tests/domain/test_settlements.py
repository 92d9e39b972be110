"""A line of a settlement is read for what it is, is known again in every file, and is compared with our journal."""

from datetime import date

import pytest

from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.settlements import (
    Finding,
    Position,
    SettlementKind,
    Typed,
    dated,
    finding,
    position_of,
    read_line,
)

KIND = SettlementKind
PAID = {"amount": "95.00", "provider_id": "tr_Abc1", "method": "ideal"}


def typed(**changes: str) -> Typed:
    plain = {"settlement": "1234567.2702.01", "day": "2027-02-01 10:12:00", "currency": "EUR", "description": ""}
    return Typed(**(plain | PAID | changes))


@pytest.mark.parametrize(
    ("cells", "kind", "payment_id"),
    [
        ({}, KIND.PAYMENT, "tr_Abc1"),
        ({"amount": "-95,00"}, KIND.CHARGEBACK, "tr_Abc1"),
        ({"amount": "-47.50", "method": "refund"}, KIND.REFUND, "tr_Abc1"),
        ({"amount": "-47.5", "provider_id": "re_Xyz", "description": "Terug tr_Abc1"}, KIND.REFUND, "tr_Abc1"),
        ({"amount": "47.50", "provider_id": "re_Xyz"}, KIND.REFUND_RETURNED, ""),
        ({"amount": "-95", "provider_id": "chb_1", "description": "tr_Abc1"}, KIND.CHARGEBACK, "tr_Abc1"),
        ({"amount": "95", "provider_id": "chb_1"}, KIND.CHARGEBACK_REVERSED, ""),
        ({"amount": "-0.39", "provider_id": "", "description": "Withheld transaction fees MOL-1"}, KIND.FEE, ""),
        ({"amount": "0.01", "provider_id": "MOL-2027-1", "description": "x"}, KIND.FEE, ""),
        ({"amount": "12.00", "provider_id": "", "description": "Balance top-up"}, KIND.OTHER, ""),
    ],
)
def test_line_is_read_for_what_it_is(cells, kind, payment_id):
    line = read_line(7, typed(**cells))

    assert (line.kind, line.payment_id) == (kind, payment_id)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"amount": "vijf"}, RowProblem.NO_AMOUNT),
        ({"amount": "0.00"}, RowProblem.NO_AMOUNT),
        ({"amount": "1.234,56"}, RowProblem.NO_AMOUNT),
        ({"currency": "USD"}, RowProblem.NOT_EUROS),
        ({"settlement": ""}, RowProblem.NO_SETTLEMENT),
        ({"day": "1 februari"}, RowProblem.NO_DATE),
        ({"day": "2027-02-31"}, RowProblem.NO_DATE),
    ],
)
def test_what_cannot_be_booked_is_refused(cells, problem):
    with pytest.raises(RowRefused) as refused:
        read_line(7, typed(**cells))

    assert refused.value.problem == problem


def test_line_is_the_same_one_in_every_file_and_says_nothing_of_who_paid():
    first, again = (read_line(n, typed(description="Aanmelding Fatma")) for n in (2, 900))
    fee, other_fee = (
        read_line(3, typed(provider_id="", amount=amount, description="Withheld transaction fees MOL-1"))
        for amount in ("-0.39", "-0.78")
    )

    assert (first.key, first.description) == (again.key, "")
    assert first.key != read_line(2, typed(provider_id="tr_Abc2")).key
    assert fee.key == other_fee.key
    assert fee.key != read_line(3, typed(provider_id="", settlement="1234567.2702.02", description=fee.description)).key


def test_settlement_is_booked_on_the_last_day_that_it_names():
    days = [("1.01", "2027-01-30"), ("1.01", "2027-02-01"), ("1.02", "2027-01-31")]

    lines = dated([read_line(n, typed(settlement=name, day=day)) for n, (name, day) in enumerate(days)])

    assert [line.settled_on for line in lines] == [date(2027, 2, 1), date(2027, 2, 1), date(2027, 1, 31)]


def test_refund_and_its_return_are_one_thing_and_so_are_the_chargebacks_of_a_payment():
    assert position_of(KIND.REFUND, "re_1", "tr_1") == position_of(KIND.REFUND_RETURNED, "re_1", "")
    assert position_of(KIND.CHARGEBACK, "chb_1", "tr_1") == position_of(KIND.CHARGEBACK_REVERSED, "chb_2", "tr_1")
    assert position_of(KIND.FEE, "", "") is None


@pytest.mark.parametrize(
    ("theirs", "ours", "found"),
    [
        (95, 95, Finding.MATCHES),
        (95, None, Finding.UNKNOWN),
        (95, 90, Finding.DIFFERS),
        (None, 95, Finding.NOT_SETTLED),
    ],
)
def test_books_are_compared_on_each_thing(theirs, ours, found):
    one = Position(KIND.PAYMENT, "tr_1")

    sides = [{} if cents is None else {one: cents} for cents in (theirs, ours)]

    assert finding(one, *sides) == found
