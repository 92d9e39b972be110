"""Whatever is booked balances, per entry and in all, and says what the invoice said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.association import Association
from eventapp.domain.invoices import split_credit
from eventapp.domain.journal import About, Book, Entry, Ledger, Sold, by_account, money, payout, sale
from eventapp.domain.settlements import SettlementKind
from eventapp.domain.vat import Vat, split

CHART = Association(cost_centre="10").chart
ABOUT = About("VNK2027-0001", date(2027, 2, 1), "Factuur")
cents = st.integers(-5_000_000, 5_000_000).filter(bool)
treatments = st.sampled_from(Vat)
charged = st.lists(st.tuples(st.integers(1, 1_000_000), treatments), min_size=1, max_size=12)


def sold(lines: list[tuple[int, Vat]], *, back: int = 0) -> list[Entry]:
    """The entry of an invoice, and of the credit invoice that takes so many percent of each line back."""
    parts = split(lines)
    entries = [_sale([vat for _, vat in lines], parts)]
    taken = [(-gross * back // 100, vat) for gross, vat in lines]
    if any(gross for gross, _ in taken):
        entries.append(_sale([vat for _, vat in taken], split_credit(taken, {})))
    return entries


def _sale(treatments: list[Vat], parts) -> Entry:
    lines = [Sold(net, vat) for net, vat in zip(parts.nets_cents, treatments, strict=True)]
    return sale(ABOUT, lines, parts.shares, CHART)


moves = st.builds(
    lambda amount, to: [money(Book.BANK, ABOUT, amount, to=to, chart=CHART)], cents, st.sampled_from(Ledger)
)
payouts = st.builds(
    lambda totals: [payout(ABOUT, totals, CHART)], st.dictionaries(st.sampled_from(SettlementKind), cents, min_size=1)
)
sales = st.builds(lambda lines, back: sold(lines, back=back), charged, st.integers(0, 100))


@given(st.lists(st.one_of(sales, moves, payouts), max_size=20))
def test_every_entry_balances_and_so_do_all_together(booked):
    entries = [entry for some in booked for entry in some]

    accounts = by_account(entries)

    assert {sum(posting.cents for posting in entry.postings) for entry in entries} <= {0}
    assert sum(one.debit_cents for one in accounts) == sum(one.credit_cents for one in accounts)
    assert all(posting.cents for entry in entries for posting in entry.postings)


@given(charged, st.integers(0, 100))
def test_debtors_owe_what_the_invoice_says_and_btw_is_what_was_rounded_on_it(lines, back):
    invoice = sold(lines, back=back)[0]

    posted = {ledger: sum(one.cents for one in invoice.postings if one.ledger == ledger) for ledger in Ledger}

    parts = split(lines)
    assert posted[Ledger.DEBTORS] == parts.gross_cents
    assert posted[Ledger.SALES] == -parts.net_cents
    assert posted[Ledger.VAT_HIGH] + posted[Ledger.VAT_LOW] == -parts.vat_cents


def test_entry_that_does_not_balance_cannot_be_made():
    parts = split([(9500, Vat.HIGH)])

    with pytest.raises(ValueError, match="VNK2027-0001"):
        Entry(Book.SALES, ABOUT, _sale([Vat.HIGH], parts).postings[1:])


def test_a_rule_names_account_and_cost_centre_and_the_settings_the_rest():
    lines = [Sold(7851, Vat.HIGH, "8010", "KENNIS", "Masterclass"), Sold(5000, Vat.EXEMPT)]
    shares = split([(9500, Vat.HIGH), (5000, Vat.EXEMPT)]).shares

    entry = sale(ABOUT, lines, shares, CHART)

    assert [(p.account, p.cost_centre, p.vat_code, p.cents) for p in entry.postings] == [
        ("1300", "", "", 14500),
        ("8010", "KENNIS", "21", -7851),
        ("8000", "10", "VRIJ", -5000),
        ("1510", "", "21", -1649),
    ]


def test_settlement_moves_what_was_with_mollie_to_the_bank_fees_off():
    totals = {SettlementKind.PAYMENT: 19000, SettlementKind.REFUND: -4750, SettlementKind.FEE: -76}

    entry = payout(ABOUT, totals, CHART)

    assert {posting.ledger: posting.cents for posting in entry.postings} == {
        Ledger.BANK: 14174,
        Ledger.FEES: 76,
        Ledger.MOLLIE: -14250,
    }
