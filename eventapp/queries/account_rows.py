"""What lies behind one number of the account: the meetings, organisations or people it counts, as known now."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.account import ALL, NONE, AccountYear, Figure, Key, Meeting, Visitor
from eventapp.domain.account_shares import shares_of_meeting, shares_of_organisation
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Person, Registration
from eventapp.queries.account import CAME_FROM, held_in, meetings, visitors, were_there


class Unit(StrEnum):
    """What a figure counts."""

    MEETING = "meeting"
    ORGANISATION = "organisation"
    PERSON = "person"


class Behind(NamedTuple):
    """Only one of the three has rows; each comes with what it adds to the number."""

    unit: Unit
    meetings: Sequence[tuple[Meeting, int]] = ()
    organisations: Sequence[tuple[Visitor, int]] = ()
    people: Sequence[sa.Row] = ()

    @property
    def total(self) -> int:
        """The number as it follows from the rows."""
        return sum(share for _, share in (*self.meetings, *self.organisations)) + len(self.people)


_OF_ORGANISATIONS = (Figure.REACH, Figure.ORGANISATIONS, Figure.OUTSIDERS, Figure.MEMBERS)


def unit_of(key: Key) -> Unit:
    """What is counted there."""
    if key.figure == Figure.PEOPLE or key.column == "unknown":
        return Unit.PERSON
    of_meetings = key.figure not in _OF_ORGANISATIONS or key.column == "open"
    return Unit.MEETING if of_meetings else Unit.ORGANISATION


def behind(key: Key, year: AccountYear, *, now: datetime) -> Behind:
    """The rows, meetings by day, organisations and people by name."""
    unit = unit_of(key)
    if unit == Unit.PERSON:
        return Behind(unit, people=_people(key, year, now=now))
    if unit == Unit.MEETING:
        shares = ((one, shares_of_meeting(one).get(key, 0)) for one in meetings(year, now=now))
        return Behind(unit, meetings=[found for found in shares if found[1]])
    added = ((one, shares_of_organisation(one, year).get(key, 0)) for one in visitors(year, now=now))
    by_name = sorted((found for found in added if found[1]), key=lambda found: found[0].name.casefold())
    return Behind(unit, organisations=by_name)


def _people(key: Key, year: AccountYear, *, now: datetime) -> Sequence[sa.Row]:
    """Everybody once, with how often they were there."""
    times = were_there(Registration.person_id, sa.func.count().label("times"))
    seen = times.where(held_in(year, now=now), *_which(key)).group_by(Registration.person_id).subquery()
    names = (Person.id, Person.given_name, Person.infix, Person.family_name, seen.c.times)
    found = sa.select(*names).join(seen, seen.c.person_id == Person.id)
    return db.session.execute(found.order_by(Person.sort_key, Person.id)).all()


def _which(key: Key) -> list[sa.ColumnElement[bool]]:
    if key.column == "unknown":
        return [Registration.category == Category.NIET_LID, CAME_FROM.is_(None)]
    dimension, _, code = key.row.partition(":")
    if dimension == ALL:
        return []
    column = Registration.category if dimension == "category" else Registration.function_group
    return [column.is_(None) if code == NONE else column == code]
