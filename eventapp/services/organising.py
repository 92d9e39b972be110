"""How is an event made, changed, published, or thrown away while it is still a draft?"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.checklist import missing_in
from eventapp.domain.errors import (
    AlreadyCancelled,
    ChangedMeanwhile,
    NotFound,
    NotPublishable,
    OnlyDrafts,
    SlugTaken,
)
from eventapp.domain.event_details import (
    IN_CALENDARS,
    RESERVED_SLUGS,
    EventDetails,
    Told,
    changed_names,
    concerning,
    slug_for,
    to_another_day,
    told_changes,
)
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.registrations import HEARS_OF_CHANGES, State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Capacity, Event, EventMove, EventSlug, Registration
from eventapp.queries.association import load_association
from eventapp.queries.events import event_by_id
from eventapp.services import calendar_moves, dividing, drafting, mails, programming, proposal_mails, resizing
from eventapp.services.audit import note
from eventapp.services.event_rows import copy_details
from eventapp.services.event_rows import details_of as details_of
from eventapp.services.locks import lock_orders_at
from eventapp.services.telling import Earlier, News, tell
from eventapp.transaction import transaction


class ToldGroup(NamedTuple):
    """How many people who attend this way hear of what; `told` is empty for whom nothing changes.

    `comes` is False of those who wait for a place or still have to pay for it.
    """

    attends: EventForm
    comes: bool
    people: int
    told: tuple[Told, ...]


class ChangePreview(NamedTuple):
    """What saving would do: which details differ, and how many people are told about which of them."""

    changed: tuple[str, ...]
    told: tuple[Told, ...]
    groups: tuple[ToldGroup, ...]
    taken: int

    @property
    def mails(self) -> int:
        return sum(group.people for group in self.groups if group.told)


def create_event(details: EventDetails, *, by: Actor, now: datetime, external_id: str | None = None) -> str:
    """Make a draft and answer its slug, which the title gives when none is asked for. Refuses with SlugTaken.

    `external_id` is the sign by which an import finds it again; used already it is an IntegrityError.
    """
    with transaction() as session:
        event = Event(
            slug=free_slug(details, None),
            state=EventState.DRAFT,
            calendar_uid=f"{new_token()[:24]}@{load_association().calendar_domain}",
            external_id=external_id,
            created_at=now,
            updated_at=now,
            capacities=[Capacity(size=details.capacity)],
        )
        copy_details(details, event)
        session.add(event)
        session.flush()
        note("event_created", "event", event.id, by=by, now=now, event_id=event.id)
        return event.slug


def preview_change(event_id: int, details: EventDetails, *, now: datetime, with_words: bool = False) -> ChangePreview:
    """What saving these details would change and whom it would tell; writes nothing. Refuses with NotFound.

    `with_words`: title and text are told as well.
    """
    event = event_by_id(event_id)
    if event is None:
        raise NotFound()
    before, after = details_of(event), replace(details, slug=details.slug or event.slug)
    told = _told(event, before, after, now, with_words)
    waits = sa.case((Registration.state == State.CONFIRMED, 0), else_=1)
    by_form = sa.select(Registration.attends, waits, sa.func.count()).join(Registration.order).where(_hears(event_id))
    groups = [
        ToldGroup(attends, not waiting, people, tuple(concerning(told, attends, was=before.form, form=after.form)))
        for attends, waiting, people in sorted(db.session.execute(by_form.group_by(Registration.attends, waits)))
    ]
    return ChangePreview(tuple(changed_names(before, after)), tuple(told), tuple(groups), event.places.taken)


def change_event(
    event_id: int, details: EventDetails, *, version: int, by: Actor, now: datetime, with_words: bool = False
) -> str:
    """Save what differs, tell those who come when time, place or link changed, and answer the slug.

    `with_words`: title and text are told as well.

    Refuses with ChangedMeanwhile when somebody saved since `version`, SlugTaken, AlreadyCancelled, and, for a
    published event, NotPublishable. A smaller capacity puts nobody out, nor do fewer free places.
    """
    with transaction() as session:
        event = _lock(event_id, version)
        before, after = details_of(event), replace(details, slug=free_slug(details, event))
        changed = changed_names(before, after)
        if event.state == EventState.PUBLISHED:
            _check_complete(after)
        told = _told(event, before, after, now, with_words)
        _keep_old_slug(event, after.slug)
        event.slug = after.slug
        copy_details(after, event)
        event.updated_at = now
        if to_another_day(before, after):
            session.add(EventMove(event_id=event_id, starts_at=before.starts_at, moved_at=now))
            if told:
                event.moved_at, event.moved_from = now, before.starts_at
        programming.shift_rounds(event_id, before.starts_at, after.starts_at)
        session.flush()
        drafting.follow_event(event_id, before=before.ends_at, after=after.ends_at)
        people = _tell(event, before, told, by=by, now=now)
        note("event_changed", "event", event.id, by=by, now=now, event_id=event.id, changed=changed, mails=people)
        if "free_per_organisation" in changed:
            # Locks orders, which everybody does before the places.
            resizing.resize_organisations(event_id, after.free_per_organisation)
        if "capacity" in changed:
            resizing.resize(event_id, after.capacity)
            dividing.fit_rest(event_id)
        return event.slug


def free_slug(details: EventDetails, event: Event | None) -> str:
    """The slug as asked for, that of the event, or one made of the title that is still free. Refuses with SlugTaken."""
    own_id = event.id if event else None
    asked = details.slug or (event.slug if event else "")
    if asked:
        if asked in RESERVED_SLUGS or _slug_in_use(asked, own_id):
            raise SlugTaken(slug=asked)
        return asked
    base = slug_for(details.title)
    candidates = [base, *(f"{base}-{n}" for n in range(2, 1000))]
    return next(slug for slug in candidates if slug not in RESERVED_SLUGS and not _slug_in_use(slug, own_id))


def publish_event(event_id: int, *, by: Actor, now: datetime) -> None:
    """Put a draft in the agenda. Refuses with NotPublishable (facts: missing) or AlreadyCancelled; twice is once."""
    with transaction():
        event = _lock(event_id)
        if event.state == EventState.PUBLISHED:
            return
        _check_complete(details_of(event))
        event.state, event.published_at, event.updated_at = EventState.PUBLISHED, now, now
        note("event_published", "event", event.id, by=by, now=now, event_id=event.id)
        proposal_mails.published(event.id, now=now)


def delete_draft(event_id: int, *, by: Actor, now: datetime) -> None:
    """Throw away a draft that nobody ever registered for. Refuses with OnlyDrafts."""
    with transaction() as session:
        event = _lock(event_id)
        touched = session.scalar(sa.select(Registration.id).where(Registration.event_id == event_id).limit(1))
        if event.state != EventState.DRAFT or touched:
            raise OnlyDrafts()
        proposal_mails.thrown_away(event.id)
        note("event_deleted", "event", event.id, by=by, now=now, title=event.title)
        session.delete(event)


def _lock(event_id: int, version: int | None = None) -> Event:
    """Lock by writing: the version goes up, so whoever read the event before cannot save over this."""
    written = sa.update(Event).where(Event.id == event_id).values(version=Event.version + 1)
    if version is not None:
        written = written.where(Event.version == version)
    hit = db.session.scalar(written.returning(Event.id).execution_options(synchronize_session=False))
    event = db.session.get(Event, event_id, populate_existing=True)
    if event is None:
        raise NotFound()
    if hit is None:
        raise ChangedMeanwhile()
    if event.state == EventState.CANCELLED:
        raise AlreadyCancelled()
    return event


def _check_complete(details: EventDetails) -> None:
    missing = missing_in(details)
    if missing:
        raise NotPublishable(missing=missing)


def _slug_in_use(slug: str, own_id: int | None) -> bool:
    now_used = sa.select(Event.id).where(Event.slug == slug)
    used_before = sa.select(EventSlug.event_id).where(EventSlug.slug == slug)
    return any(found != own_id for found in db.session.scalars(sa.union_all(now_used, used_before)))


def _keep_old_slug(event: Event, slug: str) -> None:
    """An address that was ever public redirects for good; one that comes back is no longer an old one."""
    if slug == event.slug:
        return
    db.session.execute(sa.delete(EventSlug).where(EventSlug.slug == slug))
    if event.published_at:
        db.session.add(EventSlug(slug=event.slug, event_id=event.id))


def _told(event: Event, before: EventDetails, after: EventDetails, now: datetime, with_words: bool) -> list[Told]:
    published = event.state == EventState.PUBLISHED
    return told_changes(before, after, now=now, with_words=with_words) if published else []


def _hears(event_id: int) -> sa.ColumnElement[bool]:
    """As `hears_of_changes` and `mails.has_heard` say, of registrations joined with their orders."""
    proven = sa.and_(Registration.state == State.AWAITING_CONFIRMATION, Registration.proven_at.is_not(None))
    hears = sa.or_(Registration.state.in_(HEARS_OF_CHANGES), proven)
    return sa.and_(Registration.event_id == event_id, hears, mails.heard())


def _tell(event: Event, before: EventDetails, told: list[Told], *, by: Actor, now: datetime) -> int:
    """One mail to everybody whom it concerns, however much changed; answers how many."""
    if not told:
        return 0
    if IN_CALENDARS.intersection(told):
        event.calendar_sequence += 1
        db.session.flush()
        lock_orders_at(event.id)
        calendar_moves.move_all_at(event.id, now=now)
    facts = {
        "version": event.version,
        "before": Earlier.of(before).facts(),
        "told": list(told),
        "moved": event.moved_at == now,
    }
    coming = sa.select(Registration.id, Registration.attends).join(Registration.order).where(_hears(event.id))
    concerned = [
        found
        for found, attends in db.session.execute(coming.order_by(Registration.id))
        if concerning(told, attends, was=before.form, form=event.form)
    ]
    return tell(News.EVENT_CHANGED, concerned, facts, by=by, now=now)
