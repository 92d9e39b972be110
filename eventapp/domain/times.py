"""What is a day, and when is it over? Dates are Amsterdam dates; moments are aware and UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MIDNIGHT = time()


def local_date(moment: datetime) -> date:
    """The date on a Dutch wall calendar at this moment."""
    return moment.astimezone(AMSTERDAM).date()


def from_local(day: date, clock: time) -> datetime:
    """The moment (UTC) at which Dutch clocks show this; of an hour that occurs twice, the first."""
    return datetime.combine(day, clock, tzinfo=AMSTERDAM).astimezone(UTC)


def local_time_exists(naive: datetime) -> bool:
    """False for the hour that is skipped when the clocks go forward."""
    back = naive.replace(tzinfo=AMSTERDAM).astimezone(UTC).astimezone(AMSTERDAM)
    return back.replace(tzinfo=None) == naive


def plus_local_days(moment: datetime, days: int) -> datetime:
    """The same clock time so many Dutch days later, also across a clock change."""
    local = moment.astimezone(AMSTERDAM)
    return (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=AMSTERDAM).astimezone(UTC)
