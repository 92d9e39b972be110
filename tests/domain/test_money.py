"""Cents as the payment provider writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.money import from_provider, to_provider


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (5, "0.05"), (1250, "12.50"), (123456789, "1234567.89")])
def test_cents_are_written_with_a_point_and_two_digits(cents, text):
    assert to_provider(cents) == text
    assert from_provider(text) == cents


@given(st.integers(0, 10**9))
def test_every_amount_comes_back_to_the_cent(cents):
    assert from_provider(to_provider(cents)) == cents


def test_an_amount_to_pay_is_never_negative():
    with pytest.raises(ValueError, match="never negative"):
        to_provider(-1)


@pytest.mark.parametrize("text", ["", "12", "12.5", "12,50", "12.500", " 12.50", "12.50\n", "1e2", "€12.50"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="not an amount"):
        from_provider(text)
