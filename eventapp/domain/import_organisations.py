"""What does a row of the office's list do to an organisation that we know, or do not know yet?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from eventapp.domain.errors import DomainTaken
from eventapp.domain.import_rows import Change, Fate, RowProblem, RowRefused
from eventapp.domain.look_alikes import look_alike
from eventapp.domain.names import fold
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.organisations import MembershipLine, Phase, check_periods, relation_near
from eventapp.domain.pricing import MembershipPeriod, Period, Relation


class OrganisationRow(NamedTuple):
    """A row that can be read; `domains` are as `read_domains` answers them."""

    line: int
    name: str
    kind: OrganisationKind | None = None
    phase: Phase | None = None
    relation: Relation | None = None
    city: str = ""
    region: str = ""
    domains: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class KnownOrganisation:
    """What is known of an organisation; a negative id is one that is not kept yet. Each period has its relation."""

    id: int
    name: str
    kind: OrganisationKind
    phase: Phase | None = None
    city: str = ""
    region: str = ""
    domains: frozenset[str] = frozenset()
    periods: tuple[MembershipLine, ...] = ()

    def relation_near(self, day: date) -> Relation:
        """What it is to the association: on this day, else next, else last; GEEN when it never was anything."""
        lines = ((line.period, line.relation or Relation.GEEN) for line in self.periods)
        return relation_near((MembershipPeriod(one.first, one.last, relation) for one, relation in lines), day)


class OrganisationDecision(NamedTuple):
    """What becomes of the row, and how the organisation is known before (None: not at all) and after it."""

    fate: Fate
    changes: tuple[Change, ...]
    before: KnownOrganisation | None
    after: KnownOrganisation


class OrganisationBook:
    """Every organisation by name and by mail domain, those that earlier rows add among them."""

    def __init__(self, known: Iterable[KnownOrganisation]) -> None:
        self._by_id: dict[int, KnownOrganisation] = {}
        self._by_name: dict[str, set[int]] = {}
        self._by_domain: dict[str, int] = {}
        for one in known:
            self.put(one)

    def put(self, one: KnownOrganisation) -> None:
        """From now on it is known like this."""
        if before := self._by_id.get(one.id):
            self._by_name[fold(before.name)].discard(one.id)
        self._by_id[one.id] = one
        self._by_name.setdefault(fold(one.name), set()).add(one.id)
        self._by_domain.update(dict.fromkeys(one.domains, one.id))

    def of_domain(self, domain: str) -> KnownOrganisation | None:
        """To which a mail domain belongs."""
        found = self._by_domain.get(domain)
        return None if found is None else self._by_id[found]

    def named(self, name: str) -> list[KnownOrganisation]:
        """Every organisation of this name, accents and case aside."""
        return [self._by_id[key] for key in sorted(self._by_name.get(fold(name), ()))]

    def resembled(self, domain: str, *, own: int) -> str | None:
        """Of which other organisation's domain this one is a look-alike."""
        return look_alike(domain, (known for known, key in self._by_domain.items() if key != own))

    def new_id(self) -> int:
        """For one that is not kept yet."""
        return min([0, *self._by_id]) - 1


def find(row: OrganisationRow, book: OrganisationBook) -> KnownOrganisation | None:
    """Which organisation the row is about: by its mail domains, else by its name.

    Refuses with DomainTaken when a domain is of another organisation than the name or an earlier domain says, and with
    RowRefused when the name alone does not decide.
    """
    owners = {one.id: (domain, one) for domain in row.domains if (one := book.of_domain(domain))}
    named = book.named(row.name)
    if not owners:
        if len(named) > 1:
            raise RowRefused(RowProblem.ORGANISATION_TWICE, name=row.name)
        return named[0] if named else None
    own = next((key for key in owners if any(one.id == key for one in named)), None)
    others = [owner for key, owner in owners.items() if key != own]
    if own is not None and not others:
        return owners[own][1]
    if named or len(owners) > 1:
        domain, one = others[0]
        raise DomainTaken(domain=domain, organisation=one.name)
    return others[0][1]


def decide(row: OrganisationRow, book: OrganisationBook, *, today: date) -> OrganisationDecision:
    """What the row does; the caller puts the outcome into the book.

    An empty cell changes nothing. Mail domains are added, never taken away; a period is known by its first day. Refuses
    like `find`, and with RowRefused, EndsBeforeStart or PeriodsOverlap.
    """
    before = find(row, book)
    base = before or _new(row, book)
    for domain in sorted(set(row.domains) - base.domains):
        if known := book.resembled(domain, own=base.id):
            raise RowRefused(RowProblem.LOOK_ALIKE, domain=domain, known=known)
    after = replace(
        base,
        name=row.name,
        kind=row.kind or base.kind,
        phase=row.phase or base.phase,
        city=row.city or base.city,
        region=row.region or base.region,
        domains=base.domains | frozenset(row.domains),
        periods=_periods(row, base, today),
    )
    changes = _changes(before, after)
    if before is None:
        return OrganisationDecision(Fate.NEW, changes, None, after)
    return OrganisationDecision(Fate.CHANGED if changes else Fate.UNCHANGED, changes, before, after)


def _new(row: OrganisationRow, book: OrganisationBook) -> KnownOrganisation:
    if row.kind is None:
        raise RowRefused(RowProblem.KIND_MISSING)
    return KnownOrganisation(book.new_id(), row.name, row.kind)


def _periods(row: OrganisationRow, base: KnownOrganisation, today: date) -> tuple[MembershipLine, ...]:
    """Those known, with the one of the row. A relation is that of a period: alone it can only confirm what is so."""
    if row.first is None:
        if row.last or (row.relation not in (None, Relation.GEEN) and not base.periods):
            raise RowRefused(RowProblem.FIRST_DAY_MISSING, column="lid vanaf")
        if row.relation not in (None, base.relation_near(today)):
            raise RowRefused(RowProblem.RELATION_DIFFERS, relation=base.relation_near(today))
        return base.periods
    old = next((line for line in base.periods if line.period.first == row.first), None)
    relation = row.relation or (old.relation if old else None)
    if relation in (None, Relation.GEEN):
        raise RowRefused(RowProblem.RELATION_MISSING)
    period = Period(row.first, row.last or (old.period.last if old else None))
    others = tuple(line for line in base.periods if line is not old)
    check_periods([*(line.period for line in others), period])
    return (*others, MembershipLine(period, old.id if old else None, relation))


def _changes(before: KnownOrganisation | None, after: KnownOrganisation) -> tuple[Change, ...]:
    columns = {"naam": "name", "soort": "kind", "fase": "phase", "plaats": "city", "provincie": "region"}
    found = [Change(column, getattr(before, name, None), getattr(after, name)) for column, name in columns.items()]
    found += [Change("maildomeinen", None, one) for one in sorted(after.domains - _domains(before))]
    known = {line.period.first: line for line in before.periods} if before else {}
    for line in after.periods:
        old = known.get(line.period.first)
        found.append(Change("relatie", old.relation if old else None, line.relation))
        found.append(Change("lid vanaf", old.period.first if old else None, line.period.first))
        found.append(Change("lid tot", old.period.last if old else None, line.period.last))
    return tuple(change for change in found if (change.old or None) != (change.new or None))


def _domains(known: KnownOrganisation | None) -> frozenset[str]:
    return known.domains if known else frozenset()
