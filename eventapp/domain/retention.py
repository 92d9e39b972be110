"""How long is which personal data kept? One table, and the moment before which something is too old."""

from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from eventapp.domain.times import AMSTERDAM, from_local, local_date


class Term(NamedTuple):
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


# Counted from: the end of the event (registrations, withdrawn, remarks, invitations, and with them whom somebody asked
# to come instead), the sending (mails), the arrival (mailbox), the end of validity (sessions, links), the last sign-in
# (identities), the booking (visitors), the act (audit), the look (looks), the answer (answers), the end of the work
# (job_files, jobs), the giving (certificates), the settling (proposals; of one never settled, the proposing), the
# writing (notes), the keeping (saved_views that look for words), the last mail (mailings: their text), the end of an
# account or the act (staff) and the transfer (bank_details; of what never came to one, the event as for registrations).
TERMS = MappingProxyType(
    {
        "registrations": Term(years=2),
        "withdrawn": Term(years=1),
        "invitations": Term(years=1),
        "remarks": Term(years=1),
        "proposals": Term(years=1),
        "mails": Term(years=1),
        "audit": Term(years=1),
        "looks": Term(years=1),
        "mailbox": Term(days=30),
        "sessions": Term(days=30),
        "links": Term(days=30),
        "identities": Term(years=1),
        "visitors": Term(days=30),
        "answers": Term(hours=24),
        "job_files": Term(days=30),
        "jobs": Term(years=1),
        "bank_details": Term(days=90),
        "certificates": Term(years=5),
        "notes": Term(years=2),
        "saved_views": Term(years=1),
        "mailings": Term(years=2),
        "staff": Term(years=2),
    }
)

# The tax law: to the end of the year, and seven years more.
INVOICE_YEARS = 7

# Diets, needs and the consent for them: special personal data, needed for the day itself.
CARE_DAYS = 14


def invoices_through(now: datetime) -> date:
    """The last day of issuing of which invoices need not be kept any more."""
    return date(local_date(now).year - INVOICE_YEARS - 1, 12, 31)


def erased_on(ends_at: datetime, days: int) -> date:
    """The Dutch day on which what may be kept for so many days after an event is erased."""
    return local_date(ends_at) + timedelta(days=days)


def due_before(now: datetime, days: int) -> datetime:
    """Of events that ended before this moment, `erased_on` is today or has been."""
    return from_local(local_date(now) - timedelta(days=days - 1), time.min)
