"""What does a row of a list do at an event: does somebody get a place, a place in line, or nothing?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.import_people import Name
from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.names import name_key
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE, State


class Wanted(StrEnum):
    """What a row asks for."""

    PLACE = "aangemeld"
    LINE = "wachtlijst"


@dataclass(frozen=True)
class RegistrationRow:
    """A row that can be read. Without a category the address decides, without a price the event.

    `paid` says that it was paid elsewhere.
    """

    line: int
    name: Name
    address: str
    organisation: str = ""
    function: str = ""
    function_group: TargetGroup | None = None
    category: Category | None = None
    attends: EventForm | None = None
    wanted: Wanted = Wanted.PLACE
    price_cents: int | None = None
    paid: bool = False

    @cached_property
    def key(self) -> tuple[str, str]:
        """The same name at the same address is the same person."""
        return self.address, name_key(*self.name)


def registered_already(states: Sequence[State]) -> State | None:
    """Which of somebody's registrations at the event lives; None when there is none.

    Refuses with RowRefused who withdrew or was replaced: no list brings them back.
    """
    if live := next((state for state in states if state in LIVE), None):
        return live
    if State.CANCELLED in states:
        raise RowRefused(RowProblem.WITHDREW)
    return None


def attends_as(form: EventForm, asked: EventForm | None) -> EventForm:
    """Whether somebody comes in person or joins online. Refuses with RowRefused what the event is not."""
    usual = EventForm.ONLINE if form == EventForm.ONLINE else EventForm.FYSIEK
    if asked and form != EventForm.HYBRIDE and asked != usual:
        raise RowRefused(RowProblem.FORM_DIFFERS, form=form)
    return asked or usual


def check_money(row: RegistrationRow, price_cents: int, *, told: bool, amount: str) -> None:
    """Whether a price can be asked of whom the row is about. Refuses with RowRefused.

    Nobody owes what they never heard of, and what was paid elsewhere is in other books than ours.
    """
    if price_cents and row.paid:
        raise RowRefused(RowProblem.PAID_ELSEWHERE)
    if price_cents and not told:
        raise RowRefused(RowProblem.PRICE_UNTOLD, amount=amount)


class Room:
    """How much is left of every limited thing of an event while a list is gone through; None is no limit."""

    def __init__(self, left: Mapping[int, int | None]) -> None:
        self._left = dict(left)

    def limit(self, one: int, size: int) -> None:
        """There is so much of something else besides."""
        self._left[one] = size

    def first_full(self, needed: Sequence[int]) -> int | None:
        """The first of these of which nothing is left."""
        return next((one for one in needed if self._left.get(one) == 0), None)

    def take(self, needed: Sequence[int]) -> None:
        """One of each is gone."""
        for one in needed:
            left = self._left.get(one)
            self._left[one] = None if left is None else left - 1
