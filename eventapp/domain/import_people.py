"""What does a row of the office's list do to a person, known or not? An empty cell changes nothing."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from eventapp.domain.events import TargetGroup
from eventapp.domain.import_rows import Change, Fate, RowProblem, RowRefused
from eventapp.domain.names import name_key
from eventapp.domain.organisations import check_periods
from eventapp.domain.pricing import Category, Period, Relation

Name = tuple[str, str, str]


@dataclass(frozen=True)
class PersonRow:
    """A row that can be read. `organisation` is a name or a mail domain; `address` is as it is kept."""

    line: int
    name: Name
    address: str
    function_group: TargetGroup | None = None
    organisation: str = ""
    named_until: date | None = None
    status: Category | None = None
    region: str = ""
    first: date | None = None
    last: date | None = None

    @cached_property
    def key(self) -> tuple[str, str]:
        """The same name at the same address is the same person."""
        return self.address, name_key(*self.name)


class KnownStatus(NamedTuple):
    """A status; without an id it is not kept yet."""

    category: Category
    period: Period
    region: str
    id: int | None = None


class KnownNaming(NamedTuple):
    """By which organisation somebody is named; without an id it is not kept yet."""

    organisation_id: int
    period: Period
    id: int | None = None


@dataclass(frozen=True)
class KnownPerson:
    """What is known of somebody; without an id they are not kept yet."""

    name: Name
    id: int | None = None
    function_group: TargetGroup | None = None
    statuses: tuple[KnownStatus, ...] = ()
    namings: tuple[KnownNaming, ...] = ()


class NamedOrganisation(NamedTuple):
    """The organisation that a row names. `by_domain`: the mail domain of the address says so already."""

    id: int
    name: str
    relation: Relation
    by_domain: bool


class PersonDecision(NamedTuple):
    """What becomes of the row, and how the person is known after it."""

    fate: Fate
    changes: tuple[Change, ...]
    after: KnownPerson


def decide(
    row: PersonRow, known: KnownPerson | None, organisation: NamedOrganisation | None, *, today: date
) -> PersonDecision:
    """What the row does. Refuses with RowRefused, EndsBeforeStart or PeriodsOverlap.

    Somebody known by this name and address gets the spelling of the row. A status is known by its kind and first day.
    """
    before = known or KnownPerson(row.name)
    after = replace(before, name=row.name, function_group=row.function_group or before.function_group)
    changes = [_change("naam", _written(before.name), _written(after.name))]
    changes.append(_change("functiegroep", before.function_group, after.function_group))
    if row.status:
        after, more = _with_status(after, row, row.status)
        changes += more
    if organisation and not organisation.by_domain:
        after, more = _with_naming(after, row.named_until, organisation, today)
        changes += more
    made = tuple(change for change in changes if change is not None)
    if known is None:
        return PersonDecision(Fate.NEW, made, after)
    return PersonDecision(Fate.CHANGED if made else Fate.UNCHANGED, made, after)


def _change(field: str, old: str | date | None, new: str | date | None) -> Change | None:
    return Change(field, old, new) if old != new else None


def _written(name: Name) -> str:
    return " ".join(part for part in name if part)


def _with_status(person: KnownPerson, row: PersonRow, category: Category) -> tuple[KnownPerson, list[Change | None]]:
    if row.first is None:
        raise RowRefused(RowProblem.FIRST_DAY_MISSING, column="van")
    same = (one for one in person.statuses if (one.category, one.period.first) == (category, row.first))
    old = next(same, None)
    others = tuple(one for one in person.statuses if one is not old)
    last = row.last or (old.period.last if old else None)
    region = row.region or (old.region if old else "")
    period = Period(row.first, last)
    check_periods([*(one.period for one in others if one.category == category), period])
    status = KnownStatus(category, period, region, old.id if old else None)
    changes = [
        None if old else Change("status", None, category),
        _change("regio", old.region if old else "", region),
        None if old else Change("van", None, row.first),
        _change("tot", old.period.last if old else None, last),
    ]
    return replace(person, statuses=(*others, status)), changes


def _with_naming(
    person: KnownPerson, until: date | None, organisation: NamedOrganisation, today: date
) -> tuple[KnownPerson, list[Change | None]]:
    """Named from today until the last day; a naming that lasts gets the row's last day."""
    if organisation.relation == Relation.GEEN:
        raise RowRefused(RowProblem.ORGANISATION_NO_MEMBER, organisation=organisation.name)
    own = [one for one in person.namings if one.organisation_id == organisation.id]
    if any(one.period.last == until for one in own):
        return person, []
    lasting = next((one for one in own if one.period.last is None or one.period.last >= today), None)
    if until is None:
        if lasting:
            return person, []
        raise RowRefused(RowProblem.NAMED_UNTIL_MISSING, organisation=organisation.name)
    if until < today:
        raise RowRefused(RowProblem.NAMED_UNTIL_PAST)
    first = lasting.period.first if lasting else today
    naming = KnownNaming(organisation.id, Period(first, until), lasting.id if lasting else None)
    check_periods([*(one.period for one in own if one is not lasting), naming.period])
    others = tuple(one for one in person.namings if one is not lasting)
    changes = [
        None if lasting else Change("organisatie", None, organisation.name),
        Change("opgegeven tot", lasting.period.last if lasting else None, until),
    ]
    return replace(person, namings=(*others, naming)), changes
