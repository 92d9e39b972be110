"""How is a cell of a list read: as a text, a day, a clock time, an amount, some of our words, or an address?"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from eventapp import formatting
from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.names import fold
from eventapp.services.importing.files import LOST, Line

Code = TypeVar("Code", bound=StrEnum)
_DAYS = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
_YEARS = range(1900, 2200)
_MONTHS = ("jan", "feb", "maart", "apr", "mei", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
_WEEKDAY = re.compile(r"(?:ma|di|wo|do|vr|za|zo)[a-z]*\.?,?\s+(?=\d)", re.IGNORECASE)
_WITH_MONTH = re.compile(r"(\d{1,2})\s+([a-z]+)\.?\s+(\d{4})", re.IGNORECASE)
# A spreadsheet counts days from here, and a cell without a format shows the count.
_DAY_ZERO = date(1899, 12, 30)
_COUNT_OF_DAYS = re.compile(r"[3-7]\d{4}")
_CLOCK = re.compile(r"(?:om\s+)?(\d{1,2})(?:[.:uh](\d{2})(?:[.:]\d{2})?)?\s*(?:uur|u|h)?", re.IGNORECASE)
# Two digits may be minutes, or a quarter of a day: nobody can tell.
_PART_OF_A_DAY = re.compile(r"0[.,](\d|\d{3,})")
_EITHER = re.compile(r"0[.,]\d\d")
_DAY_AND_CLOCK = re.compile(
    r"(.*\d)(?:\s*,)?(?:\s+om)?(?:\s+|T)(\d{1,2}[.:u]\d{2}(?:[.:]\d{2})?(?:\s*uur)?)", re.IGNORECASE
)
_LINK = re.compile(r"https?://[^\s/]+\.[^\s]+")


def text(line: Line, column: str, longest: int) -> str:
    """The text of a cell. Refuses with RowRefused: a formula, too long, or signs that were lost in writing the file."""
    found = line.values.get(column, "")
    if column in line.formulas:
        raise RowRefused(RowProblem.FORMULA, column=column)
    if LOST in found:
        raise RowRefused(RowProblem.UNREADABLE_SIGNS, column=column)
    if len(found) > longest:
        raise RowRefused(RowProblem.TOO_LONG, column=column, longest=longest)
    return found


def day(line: Line, column: str) -> date | None:
    """The day of a cell, as 31-12-2027, 31 december 2027 or a date of the spreadsheet; None when it is empty."""
    return day_and_clock(line, column)[0]


def day_and_clock(line: Line, column: str) -> tuple[date | None, time | None]:
    """The same with the time of day, when the cell has one besides."""
    typed = text(line, column, 100)
    if not typed:
        return None, None
    found = _read_day(typed)
    if found:
        return found, None
    both = _DAY_AND_CLOCK.fullmatch(typed)
    found, moment = (_read_day(both[1]), _read_clock(both[2])) if both else (None, None)
    if found is None or moment is None:
        raise RowRefused(RowProblem.NO_DATE, column=column, typed=typed)
    return found, moment


def _read_day(typed: str) -> date | None:
    plain = _WEEKDAY.sub("", typed, count=1)
    if _COUNT_OF_DAYS.fullmatch(plain):
        return _DAY_ZERO + timedelta(days=int(plain))
    if named := _WITH_MONTH.fullmatch(plain):
        month = next((n for n, word in enumerate(_MONTHS, 1) if _is_month(named[2].lower(), word)), 0)
        plain = f"{named[1]}-{month}-{named[3]}"
    for pattern in _DAYS:
        try:
            found = datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
        if found.year in _YEARS:
            return found
    return None


def _is_month(typed: str, word: str) -> bool:
    """ "mrt", "sept" and "december" are months; "m" is not."""
    return typed.startswith(word[:3]) or (typed, word) == ("mrt", "maart")


def clocks(line: Line, column: str) -> tuple[time | None, time | None]:
    """The time of day of a cell, as 9.30, 09:30, "9 uur" or 0,395833; with a second one from "9.30-11.00"."""
    typed = text(line, column, 100)
    if not typed:
        return None, None
    first, *more = re.split(r"\s*(?:-|–|tot)\s*", typed)
    found = [_read_clock(part) for part in (first, *more)]
    if None in found or len(found) > 2:
        raise RowRefused(RowProblem.NO_CLOCK, column=column, typed=typed)
    return found[0], found[1] if more else None


def _read_clock(typed: str) -> time | None:
    if part := _PART_OF_A_DAY.fullmatch(typed):
        minutes = round(float(f"0.{part[1]}") * 24 * 60)
        return time(*divmod(minutes, 60)) if minutes < 24 * 60 else None
    found = None if _EITHER.fullmatch(typed) else _CLOCK.fullmatch(typed)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def code(line: Line, column: str, words: Mapping[Code, str]) -> Code | None:
    """Which of these a cell says, by its word or by its code; None when it is empty."""
    typed = text(line, column, 100)
    return _one_of(typed, column, words) if typed else None


def _one_of(typed: str, column: str, words: Mapping[Code, str]) -> Code:
    for found, word in words.items():
        if fold(typed) in (fold(word), fold(found.value)):
            return found
    raise RowRefused(RowProblem.UNKNOWN_WORD, column=column, typed=typed, words=", ".join(words.values()))


def codes(line: Line, column: str, words: Mapping[Code, str]) -> frozenset[Code]:
    """Which of these a cell says, with commas, semicolons or line breaks between them."""
    typed = [part.strip() for part in re.split(r"[,;\n]", text(line, column, 500)) if part.strip()]
    return frozenset(_one_of(part, column, words) for part in typed)


def number(line: Line, column: str, highest: int) -> int | None:
    """A whole number from 1 on; None when the cell is empty."""
    typed = text(line, column, 20)
    if not typed:
        return None
    if not re.fullmatch(r"\d{1,9}", typed) or not 1 <= int(typed) <= highest:
        raise RowRefused(RowProblem.NO_NUMBER, column=column, typed=typed, highest=highest)
    return int(typed)


def cents(line: Line, column: str) -> int | None:
    """An amount in cents, as 95, 12,50 or "gratis"; None when the cell is empty."""
    typed = text(line, column, 30)
    if not typed:
        return None
    if fold(typed) == "gratis":
        return 0
    try:
        return formatting.parse_money(typed)
    except ValueError as error:
        raise RowRefused(RowProblem.NO_AMOUNT, typed=typed) from error


def yes(line: Line, column: str) -> bool:
    """Whether a cell says ja; an empty one says nee."""
    typed = fold(text(line, column, 20))
    if typed in _YES_OR_NO:
        return _YES_OR_NO[typed]
    raise RowRefused(RowProblem.UNKNOWN_WORD, column=column, typed=typed, words="ja, nee")


_YES_OR_NO = {
    "ja": True,
    "j": True,
    "x": True,
    "1": True,
    "waar": True,
    "nee": False,
    "n": False,
    "0": False,
    "": False,
}


def link(line: Line, column: str, longest: int) -> str:
    """A whole web address."""
    typed = text(line, column, longest)
    if typed and not _LINK.fullmatch(typed):
        raise RowRefused(RowProblem.NO_LINK, column=column, typed=typed)
    return typed


def name(line: Line) -> tuple[str, str, str]:
    """Of whom a row is, from its three columns. Refuses with RowRefused: there is none, or signs of it were lost."""
    given, infix, family = (text(line, column, longest) for column, longest in _NAME.items())
    # What windows-1252 does not know, Excel writes as a question mark: it would be somebody new.
    if lost := next((column for column in _NAME if "?" in line.values.get(column, "")), None):
        raise RowRefused(RowProblem.UNREADABLE_SIGNS, column=lost)
    if not given and not family:
        raise RowRefused(RowProblem.NO_NAME)
    return given, infix, family


_NAME = {"voornaam": 100, "tussenvoegsel": 30, "achternaam": 100}


def title_of_person(line: Line) -> str:
    """What a row about somebody is called, also when it cannot be read."""
    full = formatting.full_name(*(line.values.get(column, "") for column in _NAME))
    return " · ".join(part for part in (full, line.values.get("e-mail", "")) if part)[:300]


def address(line: Line, column: str) -> str:
    """The e-mail address of a cell, as it is kept. Refuses with RowRefused when there is none, or no valid one."""
    typed = text(line, column, 320)
    if not typed:
        raise RowRefused(RowProblem.NO_ADDRESS)
    try:
        return formatting.parse_address(typed)
    except ValueError as error:
        raise RowRefused(RowProblem.BAD_ADDRESS, typed=typed) from error
