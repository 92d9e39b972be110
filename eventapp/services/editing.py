"""An event is edited a section at a time: a draft changes at once, a published one when that
is carried through.

Nobody overwrites what somebody else wrote meanwhile: `domain/details_merge.py` says what goes together.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from eventapp.domain.actors import Actor
from eventapp.domain.details_merge import Topic, merge, with_topics
from eventapp.domain.errors import AlreadyCancelled, ChangedMeanwhile
from eventapp.domain.event_details import EventDetails, changed_names
from eventapp.domain.events import EventState
from eventapp.domain.plain_details import from_plain, to_plain
from eventapp.extensions import db
from eventapp.models import Event, Organisation, PendingDetails
from eventapp.queries.merging import ORGANISATION, forwarded
from eventapp.services import organising
from eventapp.services.audit import note
from eventapp.services.event_rows import copy_details, details_of
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction


class Pending(NamedTuple):
    """Changes that wait: what the event says now, what it will say, and where it was changed itself meanwhile.

    `seen` stands for all of that: whoever carries it through says what they saw.
    """

    before: EventDetails
    after: EventDetails
    conflicts: tuple[Topic, ...]
    by: str
    at: datetime

    @property
    def changed(self) -> list[str]:
        return changed_names(self.before, self.after)

    @property
    def seen(self) -> str:
        both = json.dumps([to_plain(self.before), to_plain(self.after)], sort_keys=True)
        return hashlib.sha256(both.encode()).hexdigest()[:32]

    def chosen(self, of_event: Collection[str]) -> EventDetails:
        """What the event will say when of these conflicts, by their first name, it keeps what it says now."""
        kept = tuple(topic for topic in self.conflicts if topic[0] in of_event)
        return with_topics(self.after, self.before, kept)


@dataclass(frozen=True)
class Saved:
    """What came of saving a section. Where there are conflicts nothing was saved: somebody has to choose.

    `theirs` is what is kept now, `mine` what would be; `waits` says that it is to be carried through.
    """

    slug: str
    theirs: EventDetails
    mine: EventDetails
    conflicts: tuple[Topic, ...]
    waits: bool

    @property
    def changed(self) -> bool:
        return self.theirs != self.mine


def pending_of(event: Event) -> Pending | None:
    """The changes that wait for this event, on what it says now."""
    row = db.session.get(PendingDetails, event.id)
    if row is None:
        return None
    present = details_of(event)
    merged = merge(_kept(row.base), present, _kept(row.details))
    return Pending(present, merged.details, merged.conflicts, row.changed_by, row.changed_at)


def working_details(event: Event) -> EventDetails:
    """What its editor shows: the event with the changes that wait for it."""
    pending = pending_of(event)
    return pending.after if pending else details_of(event)


def save_section(
    event_id: int, was: Mapping[str, Any], wanted: Mapping[str, Any], *, by: Actor, now: datetime
) -> Saved:
    """Keep what was filled in of some details, by name; `was` is what the form began with.

    A published event stays as it is, until `carry_through`. Answers the conflicts, and saves nothing, when somebody
    changed the same meanwhile. Refuses with NotFound, AlreadyCancelled or SlugTaken.
    """
    with transaction():
        event = lock_event(event_id)
        if event.state == EventState.CANCELLED:
            raise AlreadyCancelled()
        theirs = working_details(event)
        merged = merge(replace(theirs, **was), theirs, replace(theirs, **wanted))
        mine = replace(merged.details, slug=organising.free_slug(merged.details, event))
        waits = event.state == EventState.PUBLISHED
        saved = Saved(event.slug, theirs, mine, merged.conflicts, waits)
        if merged.conflicts or not saved.changed:
            return saved
        if waits:
            _keep(event, mine, by=by, now=now)
            changed = changed_names(theirs, mine)
            note("changes_kept", "event", event.id, by=by, now=now, event_id=event.id, changed=changed)
            return saved
        return replace(saved, slug=organising.change_event(event.id, mine, version=event.version, by=by, now=now))


def choose(event_id: int, of_event: Collection[str], *, seen: str, by: Actor, now: datetime) -> None:
    """Settle what both the event and the changes that wait say: of the topics in `of_event`, by their first detail, the
    event stays as it is, of the others it will be changed all the same.

    Refuses with NotFound, and with ChangedMeanwhile when it is not what was `seen` any more.
    """
    with transaction():
        event = lock_event(event_id)
        pending = _as_seen(event, seen)
        row = db.session.get_one(PendingDetails, event_id)
        row.base = to_plain(pending.before)
        row.details = to_plain(pending.chosen(of_event))
        row.changed_by, row.changed_at = by.name, now
        if row.base == row.details:
            _drop(event_id)


def carry_through(event_id: int, *, seen: str, with_words: bool, by: Actor, now: datetime) -> str:
    """Make the event say what waits, tell everybody once whom it concerns, and answer the slug.

    `with_words`: title and text are told as well. Refuses with NotFound, SlugTaken, AlreadyCancelled, NotPublishable,
    and with ChangedMeanwhile when it is not what was `seen` any more, or something is still to be chosen.
    """
    with transaction():
        event = lock_event(event_id)
        if event.state == EventState.CANCELLED:
            raise AlreadyCancelled()
        pending = _as_seen(event, seen)
        if pending.conflicts:
            raise ChangedMeanwhile()
        _drop(event_id)
        return organising.change_event(
            event_id, pending.after, version=event.version, by=by, now=now, with_words=with_words
        )


def discard(event_id: int, *, by: Actor, now: datetime) -> None:
    """Throw away the changes that wait; the event stays as it is. Refuses with NotFound; twice is once."""
    with transaction():
        event = lock_event(event_id)
        pending = pending_of(event)
        if pending is None:
            return
        _drop(event_id)
        note("changes_discarded", "event", event.id, by=by, now=now, event_id=event.id, changed=pending.changed)


def with_values(details: EventDetails, values: Mapping[str, Any]) -> EventDetails:
    """These details with some of them filled in anew; without an address the event keeps its own."""
    changed = replace(details, **values)
    return changed if changed.slug else replace(changed, slug=details.slug)


def as_it_would_read(event: Event, details: EventDetails) -> Event:
    """The event with these details, for a page to show. It left the session, so nothing of it can be written."""
    needed = (event.circle, event.prices, event.cancellation_terms, event.target_groups, event.fields, event.whole)
    partner = db.session.get(Organisation, details.offered_by_id) if details.offered_by_id else None
    db.session.expunge(event)
    copy_details(details, event)
    set_committed_value(event, "offered_by", partner)
    event.slug = details.slug
    if needed[-1]:
        needed[-1].size = details.capacity
    return event


def _as_seen(event: Event, seen: str) -> Pending:
    pending = pending_of(event)
    if pending is None or pending.seen != seen:
        raise ChangedMeanwhile()
    return pending


def _keep(event: Event, details: EventDetails, *, by: Actor, now: datetime) -> None:
    """Put it in the row. Where the event itself was changed meanwhile, that is still to be chosen afterwards."""
    present = details_of(event)
    row = db.session.get(PendingDetails, event.id)
    if details == present:
        _drop(event.id)
        return
    base = present
    if row is not None:
        earlier = _kept(row.base)
        base = with_topics(present, earlier, merge(earlier, present, details).conflicts)
    else:
        row = PendingDetails(event_id=event.id)
        db.session.add(row)
    row.base, row.details = to_plain(base), to_plain(details)
    row.changed_by, row.changed_at = by.name, now


def _kept(plain: Mapping[str, Any]) -> EventDetails:
    """What was written down; a partner that went up in another organisation since is that one."""
    details = from_plain(plain)
    partner_id = forwarded(ORGANISATION, details.offered_by_id) if details.offered_by_id else None
    return replace(details, offered_by_id=partner_id) if partner_id else details


def _drop(event_id: int) -> None:
    db.session.execute(sa.delete(PendingDetails).where(PendingDetails.event_id == event_id))
