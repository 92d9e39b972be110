"""Closing a year freezes its figures: what is corrected, merged or erased afterwards changes none of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.account import AccountYear, Meeting, Totals
from eventapp.domain.actors import Actor
from eventapp.domain.errors import AlreadyClosed, ChangedMeanwhile, NotClosed
from eventapp.domain.events import EventState
from eventapp.domain.times import local_date
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import Event, YearClosing, YearTotal
from eventapp.queries.account import begun_in, meetings
from eventapp.queries.year_closings import closing_of, open_totals
from eventapp.services.audit import note
from eventapp.transaction import transaction


def check_over(year: AccountYear) -> None:
    """Refuses with PeriodNotOver while the year, or an event that began in it, goes on."""
    ends = db.session.scalars(sa.select(Event.ends_at).where(begun_in(year), Event.state == EventState.PUBLISHED))
    year.check_over(local_date(end) for end in ends)


def unfixed(year: AccountYear, *, now: datetime) -> list[Meeting]:
    """The meetings at which people were expected, and of which nobody said yet who was there."""
    return [one for one in meetings(year, now=now) if one.awaits_fixing]


def seen(waiting: list[Meeting]) -> str:
    """What `close` asks back: it differs as soon as other meetings wait to be fixed."""
    return digest(repr(sorted(one.id for one in waiting)))


def close(year: AccountYear, *, seen_then: str, by: Actor, now: datetime) -> None:
    """Keep the numbers as they are now, all of one moment.

    Refuses with PeriodNotOver, AlreadyClosed, and ChangedMeanwhile when other meetings wait to be fixed than were
    `seen` then.
    """
    try:
        with transaction() as session:
            if db.engine.dialect.name == "postgresql":
                session.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            check_over(year)
            if closing_of(year.year):
                raise AlreadyClosed()
            waiting = unfixed(year, now=now)
            if seen(waiting) != seen_then:
                raise ChangedMeanwhile()
            closing = YearClosing(year=year.year, unfixed=len(waiting), closed_at=now, closed_by=by.name)
            session.add(closing)
            session.flush()
            session.add_all(_kept(closing.id, open_totals(year, now=now)))
            facts = {"year": year.year, "unfixed": len(waiting)}
            note("year_closed", "year_closing", closing.id, by=by, now=now, **facts)
    except IntegrityError as twice:
        # Somebody else closed it in the same moment: one closing of a year holds at a time.
        if closing_of(year.year):
            raise AlreadyClosed() from twice
        raise


def _kept(closing_id: int, totals: Totals) -> list[YearTotal]:
    return [
        YearTotal(closing_id=closing_id, figure=key.figure, row=key.row, column=key.column, number=number)
        for key, number in totals.numbers.items()
    ]


def reopen(year: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Let the numbers follow again; what they were stays with the closing. Refuses with NotClosed."""
    with transaction() as session:
        opening = (
            sa.update(YearClosing)
            .where(YearClosing.year == year, YearClosing.reopened_at.is_(None))
            .values(reopened_at=now, reopened_by=by.name, reopened_reason=reason)
            .returning(YearClosing.id)
        )
        opened = session.scalar(opening.execution_options(synchronize_session=False))
        if opened is None:
            raise NotClosed()
        note("year_reopened", "year_closing", opened, by=by, now=now, year=year, reason=reason)
