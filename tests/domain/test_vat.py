"""Does every sum on an invoice hold, to the cent?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.vat import Share, Vat, VatRule, divide, half_up, rule_on, split

lines = st.lists(st.tuples(st.integers(0, 1_000_000), st.sampled_from(Vat)), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("gross", "vat", "net", "of_which"),
    [
        (24500, Vat.HIGH, 20248, 4252),
        (12100, Vat.HIGH, 10000, 2100),
        (10900, Vat.LOW, 10000, 900),
        (1, Vat.HIGH, 1, 0),
        (3, Vat.HIGH, 2, 1),
        (9500, Vat.ZERO, 9500, 0),
        (9500, Vat.EXEMPT, 9500, 0),
        (9500, Vat.OUTSIDE, 9500, 0),
        (-24500, Vat.HIGH, -20248, -4252),
    ],
)
def test_btw_is_what_is_in_the_price(gross, vat, net, of_which):
    assert split([(gross, vat)]).shares == (Share(vat, gross, net, of_which),)


def test_btw_is_worked_out_per_rate_and_not_per_line():
    """Three lines of one cent apiece: each alone holds no btw, together they do."""
    found = split([(3, Vat.HIGH), (3, Vat.HIGH), (3, Vat.HIGH), (109, Vat.LOW)])

    assert found.shares == (Share(Vat.HIGH, 9, 7, 2), Share(Vat.LOW, 109, 100, 9))
    assert found.nets_cents == (3, 2, 2, 100)


@given(lines)
def test_lines_add_up_to_the_net_and_net_and_btw_to_what_was_agreed(given_lines):
    found = split(given_lines)

    assert sum(found.nets_cents) == found.net_cents
    assert found.gross_cents == sum(gross for gross, _ in given_lines)
    for share in found.shares:
        of_rate = [net for net, (_, vat) in zip(found.nets_cents, given_lines, strict=True) if vat == share.vat]
        assert sum(of_rate) == share.net_cents
        assert abs(share.vat_cents * (100 + share.vat.percent) - share.gross_cents * share.vat.percent) * 2 <= (
            100 + share.vat.percent
        )


@given(lines)
def test_a_credit_mirrors_what_it_credits(given_lines):
    found, credit = split(given_lines), split([(-gross, vat) for gross, vat in given_lines])

    assert credit.nets_cents == tuple(-net for net in found.nets_cents)
    assert (credit.net_cents, credit.vat_cents) == (-found.net_cents, -found.vat_cents)


@given(st.integers(-1_000_000, 1_000_000), st.lists(st.integers(0, 100_000), min_size=1, max_size=40))
def test_no_part_is_off_by_a_cent_or_more(total, weights):
    parts = divide(total, weights)

    assert sum(parts) == total
    if sum(weights):
        assert all(abs(part * sum(weights) - total * w) < sum(weights) for part, w in zip(parts, weights, strict=True))


@pytest.mark.parametrize(("numerator", "rounded"), [(149, 1), (150, 2), (-149, -1), (-150, -2), (0, 0)])
def test_half_a_cent_goes_away_from_zero(numerator, rounded):
    assert half_up(numerator, 100) == rounded


def test_a_rule_counts_from_its_first_day():
    old, new = VatRule(date(2020, 1, 1), Vat.LOW), VatRule(date(2027, 1, 1), Vat.HIGH)

    assert rule_on([new, old], date(2026, 12, 31)) == old
    assert rule_on([old, new], date(2027, 1, 1)) == new
    assert rule_on([new], date(2026, 12, 31)) is None
