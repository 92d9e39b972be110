"""Codes to type: forgiving about spaces, strict about everything else."""

import pytest

from eventapp.domain.sign_in_codes import new_code, typed_code


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12345678", "12345678"),
        ("1234 5678", "12345678"),
        (" 1234-5678.", "12345678"),
        ("1234567", ""),
        ("123456789", ""),
        ("1234567x8", ""),
        ("¹²³⁴⁵⁶⁷⁸", ""),
        ("", ""),
    ],
)
def test_typed_code_is_read_as_people_write_it(typed, read):
    assert typed_code(typed) == read


def test_new_code_reads_back_as_itself():
    codes = {new_code() for _ in range(200)}

    assert {typed_code(code) for code in codes} == codes
    assert len(codes) > 190
