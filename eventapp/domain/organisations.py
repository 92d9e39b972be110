"""What does the office keep of an organisation? Mail domains that may speak for it, and periods that fit together."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from eventapp.domain.addresses import is_free_mail, mail_domain
from eventapp.domain.errors import EndsBeforeStart, FreeMailDomain, NotAMailDomain, NotATenantId, PeriodsOverlap
from eventapp.domain.organisation_kinds import OrganisationKind as OrganisationKind
from eventapp.domain.pricing import MembershipPeriod, Period, Relation
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
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Nobody's, and the one in which Microsoft keeps every private account.
_EVERYBODYS_TENANTS = {"00000000-0000-0000-0000-000000000000", "9188040d-6c67-4c5b-b112-36a304b66dad"}


class Phase(StrEnum):
    """How far education and childcare of the organisation are on their way to one whole."""

    AFSTEMMING = "afstemming"
    SAMENWERKING = "samenwerking"
    OP_WEG = "op-weg-naar-integratie"
    GEINTEGREERD = "geintegreerd"


@dataclass(frozen=True)
class MembershipLine:
    """A period of membership; `id` is that of a period already kept, None for a new one.

    `relation` is what the organisation is to the association in that period; None is that of the details it is in.
    """

    period: Period
    id: int | None = None
    relation: Relation | None = None


@dataclass(frozen=True)
class OrganisationDetails:
    """Everything the office fills in, invoicing aside. `domains` are as `read_domains` answers them, `tenants` as
    `read_tenants` does.

    `relation` is that of the last period, and of every period that names none; without periods it is Relation.GEEN.
    """

    name: str
    kind: OrganisationKind
    relation: Relation = Relation.GEEN
    city: str = ""
    region: str = ""
    domains: tuple[str, ...] = ()
    periods: tuple[MembershipLine, ...] = ()
    phase: Phase | None = None
    tenants: tuple[str, ...] = ()

    @property
    def memberships(self) -> tuple[MembershipPeriod, ...]:
        """The periods with their relations, in the order of `periods`."""
        return tuple(
            MembershipPeriod(line.period.first, line.period.last, line.relation or self.relation)
            for line in self.periods
        )

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


def read_tenants(typed: Iterable[str]) -> tuple[str, ...]:
    """The tenant ids as they are compared: lower case, each once, sorted. Refuses with NotATenantId."""
    return tuple(sorted({read_tenant(text) for text in typed}))


def read_tenant(typed: str) -> str:
    """One Microsoft tenant id in lower case. Refuses with NotATenantId, also for the ids that stand for everybody."""
    tenant = typed.strip().lower()
    if not _TENANT.fullmatch(tenant) or tenant in _EVERYBODYS_TENANTS:
        raise NotATenantId(typed=typed.strip())
    return tenant


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


def membership_on(periods: Iterable[MembershipPeriod], day: date) -> MembershipPeriod | None:
    """The membership that counts on this day, else the next one to begin, else the one that ended last.

    Periods of one relation that follow each other without a day between them are one membership; a period with
    Relation.GEEN is none.
    """
    memberships = joined(period for period in periods if period.relation != Relation.GEEN)
    lasting = (period for period in memberships if period.last is None or period.last >= day)
    return next(lasting, memberships[-1] if memberships else None)


def relation_near(periods: Iterable[MembershipPeriod], day: date) -> Relation:
    """The relation of the membership that `membership_on` finds; GEEN without any."""
    found = membership_on(periods, day)
    return found.relation if found else Relation.GEEN


def joined(periods: Iterable[MembershipPeriod]) -> list[MembershipPeriod]:
    """The periods by day; those that go on without a day between them, with one relation, as one."""
    found: list[MembershipPeriod] = []
    for period in sorted(periods, key=lambda period: period.first):
        before = found[-1] if found else None
        if before and before.last and follows(before, period):
            found[-1] = MembershipPeriod(before.first, period.last, period.relation)
        else:
            found.append(period)
    return found


def follows(before: MembershipPeriod, period: MembershipPeriod) -> bool:
    """Whether the second goes on where the first ended, with the same relation."""
    adjoins = before.last is not None and period.first == before.last + timedelta(days=1)
    return adjoins and before.relation == period.relation


def missing_for_recognition(details: OrganisationDetails, *, on: date) -> list[str]:
    """The names of the details without which nobody is recognised by their mail address; none for a non-member.

    A membership that is still to begin is enough: it counts for the gatherings of then.
    """
    membership = membership_on(details.memberships, on)
    if membership is None:
        return []
    running = membership.last is None or membership.last >= on
    recognised = bool(details.domains or details.tenants)
    return [name for name, there in (("periods", running), ("domains", recognised)) if not there]
