"""The journal says what the provider says, in as few rows as it takes."""

import pytest

from eventapp.domain.ledger import CHARGED_BACK, RECEIVED, UNLISTED, Position, rows_to_add, stands

ONE, TWO = Position.of_refund("re_1"), Position.of_refund("re_2")


def picture(*, received=9500, refunds=None, refunded=None, charged_back=0):
    """What each position stands at; all that went back is named unless said otherwise."""
    refunds = refunds or {}
    total = sum(refunds.values()) if refunded is None else refunded
    return stands(received_cents=received, refunds=refunds, refunded_cents=total, charged_back_cents=charged_back)


@pytest.mark.parametrize(
    ("booked", "wanted", "rows"),
    [
        ({}, picture(), {RECEIVED: 9500}),
        ({RECEIVED: 9500}, picture(), {}),
        ({RECEIVED: 9500}, picture(refunds={"re_1": 2500}), {ONE: -2500}),
        ({RECEIVED: 9500, ONE: -2500}, picture(refunds={"re_1": 2500, "re_2": 2500}), {TWO: -2500}),
        # It failed: the money counts again, and the first row stays.
        ({RECEIVED: 9500, ONE: -2500}, picture(refunds={"re_1": 0}), {ONE: 2500}),
        # A picture from before the refund does not take it back.
        ({RECEIVED: 9500, ONE: -2500}, picture(), {}),
        # More went back than is named, and later it is named.
        ({RECEIVED: 9500}, picture(refunded=2500), {UNLISTED: -2500}),
        ({RECEIVED: 9500, UNLISTED: -2500}, picture(refunds={"re_1": 2500}), {UNLISTED: 2500, ONE: -2500}),
        # Some providers count a refund that is under way only when it is done.
        ({RECEIVED: 9500}, picture(refunds={"re_1": 2500}, refunded=0), {ONE: -2500}),
        ({RECEIVED: 9500}, picture(charged_back=9500), {CHARGED_BACK: -9500}),
        ({RECEIVED: 9500, CHARGED_BACK: -9500}, picture(charged_back=0), {CHARGED_BACK: 9500}),
    ],
)
def test_only_the_difference_is_written(booked, wanted, rows):
    written = rows_to_add(booked, wanted)

    assert written == rows
    assert rows_to_add(_sum(booked, written), wanted) == {}


def _sum(booked, written):
    return {position: booked.get(position, 0) + written.get(position, 0) for position in {*booked, *written}}
