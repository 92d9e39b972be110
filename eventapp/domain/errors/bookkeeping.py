"""Which refusals do the books of the treasurer know?"""

from eventapp.domain.errors.base import DomainError


class PeriodClosed(DomainError):
    """Nothing is booked on a day of a closed month. Facts: `month`, in Dutch words."""

    code = "period_closed"


class PeriodNotOver(DomainError):
    """Only what is over is closed. Facts: `last`, its last day."""

    code = "period_not_over"


class AlreadyClosed(DomainError):
    """All of the period is closed already."""

    code = "already_closed"


class NotClosed(DomainError):
    """The month is open."""

    code = "not_closed"
