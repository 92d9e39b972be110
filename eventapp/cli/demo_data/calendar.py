"""When is the demo's year? 2027, shifted by whole weeks until all of it lies ahead."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from eventapp.domain.times import from_local, local_date

YEAR = 2027
FIRST_EVENT = date(YEAR, 1, 14)
LEAD = timedelta(days=3)


@dataclass(frozen=True)
class DemoCalendar:
    """Turns days of 2027 into days and moments of the demo's own year; weekdays and clock times stay."""

    now: datetime

    @property
    def weeks(self) -> int:
        """How many weeks the year is moved: none while its first event is still some days away."""
        short = (local_date(self.now) + LEAD - FIRST_EVENT).days
        return max(0, -(-short // 7))

    @property
    def year(self) -> int:
        """The year that most of the events are in."""
        return self.day(4, 14).year

    def day(self, month: int, day: int) -> date:
        return date(YEAR, month, day) + timedelta(weeks=self.weeks)

    def moment(self, month: int, day: int, clock: str) -> datetime:
        """The moment (UTC) at which Dutch clocks show `clock` ("09.30") on that day."""
        return from_local(self.day(month, day), _clock(clock))

    def past(self, weeks_ago: int, weekday: int, clock: str) -> datetime:
        """A moment on that weekday (Monday is 0), at least so many weeks ago."""
        latest = local_date(self.now) - timedelta(weeks=weeks_ago)
        return from_local(latest - timedelta(days=(latest.weekday() - weekday) % 7), _clock(clock))


def _clock(text: str) -> time:
    hours, minutes = text.split(".")
    return time(int(hours), int(minutes))
