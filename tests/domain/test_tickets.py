"""Ticket codes: random, forgiving in what people type, strict in what they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.tickets import ALPHABET, code_digest, new_code, normalise_code

CODE = "T0123456789ABCDEFGHJ"
codes = st.text(ALPHABET, min_size=19, max_size=19).map(lambda rest: "T" + rest)


def test_a_new_code_is_a_t_and_nineteen_characters():
    assert re.fullmatch(r"T[0-9A-HJKMNP-TV-Z]{19}", new_code())


def test_codes_do_not_repeat():
    assert len({new_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "T012 3456 789A BCDE FGHJ",
        " t012-3456-789a-bcde-fghj\n",
        "T.012.3456.789A.BCDE.FGHJ",
        "TO12 3456 789A BCDE FGHJ",
        "TOI2 3456 789A BCDE FGHJ",
        "ToL2 3456 789A BCDE FGHJ",
        "T\u00a00123456789ABCDEFGHJ",
    ],
)
def test_what_people_type_is_forgiven(typed):
    assert normalise_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "T",
        CODE[:-1],
        CODE + "0",
        "X" + CODE[1:],
        "0" + CODE[1:],
        CODE[:-1] + "U",
        CODE[:-1] + "é",
        "https://aanmelden.example/ticket/abc",
        CODE + " " * 100,
    ],
)
def test_what_is_not_ours_is_nothing(typed):
    assert normalise_code(typed) is None


@given(codes)
def test_a_code_reads_back_from_groups_of_four_in_anybodys_handwriting(code):
    shown = " ".join(code[i : i + 4] for i in range(0, len(code), 4))

    assert normalise_code(shown) == code
    assert normalise_code(shown.lower().replace("0", "o").replace("1", "l")) == code


@given(st.text(max_size=90))
def test_whatever_is_read_is_a_code_or_nothing(typed):
    code = normalise_code(typed)

    assert code is None or normalise_code(code) == code


def test_the_digest_does_not_hold_the_code():
    assert len(code_digest(CODE)) == 64
    assert CODE not in code_digest(CODE).upper()
