"""When is an entry of a calendar, and on which days does one that repeats fall?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from eventapp.domain.import_rows import RowProblem, RowRefused
from eventapp.domain.series import MOST
from eventapp.domain.times import AMSTERDAM

if TYPE_CHECKING:
    from icalendar import Event

# How many days at least a step of a rule is, which is also about how many it looks at.
_RATES = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
# With these a rule gives any number of moments a day.
_NOT_FOLLOWED = {"BYHOUR", "BYMINUTE", "BYSECOND"}
# Outlook writes "the second Tuesday" as the second of all Tuesdays of a month.
_LAST_PLACE = 5
# How far a rule is followed, and how many days before today it may have had.
_HORIZON = timedelta(days=20 * 366)
_MOST_STEPS = 5000


@dataclass
class Patience:
    """How many days may still be looked at to follow all the rules of one file: some seconds of work."""

    left: int = 3_000_000


class _HorizonPassed(Exception):
    """A rule went on after the last day on which it may fall."""


class _Interval(int):
    """The interval of a rule, that notices each step dateutil makes with it.

    A rule that gives no day is followed by dateutil until the year 9999, or for good: it looks at the last day only
    when there is one to give.
    """

    days: int
    patience: Patience
    taken = 0

    @classmethod
    def of(cls, number: int, days: int, patience: Patience) -> "_Interval":
        """Every `number` steps of at least so many days."""
        interval = cls(number)
        interval.days, interval.patience = days, patience
        return interval

    def __radd__(self, place: int) -> int:
        self._step()
        return place + int(self)

    def __mul__(self, weekdays: int) -> int:
        self._step()
        return int(self) * weekdays

    def _step(self) -> None:
        self.taken += 1
        self.patience.left -= self.days
        if self.patience.left < 0:
            raise RowRefused(RowProblem.REPEATS_UNREADABLE)
        if self.taken * int(self) * self.days > _HORIZON.days + 366:
            raise _HorizonPassed


class Moment(NamedTuple):
    """From when to when; `end` None is not said. Of whole days `start` is midnight, `end` that of the day after."""

    start: datetime
    end: datetime | None
    whole_days: bool = False

    @property
    def over_at(self) -> datetime:
        """After this it is past."""
        return self.end or self.start

    @property
    def last_day(self) -> date:
        """Of whole days."""
        return max(self.start.date(), (self.end or self.start).date() - timedelta(days=1))

    @classmethod
    def of(cls, entry: "Event") -> "Moment":
        """That of an entry. Refuses with RowRefused when it cannot be read."""
        moment = as_local(entry.get("DTSTART"))
        end = as_local(entry["DTEND"]).start if "DTEND" in entry else None
        if end is None and "DURATION" in entry:
            end = moment.start + _length(entry["DURATION"])
        if end is None and moment.whole_days:
            end = moment.start + timedelta(days=1)
        return cls(moment.start, end, moment.whole_days)


def as_local(prop: Any) -> Moment:
    """The moment of a property, in its own zone; one without a zone is Dutch.

    Refuses with RowRefused: no moment, or a zone that nobody knows.
    """
    try:
        found = prop.dt
    except (AttributeError, ValueError):
        raise RowRefused(RowProblem.ENTRY_BROKEN) from None
    if isinstance(found, datetime):
        zone = prop.params.get("TZID")
        if found.tzinfo is None and zone:
            raise RowRefused(RowProblem.ZONE_UNKNOWN, zone=str(zone)[:60])
        return Moment(found if found.tzinfo else found.replace(tzinfo=AMSTERDAM), None)
    if isinstance(found, date):
        return Moment(datetime.combine(found, time(), tzinfo=AMSTERDAM), None, whole_days=True)
    raise RowRefused(RowProblem.ENTRY_BROKEN)


def _length(prop: Any) -> timedelta:
    try:
        length = prop.dt
    except (AttributeError, ValueError):
        raise RowRefused(RowProblem.ENTRY_BROKEN) from None
    if not isinstance(length, timedelta):
        raise RowRefused(RowProblem.ENTRY_BROKEN)
    return length


def days_of(entry: "Event", patience: Patience) -> list[Moment]:
    """Each time that an entry which repeats takes place, on the clock of its own zone.

    Refuses with RowRefused: broken, no last day, more often than once a day, or a rule that cannot be followed.
    """
    first = Moment.of(entry)
    zone, begins = first.start.tzinfo, first.start.replace(tzinfo=None)
    left_out = set(_dates(entry, "EXDATE", begins, zone))
    starts = {*_by_rule(entry, begins, patience), *_dates(entry, "RDATE", begins, zone), begins}
    kept = sorted(one for one in starts if one not in left_out)
    length = first.end.replace(tzinfo=None) - begins if first.end else None
    return [
        Moment(
            one.replace(tzinfo=zone),
            (one + length).replace(tzinfo=zone) if length is not None else None,
            first.whole_days,
        )
        for one in kept
    ]


def _by_rule(entry: "Event", begins: datetime, patience: Patience) -> Iterable[datetime]:
    """What the rule of an entry gives, on its own clock."""
    from dateutil.rrule import rrulestr
    from icalendar import vRecur

    rule = entry.get("RRULE")
    if rule is None:
        return []
    if not isinstance(rule, (vRecur, list)):
        raise RowRefused(RowProblem.REPEATS_UNREADABLE)
    if isinstance(rule, list) or (rate := str(rule.get("FREQ", [""])[0]).upper()) not in _RATES:
        raise RowRefused(RowProblem.REPEATS_TOO_OFTEN, most=MOST)
    every = rule.get("INTERVAL", [1])[0]
    places = rule.get("BYSETPOS", [])
    picked = len(places) <= 1 and all(abs(place) <= _LAST_PLACE for place in places)
    if every < 1 or not picked or _NOT_FOLLOWED & {name.upper() for name in rule}:
        raise RowRefused(RowProblem.REPEATS_UNREADABLE)
    count, until = rule.get("COUNT", [None])[0], rule.get("UNTIL", [None])[0]
    if count is None and until is None:
        raise RowRefused(RowProblem.REPEATS_WITHOUT_END)
    bare: Any = vRecur({name: value for name, value in rule.items() if name.upper() not in ("COUNT", "UNTIL")})
    try:
        plain = rrulestr(bare.to_ical().decode(), dtstart=begins)
        interval = _Interval.of(every, _RATES[rate], patience)
        days = plain.replace(interval=interval, until=min(_until(until, entry), begins + _HORIZON))
        return list(_until_horizon(islice(days, min(count or _MOST_STEPS, _MOST_STEPS))))
    except (ValueError, TypeError, OverflowError) as error:
        raise RowRefused(RowProblem.ENTRY_BROKEN) from error


def _until_horizon(days: Iterator[datetime]) -> Iterator[datetime]:
    try:
        yield from days
    except _HorizonPassed:
        return


def _until(until: Any, entry: "Event") -> datetime:
    if isinstance(until, datetime):
        zone = as_local(entry["DTSTART"]).start.tzinfo
        return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until
    return datetime.combine(until, time.max) if isinstance(until, date) else datetime.max


def _dates(entry: "Event", name: str, begins: datetime, zone: Any) -> Iterator[datetime]:
    """The moments that stand there one by one, on the clock of the entry; a bare day is at its own time."""
    found = entry.get(name, [])
    for several in found if isinstance(found, list) else [found]:
        for one in getattr(several, "dts", []):
            moment = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            if isinstance(moment, datetime):
                yield moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
            else:
                yield datetime.combine(moment, begins.time())
