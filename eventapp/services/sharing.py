"""Somebody lets the partner of an event know that they come, or takes that back; the office looks at who did."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import AlreadyCancelled, ChangedMeanwhile
from eventapp.domain.registrations import LIVE
from eventapp.domain.sharing import SHARING_TEXT
from eventapp.extensions import db
from eventapp.models import Event, PartnerConsent, Registration
from eventapp.services.audit import note
from eventapp.services.locks import lock_event, lock_order_of
from eventapp.transaction import transaction


def keep_consent(registration: Registration, partner_id: int, *, now: datetime) -> None:
    """Within the caller's transaction: agreed in the form, with the partner that it named. Another one by now: no."""
    if registration.event.offered_by_id == partner_id:
        db.session.flush()
        db.session.merge(
            PartnerConsent(
                registration_id=registration.id,
                organisation_id=partner_id,
                text_version=SHARING_TEXT,
                agreed_at=now,
                withdrawn_at=None,
            )
        )


def say(registration_id: int, partner_id: int, *, agreed: bool, by: Actor, now: datetime) -> None:
    """Agree, or take it back; the same twice is once. Taking back is always possible.

    Refuses with NotFound, and a yes with AlreadyCancelled or with ChangedMeanwhile (another partner by now).
    """
    with transaction() as session:
        registration = lock_order_of(registration_id)
        row = session.get(PartnerConsent, registration_id)
        stands = row is not None and row.stands and row.organisation_id == partner_id
        if stands == agreed:
            return
        if agreed:
            if registration.state not in LIVE:
                raise AlreadyCancelled()
            if registration.event.offered_by_id != partner_id:
                raise ChangedMeanwhile()
            keep_consent(registration, partner_id, now=now)
        elif row is not None:
            row.withdrawn_at = now
        act = "sharing_agreed" if agreed else "sharing_withdrawn"
        note(act, "registration", registration_id, by=by, now=now, event_id=registration.event_id)


def note_list_seen(event_id: int, *, people: int, by: Actor, now: datetime) -> None:
    """Somebody at the office makes the list for the partner; that is logged. Refuses with NotFound."""
    with transaction():
        lock_event(event_id)
        note("partner_list_seen", "event", event_id, by=by, now=now, event_id=event_id, people=people)


def show_anew(organisation_ids: Collection[int], *, now: datetime) -> None:
    """Within a transaction: pages that name these organisations read differently now."""
    offered = sa.update(Event).where(Event.offered_by_id.in_(organisation_ids)).values(updated_at=now)
    db.session.execute(offered.execution_options(synchronize_session=False))
