"""What does a row of the office's list, or an entry of a calendar, do to an event, known or not?

An empty cell changes nothing, and only a draft is changed: of anything else people may have to hear.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple

from eventapp.domain.event_details import EventDetails, changed_names, slug_for
from eventapp.domain.event_kinds import default_lines, template_of
from eventapp.domain.events import EventKind, EventState
from eventapp.domain.import_rows import Fate, RowProblem, RowRefused
from eventapp.domain.names import fold
from eventapp.domain.pricing import Admission, PriceLine
from eventapp.domain.times import AMSTERDAM, from_local, local_date, local_time_exists

# Begins the signs that we make ourselves, of a row that brings none.
_OWN = "rij:"


@dataclass(frozen=True)
class EventRow:
    """A row that can be read. `said` has what it says of the other details, by their names.

    Days are Dutch ones; without a last day it ends on the first. `external_id` is the sign of another system.
    """

    line: int
    title: str
    day: date
    begins: time | None = None
    last_day: date | None = None
    ends: time | None = None
    external_id: str = ""
    slug: str = ""
    kind: EventKind | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    prices: tuple[PriceLine, ...] = ()

    @property
    def sign(self) -> str:
        """By what it is found again: the sign of the other system, else its title and day."""
        return self.external_id or f"{_OWN}{slug_for(self.title)}@{self.day.isoformat()}"


class KnownEvent(NamedTuple):
    """What is known of an event."""

    id: int
    state: EventState
    version: int
    calendar_uid: str
    external_id: str | None
    details: EventDetails

    @property
    def _title_and_day(self) -> tuple[str, date]:
        return fold(self.details.title), local_date(self.details.starts_at)

    @property
    def has_sign_of_another(self) -> bool:
        """Whether another system, or the office, gave it the sign it goes by."""
        return self.external_id is not None and not self.external_id.startswith(_OWN)

    def sign_after(self, row: EventRow) -> str | None:
        """By what it is found again after this row. A row that brings no sign takes nobody else's away."""
        kept = self.has_sign_of_another and not row.external_id
        return self.external_id if kept or row.sign == self.calendar_uid else row.sign

    def is_meant_by(self, row: EventRow) -> bool:
        """Whether a row without any sign we know means this one: an event nobody gave a sign, of that title and day."""
        return not self.has_sign_of_another and self._title_and_day == (fold(row.title), row.day)


def find(row: EventRow, known: list[KnownEvent]) -> KnownEvent | None:
    """Which event the row is about: by its sign (one of our own calendar among them), its address, or title and day."""
    by_sign = (one for one in known if row.sign in (one.external_id, one.calendar_uid))
    by_slug = (one for one in known if row.slug and row.slug == one.details.slug)
    by_title = (one for one in known if one.is_meant_by(row))
    return next(by_sign, None) or next(by_slug, None) or next(by_title, None)


class EventDecision(NamedTuple):
    """What becomes of the row: what the event says afterwards, and the names of the details that are told of."""

    fate: Fate
    changed: tuple[str, ...]
    after: EventDetails


def decide(row: EventRow, known: KnownEvent | None, *, kind: EventKind | None) -> EventDecision:
    """What the row does; `kind` is that of a new event whose row names none. Refuses with RowRefused."""
    base = known.details if known else _of_kind(row, row.kind or kind)
    after = replace(
        base,
        **row.said,
        title=row.title,
        slug=row.slug or base.slug,
        kind=row.kind or base.kind,
        starts_at=_moment(row.day, row.begins or _clock(base.starts_at)),
        ends_at=_moment(row.last_day or _last_day(row, base), row.ends or _clock(base.ends_at)),
        prices=_merged(base.prices, row.prices),
    )
    if after.ends_at <= after.starts_at:
        raise RowRefused(RowProblem.END_NOT_AFTER)
    if known is None:
        return EventDecision(Fate.NEW, tuple(_named(row)), after)
    changed = tuple(changed_names(base, after))
    if changed and known.state != EventState.DRAFT:
        raise RowRefused(RowProblem.NOT_A_DRAFT)
    return EventDecision(Fate.CHANGED if changed else Fate.UNCHANGED, changed, after)


def _named(row: EventRow) -> list[str]:
    """Of what a new event is told: its kind, when it is, and what the row says."""
    said = {"kind", "starts_at", "ends_at", *row.said, *(["prices"] if row.prices else [])}
    return [item.name for item in fields(EventDetails) if item.name in said]


def _of_kind(row: EventRow, kind: EventKind | None) -> EventDetails:
    """What an event of this kind begins with."""
    if kind is None:
        raise RowRefused(RowProblem.EVENT_KIND_MISSING)
    usual = template_of(kind).details(kind, "", row.day)
    begins = _moment(row.day, row.begins or _clock(usual.starts_at))
    narrowed = (line for line in usual.prices if line.kinds)
    general = (line for line in default_lines(kind) if line.admission != Admission.NIET)
    return replace(
        usual,
        starts_at=begins,
        # One that begins at another time lasts as long.
        ends_at=begins + (usual.ends_at - usual.starts_at),
        prices=frozenset([*general, *narrowed]),
    )


def _last_day(row: EventRow, base: EventDetails) -> date:
    """An event that lasts for days keeps on doing so, when the row says nothing of its end."""
    if row.ends is not None:
        return row.day
    return row.day + (local_date(base.ends_at) - local_date(base.starts_at))


def _moment(day: date, clock: time) -> datetime:
    if not local_time_exists(datetime.combine(day, clock)):
        raise RowRefused(RowProblem.NO_SUCH_TIME, day=f"{day:%d-%m-%Y}", clock=f"{clock:%H.%M}")
    return from_local(day, clock)


def _clock(moment: datetime) -> time:
    return moment.astimezone(AMSTERDAM).time()


def _merged(lines: frozenset[PriceLine], said: tuple[PriceLine, ...]) -> frozenset[PriceLine]:
    """What the row says to a whole category stands in the place of what was said; narrowed lines stay."""
    named = {line.category for line in said}
    kept = (line for line in lines if line.kinds or line.category not in named)
    return frozenset([*kept, *(line for line in said if line.admission != Admission.NIET)])
