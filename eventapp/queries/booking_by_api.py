"""What has to be known before another system's booking is written? Columns, since hundreds may ask at once."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.addresses import mail_domain
from eventapp.domain.events import EventState, RegistrationMode, Schedule, Visibility, Window, window
from eventapp.domain.invitations import InvitationState
from eventapp.domain.places import Places
from eventapp.extensions import db
from eventapp.models import (
    WHOLE_EVENT,
    Capacity,
    Event,
    EventBlock,
    EventSlug,
    Invitation,
    OrganisationDomain,
    PersonAddress,
    Question,
    Registration,
    Round,
)
from eventapp.models.orders import LIVE_SQL
from eventapp.queries.association import settings_seen
from eventapp.queries.mail_texts import words_seen
from eventapp.straight import ReadyStatement


class Outlook(NamedTuple):
    """What decides about going on. `asks`: the event asks its people something; `invited`: this address was;
    `has_rounds`: there may be something to choose.

    `settings` are those of the association, and `words` stands for what the office says in the mail with the ticket.

    `person_id` is who has this name at this address, `registration_id` their live registration at the event, and
    `organisation_id` whose mail domain it is; None for what there is not.
    """

    event_id: int
    calendar_uid: str
    version: int
    state: EventState
    registration: RegistrationMode
    schedule: Schedule
    places: Places
    asks: bool
    invited: bool
    has_rounds: bool
    person_id: int | None
    registration_id: int | None
    organisation_id: int | None
    settings: str
    words: int

    def window(self, now: datetime) -> Window:
        """Whether one can register now, and if not, why not."""
        return window(self.state, self.registration, self.schedule, now=now)


# By what is never given twice and the version: whatever changes an event moves that.
_KEPT: dict[tuple[str, int], Event] = {}
_MOST_KEPT = 100
# Built once: composing a statement costs more than answering it.
_AT_SLUG = sa.func.coalesce(
    sa.select(Event.id).where(Event.slug == sa.bindparam("slug")).scalar_subquery(),
    sa.select(EventSlug.event_id).where(EventSlug.slug == sa.bindparam("slug")).scalar_subquery(),
)
_OUTLOOK = ReadyStatement(
    sa.select(
        Event.id,
        Event.calendar_uid,
        Event.version,
        Event.state,
        Event.registration,
        Event.starts_at,
        Event.ends_at,
        Event.opens_at,
        Event.closes_at,
        Capacity.size,
        Capacity.taken,
        Capacity.waiting,
        sa.or_(
            sa.exists().where(Question.event_id == Event.id, Question.closed_at.is_(None)),
            sa.exists().where(EventBlock.event_id == Event.id),
        ).label("asks"),
        sa.exists()
        .where(
            Invitation.event_id == Event.id,
            Invitation.address == sa.bindparam("address"),
            Invitation.state == InvitationState.INVITED,
        )
        .label("invited"),
        sa.exists().where(Round.event_id == Event.id).label("has_rounds"),
        PersonAddress.person_id,
        # Not joined: a PostgreSQL that does not know yet how many come reads all of them for one person.
        sa.select(Registration.id)
        .where(
            Registration.event_id == Event.id,
            Registration.person_id == PersonAddress.person_id,
            # As the unique index says it, so that both databases use that one.
            sa.text(f"registrations.{LIVE_SQL}"),
        )
        .scalar_subquery()
        .label("registration_id"),
        OrganisationDomain.organisation_id,
        settings_seen(),
        words_seen("confirmed", Event.id),
    )
    .select_from(Event)
    .outerjoin(Capacity, sa.and_(Capacity.event_id == Event.id, Capacity.kind == WHOLE_EVENT, Capacity.ref == ""))
    .outerjoin(
        PersonAddress,
        sa.and_(PersonAddress.address == sa.bindparam("address"), PersonAddress.name_key == sa.bindparam("name_key")),
    )
    .outerjoin(OrganisationDomain, OrganisationDomain.domain == sa.bindparam("domain"))
    .where(
        Event.id == _AT_SLUG,
        Event.state != EventState.DRAFT,
        Event.visibility != Visibility.BESLOTEN,
    )
)


def outlook(slug: str, address: str, name_key: str) -> Outlook | None:
    """The event now or once at this slug, for who has this name at this address; None for drafts and closed events."""
    who = {"address": address, "name_key": name_key, "domain": mail_domain(address)}
    row = _OUTLOOK.first({"slug": slug, **who})
    if row is None:
        return None
    return Outlook(
        row.id,
        row.calendar_uid,
        row.version,
        row.state,
        row.registration,
        Schedule(*row[5:9]),
        Places(row.size, row.taken or 0, row.waiting or 0),
        bool(row.asks),
        bool(row.invited),
        bool(row.has_rounds),
        row.person_id,
        row.registration_id,
        row.organisation_id,
        row.settings,
        row.words,
    )


def event_as_seen(seen: Outlook) -> Event:
    """The event with its prices and terms, in no session; each process reads it once per version.

    Between this and the lock it may change, so whoever writes compares the version again.
    """
    key = (seen.calendar_uid, seen.version)
    kept = _KEPT.get(key)
    if kept is not None:
        return kept
    options = [selectinload(Event.prices), selectinload(Event.cancellation_terms)]
    event = db.session.get_one(Event, seen.event_id, options=options, populate_existing=True)
    db.session.expunge(event)
    if event.version == seen.version:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = event
    return event
