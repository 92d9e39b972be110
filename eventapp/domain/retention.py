"""How long is which personal data kept? One table, and the moment before which something is too old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from eventapp.domain.times import AMSTERDAM


@dataclass(frozen=True)
class Term:
    """A length of time on Dutch calendars and clocks."""

    years: int = 0
    days: int = 0
    hours: int = 0

    def before(self, now: datetime) -> datetime:
        """The moment this long ago: what ended before it is kept no longer. 29 February gives 28 February."""
        local = now.astimezone(AMSTERDAM)
        year = local.year - self.years
        try:
            then = local.replace(year=year)
        except ValueError:
            then = local.replace(year=year, day=28)
        return then - timedelta(days=self.days, hours=self.hours)


# Counted from: the end of the event (registrations, withdrawn), the sending (mails), the arrival (mailbox), the end of
# validity (sessions, links), the booking (visitors), the act (audit) and the answer (answers).
TERMS = MappingProxyType(
    {
        "registrations": Term(years=2),
        "withdrawn": Term(years=1),
        "mails": Term(years=1),
        "audit": Term(years=1),
        "mailbox": Term(days=30),
        "sessions": Term(days=30),
        "links": Term(days=30),
        "visitors": Term(days=30),
        "answers": Term(hours=24),
    }
)
