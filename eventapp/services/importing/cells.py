"""How is a cell of a list read: as a text, a day, one of our words, or an address?"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.names import fold
from eventapp.services.importing.files import Line

Code = TypeVar("Code", bound=StrEnum)
_DAYS = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
_YEARS = range(1900, 2200)


def text(line: Line, column: str, longest: int) -> str:
    """The text of a cell. Refuses with RowRefused: a formula, too long, or signs that were lost in writing the file."""
    found = line.values.get(column, "")
    if column in line.formulas:
        raise RowRefused(RowProblem.FORMULA, column=column)
    if "\ufffd" in found:
        raise RowRefused(RowProblem.UNREADABLE_SIGNS, column=column)
    if len(found) > longest:
        raise RowRefused(RowProblem.TOO_LONG, column=column, longest=longest)
    return found


def day(line: Line, column: str) -> date | None:
    """The day of a cell, as 31-12-2027 or as a date of the spreadsheet; None when it is empty."""
    typed = text(line, column, 100)
    for pattern in _DAYS if typed else ():
        try:
            found = datetime.strptime(typed, pattern).date()
        except ValueError:
            continue
        if found.year in _YEARS:
            return found
    if typed:
        raise RowRefused(RowProblem.NO_DATE, column=column, typed=typed)
    return None


def code(line: Line, column: str, words: Mapping[Code, str]) -> Code | None:
    """Which of these a cell says, by its word or by its code; None when it is empty."""
    typed = text(line, column, 100)
    if not typed:
        return None
    for found, word in words.items():
        if fold(typed) in (fold(word), fold(found.value)):
            return found
    raise RowRefused(RowProblem.UNKNOWN_WORD, column=column, typed=typed, words=", ".join(words.values()))


def address(line: Line, column: str) -> str:
    """The e-mail address of a cell, as it is kept. Refuses with RowRefused when there is none, or no valid one."""
    typed = text(line, column, 320)
    if not typed:
        raise RowRefused(RowProblem.NO_ADDRESS)
    try:
        checked = validate_email(typed, check_deliverability=False)
    except EmailNotValidError as error:
        raise RowRefused(RowProblem.BAD_ADDRESS, typed=typed) from error
    return f"{checked.local_part}@{checked.ascii_domain}".lower()
