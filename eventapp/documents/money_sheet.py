"""A table with amounts and days as plain data, for the files that are made of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

Cell = str | date | Decimal


class MoneySheet(NamedTuple):
    """`heads` names the columns; a Decimal is euros, to be made by `euros`. `about` says what was counted, and when."""

    title: str
    about: str
    association: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    printed_at: datetime
    page: str = "Geld"


def euros(cents: int) -> Decimal:
    """Cents as an amount that a spreadsheet adds up."""
    return Decimal(cents).scaleb(-2)
