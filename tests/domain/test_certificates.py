"""Codes of certificates, for how many hours one is, and when one holds."""

from datetime import UTC, datetime

import pytest

from eventapp.domain.certificates import (
    Verdict,
    abbreviated,
    contact_minutes,
    new_code,
    normalise_code,
    readable,
    verdict,
)
from eventapp.domain.presence import PresenceStatus as S
from eventapp.formatting import hours


def test_a_code_is_read_back_however_it_was_copied() -> None:
    code = new_code()

    typed = [code, readable(code), readable(code).lower(), f" {code[:5]} {code[5:]} ", code.replace("0", "o")]

    assert {normalise_code(one) for one in typed} == {code}
    assert len({new_code() for _ in range(50)}) == 50


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKMU", "A" * 13, "A" * 5000, "../../etc", "ABCD EFGH JKM!"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert normalise_code(typed) is None


@pytest.mark.parametrize(
    ("presences", "found"),
    [
        ([S.AANWEZIG], Verdict.VALID),
        ([S.ONLINE, S.GAST, S.WAARNEMEND], Verdict.VALID),
        ([S.AFWEZIG], Verdict.UNDER_REVIEW),
        ([None], Verdict.UNDER_REVIEW),
        ([S.AANWEZIG, S.MET_BERICHT], Verdict.UNDER_REVIEW),
        ([], Verdict.UNDER_REVIEW),
    ],
)
def test_a_certificate_holds_while_every_presence_under_it_does(presences: list[S | None], found: Verdict) -> None:
    assert verdict(revoked=False, forgotten=False, meetings=len(presences), presences=presences) == found
    assert verdict(revoked=True, forgotten=True, meetings=len(presences), presences=presences) == Verdict.REVOKED
    assert verdict(revoked=False, forgotten=True, meetings=len(presences), presences=presences) == Verdict.FORGOTTEN


def at(day: int, hour: int) -> datetime:
    return datetime(2027, 4, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "end", "said", "minutes"),
    [
        (at(14, 7), at(14, 14), None, 420),
        (at(14, 7), at(14, 14), 300, 300),
        (at(14, 7), at(15, 14), None, 0),
        (at(14, 7), at(15, 14), 720, 720),
        # Past midnight in Amsterdam it is another day.
        (at(14, 20), at(14, 23), None, 0),
    ],
)
def test_the_hours_are_what_the_office_says_or_those_of_one_day(begin, end, said, minutes) -> None:
    assert contact_minutes(begin, end, said) == minutes


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (60, "1 uur"),
        (450, "7,5 uur"),
        (75, "1,25 uur"),
        (50, "50 minuten"),
        (80, "1 uur en 20 minuten"),
        (1, "1 minuut"),
    ],
)
def test_hours_in_words(minutes: int, words: str) -> None:
    assert hours(minutes) == words


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (("Marieke", "van der", "Meulen"), ("M.", "van der", "Meulen")),
        (("Suharti", "", ""), ("Suharti", "", "")),
        (("", "", "Suharti"), ("", "", "Suharti")),
    ],
)
def test_a_name_is_abbreviated(name: tuple[str, str, str], short: tuple[str, str, str]) -> None:
    assert abbreviated(*name) == short
