"""A closed month takes no bookings any more; the treasurer closes it, and only a beheerder opens it again."""

from datetime import date, datetime

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.actors import Actor
from eventapp.domain.closed_periods import BookPeriod, month_of
from eventapp.domain.errors import AlreadyClosed, NotClosed, PeriodClosed
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import ClosedMonth
from eventapp.queries.closed_periods import closed_months
from eventapp.services.audit import note
from eventapp.transaction import transaction


def refuse_when_closed(day: date) -> None:
    """Within the transaction that books something on this day. Refuses with PeriodClosed.

    Nobody closes the month before that transaction ends.
    """
    hold_closed_months()
    month = month_of(day)
    if month in closed_months(month, month):
        raise PeriodClosed(month=formatting.month_year(month))


def hold_closed_months() -> None:
    """Within a transaction: what is closed and what is not stays so until it ends. SQLite's writers stand in line."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE closed_months IN SHARE MODE"))


def close(period: BookPeriod, *, by: Actor, now: datetime) -> list[date]:
    """Close what is open of it; answers those months. Waits for bookings that are under way.

    Refuses with PeriodNotOver, or AlreadyClosed when nothing of it is open.
    """
    period.check_over(local_date(now))
    with transaction() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(sa.text("LOCK TABLE closed_months IN SHARE ROW EXCLUSIVE MODE"))
        closed = closed_months(period.first, period.last)
        open_months = [month for month in period.months if month not in closed]
        if not open_months:
            raise AlreadyClosed()
        for month in open_months:
            row = ClosedMonth(month=month, closed_at=now, closed_by=by.name)
            session.add(row)
            session.flush()
            note("month_closed", "closed_month", row.id, by=by, now=now, month=f"{month:%Y-%m}")
        return open_months


def reopen(month: date, *, reason: str, by: Actor, now: datetime) -> None:
    """Open one month again. Refuses with NotClosed."""
    with transaction() as session:
        opening = (
            sa.update(ClosedMonth)
            .where(ClosedMonth.month == month, ClosedMonth.reopened_at.is_(None))
            .values(reopened_at=now, reopened_by=by.name, reopened_reason=reason)
            .returning(ClosedMonth.id)
        )
        opened = session.scalar(opening.execution_options(synchronize_session=False))
        if opened is None:
            raise NotClosed()
        note("month_reopened", "closed_month", opened, by=by, now=now, month=f"{month:%Y-%m}", reason=reason)
