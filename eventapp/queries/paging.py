"""Which part of a long list is shown?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import sqlalchemy as sa

Row = TypeVar("Row")
# No list is longer; a larger number in an address is more than a database can count to.
_LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list: its rows, the number of all rows that match, and which page it is, from 1."""

    SIZE: ClassVar[int] = 100

    rows: Sequence[Row]
    total: int
    number: int

    @classmethod
    def cut(cls, wanted: sa.Select[Any], number: int) -> sa.Select[Any]:
        """Only what stands on this page."""
        return wanted.limit(cls.SIZE).offset((min(number, _LAST_PAGE) - 1) * cls.SIZE)

    @property
    def first(self) -> int:
        return (self.number - 1) * self.SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def more(self) -> bool:
        return self.last < self.total
