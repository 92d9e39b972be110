"""What does the office keep of an organisation? Mail domains that may speak for it, and periods that fit together."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise

from eventapp.domain.addresses import is_free_mail, mail_domain
from eventapp.domain.errors import EndsBeforeStart, FreeMailDomain, NotAMailDomain, PeriodsOverlap
from eventapp.domain.organisation_kinds import OrganisationKind as OrganisationKind
from eventapp.domain.pricing import Period, Relation
from eventapp.domain.tokens import digest

PROVINCES = (
    "Drenthe",
    "Flevoland",
    "Fryslân",
    "Gelderland",
    "Groningen",
    "Limburg",
    "Noord-Brabant",
    "Noord-Holland",
    "Overijssel",
    "Utrecht",
    "Zeeland",
    "Zuid-Holland",
)
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last part has a letter, so that an IP address is no domain; nobody's mail lives at www.
_MAIL_DOMAIN = re.compile(rf"(?!www\.)({_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")


@dataclass(frozen=True)
class MembershipLine:
    """A period of membership; `id` is that of a period already kept, None for a new one."""

    period: Period
    id: int | None = None


@dataclass(frozen=True)
class OrganisationDetails:
    """Everything the office fills in. `domains` are as `read_domains` answers them."""

    name: str
    kind: OrganisationKind
    relation: Relation
    city: str = ""
    region: str = ""
    domains: tuple[str, ...] = ()
    periods: tuple[MembershipLine, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Differs as soon as a detail does, so that a page can tell what it was made of."""
        return digest(repr(self))


def changed_names(before: OrganisationDetails, after: OrganisationDetails) -> list[str]:
    """The names of the details that differ, in the order in which OrganisationDetails has them."""
    names = [item.name for item in fields(OrganisationDetails)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def read_domains(typed: Iterable[str]) -> tuple[str, ...]:
    """The mail domains as they are kept: normalised, each once, sorted. Refuses like `read_domain`."""
    return tuple(sorted({read_domain(text) for text in typed}))


def read_domain(typed: str) -> str:
    """One mail domain as it is compared: without @ and what stands before it, ASCII, lower case, no trailing dot.

    A sub-domain is a domain of its own. Refuses with NotAMailDomain and FreeMailDomain.
    """
    domain = mail_domain(typed)
    if len(domain) > 253 or not _MAIL_DOMAIN.fullmatch(domain) or not _says_the_same(typed, domain):
        raise NotAMailDomain(typed=typed.strip())
    if is_free_mail(domain):
        raise FreeMailDomain(domain=domain)
    return domain


def _says_the_same(typed: str, domain: str) -> bool:
    """False when becoming ASCII made another domain of it: ß turns into ss, and that one may be somebody else's."""
    written = unicodedata.normalize("NFKC", typed).rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return written.isascii() or domain.encode("ascii").decode("idna") == written
    except UnicodeError:
        return False


def check_periods(periods: Sequence[Period]) -> None:
    """Periods end on or after their first day and share no day.

    Refuses with EndsBeforeStart or PeriodsOverlap, which name the period by its place in the sequence.
    """
    for row, period in enumerate(periods):
        if period.last is not None and period.last < period.first:
            raise EndsBeforeStart(row=row)
    by_start = sorted(range(len(periods)), key=lambda row: periods[row].first)
    for row, following in pairwise(by_start):
        last = periods[row].last
        if last is None or periods[following].first <= last:
            raise PeriodsOverlap(row=max(row, following))


def membership_on(periods: Iterable[Period], day: date) -> Period | None:
    """The membership that counts on this day, else the next one to begin, else the one that ended last.

    Periods that follow each other without a day between them are one membership.
    """
    memberships = _joined(periods)
    lasting = (period for period in memberships if period.last is None or period.last >= day)
    return next(lasting, memberships[-1] if memberships else None)


def _joined(periods: Iterable[Period]) -> list[Period]:
    joined: list[Period] = []
    for period in sorted(periods, key=lambda period: period.first):
        last = joined[-1].last if joined else None
        if last is not None and period.first == last + timedelta(days=1):
            joined[-1] = Period(joined[-1].first, period.last)
        else:
            joined.append(period)
    return joined


def missing_for_recognition(details: OrganisationDetails, *, on: date) -> list[str]:
    """The names of the details without which nobody is recognised by their mail address; none for Relation.GEEN.

    A membership that is still to begin is enough: it counts for the gatherings of then.
    """
    if details.relation == Relation.GEEN:
        return []
    membership = membership_on((line.period for line in details.periods), on)
    running = membership is not None and (membership.last is None or membership.last >= on)
    return [name for name, there in (("periods", running), ("domains", bool(details.domains))) if not there]
