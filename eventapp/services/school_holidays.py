"""How does the office keep the school holidays: by hand, and a published year in one go?"""

from datetime import date, datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import EndsBeforeStart, NotFound
from eventapp.domain.school_holidays import PUBLISHED, Holiday, empty_years
from eventapp.extensions import db
from eventapp.models import SchoolHoliday
from eventapp.queries.circles import holidays
from eventapp.services.audit import note
from eventapp.transaction import transaction


def add(holiday: Holiday, *, by: Actor, now: datetime) -> None:
    """One more. Refuses with EndsBeforeStart."""
    if holiday.last < holiday.first:
        raise EndsBeforeStart()
    with transaction():
        db.session.add(_row(holiday))
        note("holiday_added", "settings", None, by=by, now=now, name=holiday.name, first=holiday.first.isoformat())


def remove(holiday_id: int, *, by: Actor, now: datetime) -> None:
    """Take one away; what is planned stays. Refuses with NotFound."""
    with transaction():
        row = db.session.get(SchoolHoliday, holiday_id)
        if row is None:
            raise NotFound()
        note("holiday_removed", "settings", None, by=by, now=now, name=row.name, first=row.first_on.isoformat())
        db.session.delete(row)


def take_over(year: int, *, by: Actor, now: datetime) -> int:
    """Every published holiday of the school year that begins then, with its source; answers how many were added.

    Twice is once. Refuses with NotFound for a year that is not shipped.
    """
    if year not in PUBLISHED:
        raise NotFound()
    with transaction():
        present = {(row.name, row.region, row.first_on) for row in db.session.scalars(sa.select(SchoolHoliday))}
        missing = [one for one in PUBLISHED[year] if (one.name, one.region, one.first) not in present]
        db.session.add_all([_row(one) for one in missing])
        if missing:
            note("holidays_taken_over", "settings", None, by=by, now=now, year=year, added=len(missing))
        return len(missing)


def years_to_take_over() -> list[int]:
    """The shipped school years of which nothing is kept yet, by the year in which they begin."""
    known = holidays()
    return [year for year in PUBLISHED if empty_years(date(year, 9, 1), date(year, 9, 1), known)]


def _row(holiday: Holiday) -> SchoolHoliday:
    return SchoolHoliday(
        name=holiday.name,
        region=holiday.region,
        first_on=holiday.first,
        last_on=holiday.last,
        source=holiday.source,
    )
