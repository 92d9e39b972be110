"""What does the agenda show, and does one made earlier still say the truth? Columns only: it may hold hundreds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.events import EventForm, EventKind, EventState, RegistrationMode, Schedule, Window, window
from eventapp.domain.places import Places
from eventapp.domain.pricing import PriceLine
from eventapp.extensions import run
from eventapp.models import WHOLE_EVENT, Capacity, Event, EventPrice, EventTargetGroup, Organisation
from eventapp.models.types import UTCDateTime
from eventapp.queries.association import settings_seen
from eventapp.queries.events import AgendaFilter, listed
from eventapp.straight import ReadyStatement

MOST_LISTED = 500


class AgendaEvent(NamedTuple):
    """What a row of the agenda says about an event; `target_groups` are rows with a `code`."""

    id: int
    slug: str
    title: str
    kind: EventKind
    state: EventState
    registration: RegistrationMode
    form: EventForm
    venue: str
    city: str
    waiting_list: bool
    schedule: Schedule
    places: Places
    price_lines: Sequence[PriceLine]
    target_groups: Sequence[Any]
    partner_name: str

    @property
    def starts_at(self) -> datetime:
        return self.schedule.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.schedule.ends_at

    @property
    def opens_at(self) -> datetime | None:
        return self.schedule.opens_at

    def window(self, now: datetime) -> Window:
        """Whether one can register now, and if not, why not."""
        return window(self.state, self.registration, self.schedule, now=now)


_NOW: Any = sa.bindparam("now", type_=UTCDateTime())
_WHOLE = sa.and_(Capacity.event_id == Event.id, Capacity.kind == WHOLE_EVENT, Capacity.ref == "")


def agenda_seen(wanted: AgendaFilter, *, now: datetime, few: int) -> tuple[str, str]:
    """The agenda at a glance, and the settings of the association: equal for two moments at which it reads the same.

    Of the places it tells how many are left from `few` on. Whatever else a row says moves the version of its event, or
    follows from which of its times have passed.
    """
    seen: tuple[str, str] = _seen(wanted, few).first({"now": now})
    return seen


@lru_cache(maxsize=64)
def _seen(wanted: AgendaFilter, few: int) -> ReadyStatement:
    """The database puts the glances together: that costs a fraction of as many rows."""
    times = (Event.starts_at, Event.opens_at, Event.closes_at, Event.ends_at)
    passed = [sa.case((time <= _NOW, "1"), else_="0") for time in times]
    left = Capacity.size - Capacity.taken
    filling = sa.case((Capacity.waiting > 0, "-"), (left <= few, sa.cast(left, sa.String)), else_="")
    # Looked up per event, as a database without statistics yet may join by comparing each with each.
    places = sa.func.coalesce(sa.select(filling).where(_WHOLE).correlate(Event).scalar_subquery(), "")
    glance: Any = sa.cast(Event.id, sa.String)
    for part in (
        ".",
        sa.cast(Event.version, sa.String),
        ".",
        sa.cast(Event.updated_at, sa.String),
        ".",
        *passed,
        ".",
        places,
    ):
        glance = glance.concat(part)
    shown = listed(sa.select(glance.label("glance")), wanted, now=_NOW).limit(MOST_LISTED).subquery()
    between: Any = sa.literal_column("' '")
    glances = sa.func.aggregate_strings(shown.c.glance, between)
    whole = sa.func.coalesce(glances, "").label("glances")
    return ReadyStatement(sa.select(whole, settings_seen()))


def agenda(wanted: AgendaFilter, *, now: datetime) -> Sequence[AgendaEvent]:
    """Listed events that are not over yet (or from `since`), first one first."""
    columns = (
        Event.id,
        Event.slug,
        Event.title,
        Event.kind,
        Event.state,
        Event.registration,
        Event.form,
        Event.venue,
        Event.city,
        Event.waiting_list,
        Event.starts_at,
        Event.ends_at,
        Event.opens_at,
        Event.closes_at,
        Capacity.size,
        Capacity.taken,
        Capacity.waiting,
        Organisation.name.label("partner"),
    )
    found = listed(sa.select(*columns), wanted, now=now).outerjoin(Capacity, _WHOLE)
    found = found.outerjoin(Organisation, Organisation.id == Event.offered_by_id).limit(MOST_LISTED)
    rows = run(found).all()
    if not rows:
        return []
    prices, groups = _prices([row.id for row in rows]), _target_groups([row.id for row in rows])
    return [_event(row, prices[row.id], groups[row.id]) for row in rows]


def _event(row: Any, prices: Sequence[PriceLine], groups: Sequence[Any]) -> AgendaEvent:
    places = Places(row.size, row.taken or 0, row.waiting or 0)
    return AgendaEvent(*(*row[:10], Schedule(*row[10:14]), places, prices, groups, row.partner or ""))


def _prices(event_ids: Sequence[int]) -> dict[int, list[PriceLine]]:
    """What each event says about price and admission, in the order of the office."""
    columns = (EventPrice.category, EventPrice.admission, EventPrice.price_cents, EventPrice.kinds)
    found: dict[int, list[PriceLine]] = defaultdict(list)
    of_these = sa.select(EventPrice.event_id, *columns).where(EventPrice.event_id.in_(event_ids))
    for event_id, *said in run(of_these.order_by(EventPrice.id)):
        found[event_id].append(EventPrice.line_of(*said))
    return found


def _target_groups(event_ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    of_these = sa.select(EventTargetGroup.event_id, EventTargetGroup.code)
    for row in run(of_these.where(EventTargetGroup.event_id.in_(event_ids))):
        found[row.event_id].append(row)
    return found
