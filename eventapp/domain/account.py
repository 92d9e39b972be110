"""Which figures does the association account for over a year, and of what are they counted?

A figure is a table of numbers, each at a row and a column; `account_shares.py` says what one thing adds to which.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import PeriodNotOver
from eventapp.domain.events import EventForm, EventKind, Field, RegistrationMode, TargetGroup
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import MembershipPeriod

# How many years a line goes back.
YEARS_SHOWN = 5

ALL = "all"
NONE = "none"


class Figure(StrEnum):
    """What is accounted for, in the order of the report."""

    MEETINGS = "meetings"
    ATTENDANCE = "attendance"
    REACH = "reach"
    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    NO_SHOW = "no_show"
    WAITING = "waiting"
    APPRECIATION = "appreciation"
    OUTSIDERS = "outsiders"
    MEMBERS = "members"
    VISIBILITY = "visibility"


class Key(NamedTuple):
    """The place of one number. A row is a code, ALL, NONE or `part(...)`; a column is a word of its figure."""

    figure: Figure
    row: str
    column: str


def part(dimension: str, code: str) -> str:
    """A row of a figure that is divided in several ways, such as "kind:webinar"."""
    return f"{dimension}:{code}"


@dataclass(frozen=True)
class Totals:
    """The numbers of a year; what is not in it is zero."""

    numbers: Mapping[Key, int] = field(default_factory=dict)

    def of(self, figure: Figure, row: str, column: str) -> int:
        return self.numbers.get(Key(figure, row, column), 0)

    def rows(self, figure: Figure, dimension: str = "") -> list[str]:
        """The codes of the rows that have a number, of one dimension where the figure has several; without ALL."""
        prefix = f"{dimension}:" if dimension else ""
        found = dict.fromkeys(key.row for key in self.numbers if key.figure == figure)
        return [row.removeprefix(prefix) for row in found if row != ALL and row.startswith(prefix)]


class AccountYear(NamedTuple):
    """A year, as it stands on the day `today`; of a year that is over, on its last day."""

    year: int
    today: date

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    @property
    def on(self) -> date:
        """The day up to which it counts."""
        return min(self.last, self.today)

    def check_over(self, ends: Iterable[date]) -> None:
        """Only a year that is over is closed, with every event of it; `ends` are their last days.

        Refuses with PeriodNotOver.
        """
        last = max([self.last, *ends])
        if self.today <= last:
            raise PeriodNotOver(last=last)


class Marks(NamedTuple):
    """The marks of 1 to 10 that were given at an event added up, how many there were, and how many were asked."""

    total: int = 0
    answers: int = 0
    asked: int = 0


NO_MARKS = Marks()


@dataclass(frozen=True)
class Meeting:
    """An event that took place, with what was counted at it.

    `fixed` is whether its presence was fixed: until then nobody counts as having been there. `size` is None without
    a limit, `heads` when nobody counted.
    """

    id: int
    slug: str
    title: str
    day: date
    kind: EventKind
    form: EventForm
    registration: RegistrationMode = RegistrationMode.HIER
    groups: frozenset[TargetGroup] = frozenset()
    fields: frozenset[Field] = frozenset()
    fixed: bool = False
    size: int | None = None
    open_to_outsiders: bool = False
    contribution: str = ""
    heads: int | None = None
    registered: int = 0
    attended: int = 0
    no_show: int = 0
    waited: int = 0
    placed: int = 0
    marks: Marks = NO_MARKS

    @property
    def own(self) -> bool:
        """Whether it is a meeting of the association, not one of others at which it was present."""
        return self.kind != EventKind.EXTERN

    @property
    def awaits_fixing(self) -> bool:
        """Whether people were expected of whom nobody said yet who was there."""
        return self.own and not self.fixed and self.registered > 0


def is_agenda_item(kind: EventKind, registration: RegistrationMode) -> bool:
    """Whether it only stands in the agenda: nobody registers for it with us."""
    return kind == EventKind.EXTERN or registration != RegistrationMode.HIER


class Visitor(NamedTuple):
    """An organisation we know: `days` of this year on which somebody of it was there, and the last one before it."""

    id: int
    name: str
    kind: OrganisationKind
    periods: tuple[MembershipPeriod, ...] = ()
    days: frozenset[date] = frozenset()
    before: date | None = None


def marks_column(what: str, year: int) -> str:
    """The column with the `total`, the `answers` or the `asked` of this year."""
    return f"{what}-{year}"


def marks_in(year: int, numbers: Totals) -> dict[Key, int]:
    """The marks that were given in this year."""
    columns = [marks_column(what, year) for what in Marks._fields]
    of_figure = (key for key in numbers.numbers if key.figure == Figure.APPRECIATION)
    return {key: numbers.numbers[key] for key in of_figure if key.column in columns}


def what_later_years_show(year: int, numbers: Totals) -> dict[Key, int]:
    """What of the numbers of a closed year stands in the lines of later ones."""
    members = numbers.of(Figure.MEMBERS, ALL, "end")
    return {**marks_in(year, numbers), Key(Figure.MEMBERS, part("year", str(year)), "end"): members}
