"""What can become of a row that the office imports, and for which reasons is one refused?"""

from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


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
    FORGOTTEN = "forgotten"
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
    NO_CLOCK = "no_clock"
    NO_NUMBER = "no_number"
    NO_LINK = "no_link"
    NO_TITLE = "no_title"
    NO_DAY = "no_day"
    NO_SUCH_TIME = "no_such_time"
    END_NOT_AFTER = "end_not_after"
    EVENT_KIND_MISSING = "event_kind_missing"
    BAD_SLUG = "bad_slug"
    LINK_NOT_SECURE = "link_not_secure"
    LINK_MISSING = "link_missing"
    NOT_A_DRAFT = "not_a_draft"
    ENTRY_CANCELLED = "entry_cancelled"
    ENTRY_PAST = "entry_past"
    ENTRY_BROKEN = "entry_broken"
    ENTRY_PRIVATE = "entry_private"
    ZONE_UNKNOWN = "zone_unknown"
    REPEATS_WITHOUT_END = "repeats_without_end"
    REPEATS_TOO_OFTEN = "repeats_too_often"
    REPEATS_UNREADABLE = "repeats_unreadable"
    WITHDREW = "withdrew"
    FORM_DIFFERS = "form_differs"
    PAID_ELSEWHERE = "paid_elsewhere"
    PRICE_UNTOLD = "price_untold"
    NO_LINE = "no_line"
    NOTHING_TO_WAIT_FOR = "nothing_to_wait_for"


class RowRefused(Exception):
    """A row that cannot be taken; `facts` fill the Dutch sentence of the problem."""

    def __init__(self, problem: RowProblem, **facts: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.facts = facts


Value = str | int | date | StrEnum | frozenset[Any] | None


class Change(NamedTuple):
    """One thing that a row changes of what is known; `field` is the name of its column."""

    field: str
    old: Value
    new: Value
