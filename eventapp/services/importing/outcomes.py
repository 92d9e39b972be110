"""What became of a row, in the words that the office reads, and what every list of rows must be able to do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from eventapp import wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError
from eventapp.domain.import_rows import Change, Fate, RowRefused
from eventapp.domain.times import local_date
from eventapp.services.importing.files import Columns, Line

Row = TypeVar("Row")
# Some tens of milliseconds on SQLite.
IN_FEW_STATEMENTS = 250


@dataclass(frozen=True)
class Asked:
    """With what a list is looked at: the moment, and what was chosen beside the file (the parameters of the job)."""

    now: datetime
    chosen: Mapping[str, Any]

    @property
    def today(self) -> date:
        """The Dutch date."""
        return local_date(self.now)


class Outcome(NamedTuple):
    """The fate of a row. `title` says whom it is about, `reason` why it is refused."""

    line: int
    fate: Fate
    title: str = ""
    changes: tuple[Change, ...] = ()
    reason: str = ""

    def as_line(self) -> dict[str, Any]:
        """As a line of a job, in words."""
        changes = [[one.field, wording.imported(one.old), wording.imported(one.new)] for one in self.changes]
        facts = {"title": self.title, "changes": changes, "reason": self.reason}
        return {"line": self.line, "outcome": self.fate.value, "facts": facts}


def refused(line: int, title: str, problem: RowRefused | DomainError) -> Outcome:
    """The row is not taken, for this reason."""
    return Outcome(line, Fate.REFUSED, title, reason=wording.row_problem(problem))


def read_rows(
    lines: Iterable[Line], parse: Callable[[Line], Row], title: Callable[[Line], str], again: Callable[[Row], None]
) -> list[Row | Outcome]:
    """Every line as a row, or refused by `parse`, or by `again` because an earlier line of the file says it already."""
    found: list[Row | Outcome] = []
    for line in lines:
        try:
            if line.problem:
                raise line.problem
            row = parse(line)
            again(row)
        except (RowRefused, DomainError) as problem:
            found.append(refused(line.number, title(line), problem))
        else:
            found.append(row)
    return found


class Listing(Protocol):
    """A list of one kind during one pass; each batch that writes takes a fresh one.

    `batch` rows are written in one transaction: on SQLite everybody else who writes waits for it.
    """

    columns: ClassVar[Columns]
    example: ClassVar[tuple[str, ...]]
    batch: ClassVar[int]

    def __init__(self, asked: Asked) -> None: ...

    @staticmethod
    def read(lines: Sequence[Line]) -> list[Any]:
        """Every line as a row or as a refused Outcome; needs no database."""
        ...

    def decide(self, rows: Sequence[Any]) -> list[Outcome]:
        """What becomes of these rows, after those decided before; reads what is known of all of them at once."""
        ...

    def fresh(self) -> "Listing":
        """One for another batch that writes: what the batch is about is read again."""
        ...

    def hold(self) -> bool:
        """Within a transaction: lock what is about to change. True when that was anything: then decide anew."""
        ...

    def write(self, job_id: int, *, by: Actor, now: datetime) -> None:
        """Within a transaction: keep what was decided. IntegrityError when somebody was first."""
        ...
