"""What an address asks of the list of registrations, and the address of what was asked."""

import pytest

from eventapp.domain.pricing import Category
from eventapp.domain.registration_lists import Choice, Column, Listing, Order, Price, When, read, read_label
from eventapp.domain.registrations import State

FULL = Listing(
    text="van dijk",
    state=State.CONFIRMED,
    category=Category.LID,
    price=Price.PRICED,
    choice=Choice.NONE,
    when=When.COMING,
    label="vip",
    order=Order.NEWEST,
    columns=(Column.ADDRESS, Column.LABELS),
)


@pytest.mark.parametrize("listing", [Listing(), FULL], ids=["all", "narrowed"])
def test_an_address_reads_back_as_what_was_asked(listing):
    assert read(listing.pairs()) == listing


def test_what_does_not_exist_narrows_nothing():
    pairs = [("staat", "verzonnen"), ("kolom", "wachtwoord"), ("volgorde", ""), ("pagina", "3"), ("zoek", "  ")]

    assert read(pairs) == Listing()


def test_columns_stand_in_the_order_of_the_table_each_once():
    pairs = [("kolom", "sinds"), ("kolom", "organisatie"), ("kolom", "sinds")]

    assert read(pairs).columns == (Column.ORGANISATION, Column.SINCE)


@pytest.mark.parametrize(
    ("typed", "kept"), [("  VIP   gast ", "vip gast"), ("a\tb\x00", "a b"), ("x" * 60, "x" * 40), ("", "")]
)
def test_a_label_is_lower_case_and_short(typed, kept):
    assert read_label(typed) == kept


def test_only_filters_narrow():
    assert (Listing(order=Order.NEWEST, columns=(Column.CAME,)).narrowed, Listing(label="vip").narrowed) == (
        False,
        True,
    )
