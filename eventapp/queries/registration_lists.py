"""Which registrations stand in a list of the office, of one event or of all, and what does it say besides?"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.actors import Own
from eventapp.domain.events import EventState, RegistrationMode
from eventapp.domain.names import fold
from eventapp.domain.registration_lists import Listing, Order, Price, When
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Event, Person, Presence, Registration, RegistrationLabel, SavedView
from eventapp.queries.access import of_event_among
from eventapp.queries.breakouts import undecided
from eventapp.queries.paging import Page

_EVENTS_TO_CHOOSE = 300


class RegistrationsPage(Page[Registration]):
    """One page of the list."""


def page(
    listing: Listing, event_id: int | None, *, own: Own | None = None, number: int, now: datetime
) -> RegistrationsPage:
    """The rows of one page with person and event, and how many there are on all pages; without an event, of all.

    `own` narrows that to the events of who asks.
    """
    wanted = _wanted(listing, event_id, now, own)
    total = number_of(listing, event_id, own=own, now=now)
    # Sorting ids is much less work than sorting whole rows.
    ordered = wanted.with_only_columns(Registration.id, maintain_column_froms=True).order_by(*_order(listing))
    shown = db.session.scalars(RegistrationsPage.cut(ordered, number)).all()
    return RegistrationsPage(list(by_ids(shown)), total, number)


def number_of(listing: Listing, event_id: int | None, *, own: Own | None = None, now: datetime) -> int:
    """How many there are."""
    wanted = _wanted(listing, event_id, now, own)
    counted = wanted.with_only_columns(sa.func.count(), maintain_column_froms=True)
    return db.session.scalar(counted) or 0


def ids(listing: Listing, event_id: int | None, *, own: Own | None = None, now: datetime) -> list[int]:
    """All of them, in the order of the list."""
    wanted = _wanted(listing, event_id, now, own).with_only_columns(Registration.id, maintain_column_froms=True)
    return list(db.session.scalars(wanted.order_by(*_order(listing))))


def by_ids(wanted: Sequence[int]) -> Iterator[Registration]:
    """These, with person and event, in the order of the ids; those that do not exist are left out."""
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = sa.select(Registration).where(Registration.id.in_(some))
        whole = rows.options(joinedload(Registration.person), joinedload(Registration.event))
        found = {one.id: one for one in db.session.scalars(whole)}
        yield from (found[one] for one in some if one in found)


class Standing(NamedTuple):
    """As much of a registration as says what an act will do to it."""

    id: int
    state: State
    review: Review
    price_cents: int


def standing(wanted: Sequence[int]) -> list[Standing]:
    """How these stand, in the order of the ids; those that do not exist are left out."""
    columns = sa.select(Registration.id, Registration.state, Registration.review, Registration.price_cents)
    found = {
        row.id: Standing(*row)
        for start in range(0, len(wanted), 500)
        for row in db.session.execute(columns.where(Registration.id.in_(wanted[start : start + 500])))
    }
    return [found[one] for one in wanted if one in found]


def _wanted(listing: Listing, event_id: int | None, now: datetime, own: Own | None) -> sa.Select[Registration]:
    wanted = sa.select(Registration).join(Person, Person.id == Registration.person_id)
    wanted = wanted.where(of_event_among(own, Registration.event_id))
    for condition in _conditions(listing, event_id, now):
        wanted = wanted.where(condition)
    return wanted


def _conditions(listing: Listing, event_id: int | None, now: datetime) -> Iterator[sa.ColumnElement[bool]]:
    """`text` looks in name, organisation and address, forgiving accents in names; every word has to be somewhere."""
    if event_id is not None:
        yield Registration.event_id == event_id
    if listing.when:
        over = sa.select(Event.id).where(Event.ends_at <= now)
        yield Registration.event_id.in_(over) if listing.when == When.PAST else Registration.event_id.not_in(over)
    for column, code in (
        (Registration.state, listing.state),
        (Registration.category, listing.category),
        (Registration.attends, listing.attends),
    ):
        if code is not None:
            yield column == code
    if listing.price:
        yield Registration.price_cents > 0 if listing.price == Price.PRICED else Registration.price_cents == 0
    if listing.choice:
        yield undecided(now)
    if listing.label:
        labelled = sa.select(RegistrationLabel.registration_id).where(RegistrationLabel.label == listing.label)
        yield Registration.id.in_(labelled)
    for word in listing.text.split()[:6]:
        yield sa.or_(
            Person.sort_key.contains(fold(word), autoescape=True),
            Registration.organisation_name.icontains(word, autoescape=True),
            Registration.address.icontains(word, autoescape=True),
        )


def _order(listing: Listing) -> tuple[sa.SQLColumnExpression[Any], ...]:
    if listing.order == Order.NEWEST:
        return Registration.created_at.desc(), Registration.id.desc()
    return Person.sort_key, Registration.id


def labels_of(registration_ids: Collection[int]) -> dict[int, list[str]]:
    """The labels on each of these that has any, by the alphabet."""
    rows = sa.select(RegistrationLabel.registration_id, RegistrationLabel.label)
    of_these = rows.where(RegistrationLabel.registration_id.in_(registration_ids)).order_by(RegistrationLabel.label)
    found: dict[int, list[str]] = {}
    for registration_id, label in db.session.execute(of_these):
        found.setdefault(registration_id, []).append(label)
    return found


def labels_in_use(event_id: int | None, own: Own | None = None) -> Sequence[str]:
    """Every label on a registration of this event, or of any."""
    used = sa.select(RegistrationLabel.label).distinct().order_by(RegistrationLabel.label)
    if event_id is not None:
        used = used.join(Registration).where(Registration.event_id == event_id)
    elif own is not None:
        used = used.join(Registration).where(of_event_among(own, Registration.event_id))
    return db.session.scalars(used).all()


def came(registration_ids: Collection[int]) -> dict[int, datetime]:
    """When those of these who came in did so first."""
    rows = sa.select(Presence.registration_id, Presence.first_in_at).where(
        Presence.registration_id.in_(registration_ids), Presence.session == "", Presence.first_in_at.is_not(None)
    )
    return {registration_id: at for registration_id, at in db.session.execute(rows) if at}


def views_of(staff_id: int) -> Sequence[SavedView]:
    """The views that this member of staff kept, by name."""
    return db.session.scalars(sa.select(SavedView).where(SavedView.staff_id == staff_id).order_by(SavedView.name)).all()


def events_to_move_to(besides: int | None, *, now: datetime) -> list[Event]:
    """Published events with registration here that are not over, besides this one, the first first."""
    here = sa.and_(Event.state == EventState.PUBLISHED, Event.registration == RegistrationMode.HIER)
    coming = sa.select(Event).where(here, Event.ends_at > now)
    if besides is not None:
        coming = coming.where(Event.id != besides)
    return list(db.session.scalars(coming.order_by(Event.starts_at, Event.id).limit(_EVENTS_TO_CHOOSE)))
