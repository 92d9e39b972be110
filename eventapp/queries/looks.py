"""Who looked at which list of people, newest first, narrowed by who, list, event and days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.looks import PeopleList
from eventapp.domain.times import MIDNIGHT, from_local
from eventapp.extensions import db
from eventapp.models import ListLook
from eventapp.queries.paging import Page

# A file is for who looks something up, and not endless.
MOST_IN_FILE = 10_000
_WITH = (
    joinedload(ListLook.staff),
    joinedload(ListLook.person),
    joinedload(ListLook.token),
    joinedload(ListLook.event),
    joinedload(ListLook.circle),
    joinedload(ListLook.organisation),
)
# By the last look; the id decides within one moment.
_ORDER = (ListLook.last_at.desc(), ListLook.id.desc())


class WantedLooks(NamedTuple):
    """Which looks: what is left out narrows nothing. Both days count."""

    staff_id: int | None = None
    which: PeopleList | None = None
    event_id: int | None = None
    files_only: bool = False
    first: date | None = None
    last: date | None = None


def page(wanted: WantedLooks, number: int) -> Page[ListLook]:
    """One page of them, newest first."""
    where = _where(wanted)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(ListLook).where(*where)) or 0
    found = sa.select(ListLook).where(*where).options(*_WITH).order_by(*_ORDER)
    return Page(db.session.scalars(Page.cut(found, number)).all(), total, number)


def for_file(wanted: WantedLooks) -> Sequence[ListLook]:
    """The newest of them, as many as a file holds."""
    found = sa.select(ListLook).where(*_where(wanted)).options(*_WITH).order_by(*_ORDER)
    return db.session.scalars(found.limit(MOST_IN_FILE)).all()


def _where(wanted: WantedLooks) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if wanted.staff_id is not None:
        where.append(ListLook.staff_id == wanted.staff_id)
    if wanted.which:
        where.append(ListLook.which == wanted.which)
    if wanted.event_id is not None:
        where.append(ListLook.event_id == wanted.event_id)
    if wanted.files_only:
        where.append(ListLook.as_file.is_(True))
    if wanted.first:
        where.append(ListLook.last_at >= from_local(wanted.first, MIDNIGHT))
    if wanted.last:
        where.append(ListLook.first_at < from_local(wanted.last + timedelta(days=1), MIDNIGHT))
    return where
