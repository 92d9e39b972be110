"""Who changed their mind in the demo: terms of its own for the themadag, a place on offer, an event on another day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.events import EventKind, EventState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import CancellationTerm, Event, Registration
from eventapp.services import calendar_links, handing_over

_TERMS = ((28, 100), (7, 50))


def change_minds(events: Sequence[Event], *, now: datetime) -> None:
    """Within the transaction of the load, once everybody has registered."""
    themadag = next(event for event in events if event.kind == EventKind.THEMADAG)
    themadag.hand_over_to_anybody = True
    themadag.cancellation_terms = [CancellationTerm(days_before=days, refund_percent=part) for days, part in _TERMS]
    _ask_a_colleague(themadag, now=now)
    moved = next(event for event in events if event.kind == EventKind.WERKBEZOEK and _is_coming(event, now))
    _move(moved, now=now)


def _is_coming(event: Event, now: datetime) -> bool:
    return event.state == EventState.PUBLISHED and event.starts_at > now and bool(_confirmed(event))


def _confirmed(event: Event) -> Sequence[Registration]:
    """Who comes, in a fixed order."""
    coming = sa.and_(Registration.event_id == event.id, Registration.state == State.CONFIRMED)
    return db.session.scalars(sa.select(Registration).where(coming).order_by(Registration.id)).all()


def _ask_a_colleague(event: Event, *, now: datetime) -> None:
    """Somebody who follows their registrations in a calendar asks a colleague to come instead."""
    giver = next(one for one in _confirmed(event) if handing_over.colleague_domains(one))
    domain = handing_over.colleague_domains(giver)[0]
    by = Actor("person", giver.address, giver.person_id)
    asked_at = now - timedelta(hours=3)
    calendar_links.make(giver.address, by=by, now=asked_at)
    handing_over.offer(giver.id, f"t.vandenberg@{domain}", "Tess", "van den", "Berg", by=by, now=asked_at)


def _move(event: Event, *, now: datetime) -> None:
    """To another day, two days ago; every other person said since that it suits."""
    event.moved_at, event.moved_from = now - timedelta(days=2), event.starts_at - timedelta(days=7)
    for registration in _confirmed(event)[::2]:
        if registration.created_at < event.moved_at:
            registration.date_confirmed_at = now - timedelta(days=1)
