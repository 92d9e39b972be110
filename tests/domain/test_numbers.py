"""Check digits of the numbers on an invoice; the examples are from public documentation."""

import pytest

from eventapp.domain.numbers import grouped_iban, valid_btw_id, valid_iban, valid_rsin


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("NL91 ABNA 0417 1643 00", True),
        ("nl91abna0417164300", True),
        ("BE68 5390 0754 7034", True),
        ("NL91 ABNA 0417 1643 01", False),
        ("NL19 ABNA 0417 1643 00", False),
        ("NL91", False),
        ("", False),
    ],
)
def test_iban(text, valid):
    assert valid_iban(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"), [("123456782", True), ("123456783", False), ("000000000", False), ("12", False)]
)
def test_rsin(text, valid):
    assert valid_rsin(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("NL123456782B90", True),
        ("NL 1234.56.782 B90", True),
        ("NL000099998B57", True),
        ("NL000099998B58", False),
        ("NL123456782B00", False),
        ("BE0123456749", False),
    ],
)
def test_btw_id(text, valid):
    assert valid_btw_id(text) is valid


def test_iban_is_shown_in_groups_of_four():
    assert grouped_iban("nl91abna0417164300") == "NL91 ABNA 0417 1643 00"
