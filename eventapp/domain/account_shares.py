"""What does one meeting, or one organisation, add to which figures? A number is the sum of the things behind it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from eventapp.domain.account import (
    ALL,
    NONE,
    YEARS_SHOWN,
    AccountYear,
    Figure,
    Key,
    Meeting,
    Totals,
    Visitor,
    is_agenda_item,
    marks_column,
    part,
)
from eventapp.domain.evaluation import FEWEST
from eventapp.domain.organisations import joined
from eventapp.domain.pricing import MembershipPeriod, Relation

Shares = dict[Key, int]


def shares_of_meeting(meeting: Meeting) -> Shares:
    """What it adds to each number; zeros are left out."""
    found: Shares = {}
    if meeting.own:
        found |= _meetings(meeting) | _attendance(meeting) | _no_show(meeting)
        found |= _waiting(meeting) | _appreciation(meeting)
    if meeting.own and meeting.open_to_outsiders:
        found[Key(Figure.OUTSIDERS, ALL, "open")] = 1
    if is_agenda_item(meeting.kind, meeting.registration):
        found |= _visibility(meeting)
    return {key: number for key, number in found.items() if number}


def _meetings(meeting: Meeting) -> Shares:
    """One in each of its cells, and one in every total."""
    groups = [*(str(group) for group in sorted(meeting.groups)), *([] if meeting.groups else [NONE]), ALL]
    fields = [*(str(code) for code in sorted(meeting.fields)), *([] if meeting.fields else [NONE]), ALL]
    return {Key(Figure.MEETINGS, group, column): 1 for group in groups for column in fields}


def _attendance(meeting: Meeting) -> Shares:
    rows = [ALL, part("kind", meeting.kind), part("form", meeting.form)]
    rows += [part("group", group) for group in sorted(meeting.groups)]
    rows += [part("field", code) for code in sorted(meeting.fields)]
    numbers = {"meetings": 1, "registered": meeting.registered, "attended": meeting.attended}
    return _in_rows(Figure.ATTENDANCE, rows, numbers)


def _no_show(meeting: Meeting) -> Shares:
    numbers = {"no_show": meeting.no_show, "expected": meeting.attended + meeting.no_show}
    return _in_rows(Figure.NO_SHOW, [ALL, meeting.kind], numbers)


def _waiting(meeting: Meeting) -> Shares:
    numbers = {
        "meetings": 1 if meeting.waited else 0,
        "waited": meeting.waited,
        "placed": meeting.placed,
        "places": meeting.size or 0,
    }
    return _in_rows(Figure.WAITING, [ALL, meeting.kind], numbers)


def _appreciation(meeting: Meeting) -> Shares:
    if meeting.marks.answers < FEWEST:
        return {}
    numbers = {marks_column(what, meeting.day.year): number for what, number in meeting.marks._asdict().items()}
    return _in_rows(Figure.APPRECIATION, [ALL, meeting.kind], numbers)


def _visibility(meeting: Meeting) -> Shares:
    numbers = {
        "items": 1,
        "contributed": 1 if meeting.contribution else 0,
        "counted": 0 if meeting.heads is None else 1,
        "heads": meeting.heads or 0,
    }
    return _in_rows(Figure.VISIBILITY, [ALL, meeting.kind], numbers)


def _in_rows(figure: Figure, rows: Iterable[str], numbers: Mapping[str, int]) -> Shares:
    return {Key(figure, str(row), column): number for row in rows for column, number in numbers.items()}


def shares_of_organisation(one: Visitor, year: AccountYear) -> Shares:
    """What it adds to each number; zeros are left out."""
    found = _reach(one, year) | _organisations(one) | _outsiders(one, year) | _members(one, year)
    return {key: number for key, number in found.items() if number}


class Reached(StrEnum):
    """How a member stands; every member is one of these."""

    TOOK_PART = "took_part"
    EARLIER = "earlier"
    NEVER = "never"


def reached(one: Visitor) -> Reached:
    """Whether somebody was there this year, only in an earlier year, or never."""
    if one.days:
        return Reached.TOOK_PART
    return Reached.EARLIER if one.before else Reached.NEVER


def _memberships(one: Visitor) -> list[MembershipPeriod]:
    """As a member, periods that follow each other without a day between them as one."""
    return joined(period for period in one.periods if period.relation == Relation.LID)


def _is_member(one: Visitor, day: date) -> bool:
    return any(period.covers(day) for period in _memberships(one))


def _reach(one: Visitor, year: AccountYear) -> Shares:
    """Of every organisation that was a member on some day of the year."""
    of_year = [p for p in _memberships(one) if p.first <= year.on and (p.last is None or p.last >= year.first)]
    return _in_rows(Figure.REACH, [ALL, one.kind], {"members": 1, reached(one): 1}) if of_year else {}


def relation_on(periods: Iterable[MembershipPeriod], day: date) -> Relation:
    """What it was to the association on this very day."""
    return next((period.relation for period in periods if period.covers(day)), Relation.GEEN)


def _organisations(one: Visitor) -> Shares:
    """Once, however often somebody was there; under each relation that it had when somebody was."""
    if not one.days:
        return {}
    relations = sorted({relation_on(one.periods, day) for day in one.days})
    rows = [ALL, part("kind", one.kind), *(part("relation", relation) for relation in relations)]
    return _in_rows(Figure.ORGANISATIONS, rows, {"organisations": 1})


def _outsiders(one: Visitor, year: AccountYear) -> Shares:
    """Neither member nor partner on a day that somebody was there; a member since, if it became one after that."""
    days = [day for day in one.days if relation_on(one.periods, day) == Relation.GEEN]
    if not days:
        return {}
    became = any(min(days) < period.first <= year.today for period in _memberships(one))
    return _in_rows(Figure.OUTSIDERS, [ALL, one.kind], {"organisations": 1, "later_members": int(became)})


def _members(one: Visitor, year: AccountYear) -> Shares:
    """Start, joined, left and end agree: who stops on 31 December is gone on the first day of the next year."""
    periods = _memberships(one)
    numbers = {
        "start": int(_is_member(one, year.first - timedelta(days=1))),
        "joined": sum(year.first <= period.first <= year.on for period in periods),
        "left": sum(p.last is not None and year.first <= p.last + timedelta(days=1) <= year.on for p in periods),
        "end": int(_is_member(one, year.on)),
    }
    ends = {past: date(past, 12, 31) for past in range(year.year - YEARS_SHOWN + 1, year.year)} | {year.year: year.on}
    line = {Key(Figure.MEMBERS, part("year", str(y)), "end"): int(_is_member(one, on)) for y, on in ends.items()}
    return _in_rows(Figure.MEMBERS, [ALL, part("kind", one.kind)], numbers) | line


def totals(shares: Iterable[Shares]) -> Totals:
    """All of them added up."""
    numbers: Counter[Key] = Counter()
    for one in shares:
        numbers.update(one)
    return Totals(dict(numbers))
