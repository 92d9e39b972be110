"""Which statuses may somebody have of their own, and how does a period of one end?"""

from datetime import date

from eventapp.domain.errors import EndsBeforeStart, PeriodIsOver
from eventapp.domain.pricing import Category, Period

STATUSES = (Category.AMBASSADEUR, Category.BESTUUR, Category.SERVICEBUREAU)


def ended(period: Period, last: date, *, today: date) -> Period:
    """The period with this last day. Refuses with PeriodIsOver (it ended before today) or EndsBeforeStart."""
    if period.last is not None and period.last < today:
        raise PeriodIsOver()
    if last < period.first:
        raise EndsBeforeStart(row=0)
    return Period(period.first, last)
