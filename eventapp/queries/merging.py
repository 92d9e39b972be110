"""What hangs on a person or an organisation, in whatever table, and where did one go that was merged?"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.errors import MergeWithItself, NotFound
from eventapp.domain.registrations import LIVE
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import (
    Event,
    ListLook,
    Organisation,
    OrganisationForward,
    OrganisationInvoicing,
    Person,
    PersonForward,
    Registration,
)

INVOICING = "invoicing"
_NAME = ("given_name", "infix", "family_name")
_OF_THE_ROW_ITSELF = {"id", "sort_key", "created_at", "erased_at"}


class Kind(NamedTuple):
    """People or organisations: their table, that of the ids that went up in others, and how the log calls them."""

    subject: str
    model: type[Any]
    forward: type[Any]
    forward_key: str


PERSON = Kind("person", Person, PersonForward, "person_id")
ORGANISATION = Kind("organisation", Organisation, OrganisationForward, "organisation_id")


class Plan(NamedTuple):
    """What merging would do: rows that go over by table, and the fields of which somebody says which value stays.

    `kept` and `gone` are the values of all fields by name; a field that one of the two leaves empty is filled from the
    other. `fingerprint` differs as soon as any of this does.
    """

    moving: Mapping[str, int]
    kept: Mapping[str, Any]
    gone: Mapping[str, Any]

    @property
    def differing(self) -> tuple[str, ...]:
        return tuple(name for name in self.kept if self._filled(name) and self.kept[name] != self.gone[name])

    @property
    def fingerprint(self) -> str:
        return digest(repr((dict(self.kept), dict(self.gone), sorted(self.moving.items()))))

    def from_gone(self, name: str, *, take: bool) -> bool:
        """Whether the value of the one that goes stays: chosen, or the only one there is."""
        return take if name in self.differing else bool(self.gone[name] and not self.kept[name])

    def _filled(self, name: str) -> bool:
        return bool(self.kept[name] and self.gone[name])


def plan(kind: Kind, kept_id: int, gone_id: int) -> Plan:
    """What merging would do now. Refuses with NotFound (nobody, or erased) and MergeWithItself."""
    if kept_id == gone_id:
        raise MergeWithItself()
    kept, gone = (values(one_of(kind, key)) for key in (kept_id, gone_id))
    moving = amounts(kind, gone_id)
    # Looking at it is nothing that whoever decides has to see first.
    moving.pop(ListLook.__tablename__, None)
    return Plan(moving, kept, gone)


def one_of(kind: Kind, row_id: int) -> Any:
    """The person or organisation. Refuses with NotFound, also for somebody who was erased."""
    row = db.session.get(kind.model, row_id)
    if row is None or getattr(row, "erased_at", None):
        raise NotFound()
    return row


def values(row: Any) -> dict[str, Any]:
    """What there is to choose, by field: the parts of a name are one, and so are the details for invoices."""
    found: dict[str, Any] = {}
    if isinstance(row, Person):
        found["name"] = formatting.full_name(row.given_name, row.infix, row.family_name)
    own = (column.name for column in row.__table__.columns if column.name not in {*_OF_THE_ROW_ITSELF, *_NAME})
    found |= {name: getattr(row, name) for name in own}
    if isinstance(row, Organisation):
        found[INVOICING] = _invoicing_words(row.invoicing)
    return found


def columns_of(kind: Kind, field: str) -> tuple[str, ...]:
    """The columns that a field of `values` is made of."""
    return _NAME if kind is PERSON and field == "name" else (field,)


def _invoicing_words(invoicing: OrganisationInvoicing | None) -> str:
    if invoicing is None:
        return ""
    columns = (column.name for column in invoicing.__table__.columns if column.name != "organisation_id")
    return ", ".join(str(getattr(invoicing, name)) for name in columns if getattr(invoicing, name))


def references(kind: Kind) -> list[sa.Column[Any]]:
    """Every column of every table that points to one of these; a table that is added tomorrow is among them."""
    parent = kind.model.__table__
    return [
        key.parent
        for table in db.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table is parent
    ]


def amounts(kind: Kind, row_id: int) -> dict[str, int]:
    """How many rows of each table point to it, by the name of the table; those without any are left out."""
    found: dict[str, int] = {}
    for column in references(kind):
        if column.table is not kind.forward.__table__:
            counted = sa.select(sa.func.count()).select_from(column.table).where(column == row_id)
            found[column.table.name] = found.get(column.table.name, 0) + (db.session.scalar(counted) or 0)
    return {name: number for name, number in found.items() if number}


def shared_events(one_id: int, other_id: int) -> list[str]:
    """Titles of the gatherings for which both people have a live registration."""
    live = Registration.state.in_(LIVE)
    of_other = sa.select(Registration.event_id).where(Registration.person_id == other_id, live)
    shared = sa.select(Event.title).join(Registration, Registration.event_id == Event.id)
    both = shared.where(Registration.person_id == one_id, live, Event.id.in_(of_other))
    return list(db.session.scalars(both.order_by(Event.starts_at)))


def forwarded(kind: Kind, old_id: int) -> int | None:
    """Where the one with this id went; None when it was never merged into another."""
    row = db.session.get(kind.forward, old_id)
    return getattr(row, kind.forward_key) if row else None


def former_ids(kind: Kind, kept_id: int) -> list[int]:
    """The ids of those that went up in this one; the log knows them by these."""
    key = getattr(kind.forward, kind.forward_key)
    return list(db.session.scalars(sa.select(kind.forward.old_id).where(key == kept_id).order_by(kind.forward.old_id)))
