"""Which years are closed, with which numbers, and what do the numbers of a year say?"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.account import YEARS_SHOWN, AccountYear, Key, Totals, marks_in, what_later_years_show
from eventapp.domain.account_shares import shares_of_meeting, totals
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Event, YearClosing, YearTotal
from eventapp.queries.account import held_ids, live_totals, meetings
from eventapp.queries.appreciation import marks_of


def closing_of(year: int) -> YearClosing | None:
    """The closing that holds for this year, if it is closed."""
    closed = sa.select(YearClosing).where(YearClosing.year == year, YearClosing.reopened_at.is_(None))
    return db.session.scalar(closed)


def history() -> Sequence[YearClosing]:
    """Every closing, those that were taken back too, the latest first."""
    return db.session.scalars(sa.select(YearClosing).order_by(YearClosing.id.desc())).all()


def known_years(*, now: datetime) -> list[int]:
    """The years of which there is something to show, the latest first; this year always is."""
    first = db.session.scalar(sa.select(sa.func.min(Event.starts_at, type_=Event.starts_at.type)))
    this = local_date(now).year
    return list(range(this, min(this, local_date(first).year if first else this) - 1, -1))


def totals_of(year: AccountYear, *, now: datetime) -> Totals:
    """The numbers of a year: as they were when it was closed, else as they are now."""
    closing = closing_of(year.year)
    return _kept(closing) if closing else open_totals(year, now=now)


def open_totals(year: AccountYear, *, now: datetime) -> Totals:
    """The numbers as they are now; in the lines over the years, closed years stay what they were."""
    numbers = dict(live_totals(year, now=now).numbers)
    for past in range(year.year - YEARS_SHOWN + 1, year.year):
        numbers |= _of_earlier(AccountYear(past, year.today), now=now)
    return Totals({key: number for key, number in numbers.items() if number})


def _of_earlier(past: AccountYear, *, now: datetime) -> dict[Key, int]:
    closing = closing_of(past.year)
    if closing:
        return what_later_years_show(past.year, _kept(closing))
    if not marks_of(held_ids(past, now=now), now=now):
        return {}
    return marks_in(past.year, totals(shares_of_meeting(one) for one in meetings(past, now=now)))


def _kept(closing: YearClosing) -> Totals:
    rows = sa.select(YearTotal.figure, YearTotal.row, YearTotal.column, YearTotal.number)
    found = db.session.execute(rows.where(YearTotal.closing_id == closing.id))
    return Totals({Key(figure, row, column): number for figure, row, column, number in found})
