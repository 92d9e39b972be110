"""What can become of a row that the office imports, and for which reasons is one refused?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class RowProblem(StrEnum):
    """Why a row cannot be taken, as far as no refusal of the domain says it already."""

    NO_NAME = "no_name"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    TOO_LONG = "too_long"
    UNREADABLE_SIGNS = "unreadable_signs"
    FORMULA = "formula"
    NO_DATE = "no_date"
    UNKNOWN_WORD = "unknown_word"
    FIRST_DAY_MISSING = "first_day_missing"
    AGAIN = "again"
    SPELLED_OTHERWISE = "spelled_otherwise"
    ORGANISATION_UNKNOWN = "organisation_unknown"
    ORGANISATION_TWICE = "organisation_twice"
    ORGANISATION_NO_MEMBER = "organisation_no_member"
    NAMED_UNTIL_MISSING = "named_until_missing"
    NAMED_UNTIL_PAST = "named_until_past"
    KIND_MISSING = "kind_missing"
    RELATION_DIFFERS = "relation_differs"
    LOOK_ALIKE = "look_alike"
    RELATION_MISSING = "relation_missing"
    NO_AMOUNT = "no_amount"
    NOT_EUROS = "not_euros"
    NO_SETTLEMENT = "no_settlement"
    SETTLED_OTHERWISE = "settled_otherwise"


class RowRefused(Exception):
    """A row that cannot be taken; `facts` fill the Dutch sentence of the problem."""

    def __init__(self, problem: RowProblem, **facts: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.facts = facts


Value = str | date | StrEnum | None


@dataclass(frozen=True)
class Change:
    """One thing that a row changes of what is known; `field` is the name of its column."""

    field: str
    old: Value
    new: Value
