"""Somebody was there and no door saw them: online, ticked on paper, or let in by the office. Presence by hand."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.admission import Action, Result, TicketState, passages, stay_of
from eventapp.domain.errors import NotFound, PresenceFixed
from eventapp.domain.events import EventForm
from eventapp.domain.presence import PresenceStatus
from eventapp.extensions import db
from eventapp.models import Event, Registration, Scan, Ticket
from eventapp.queries.attendance import everybody
from eventapp.services import fixing, presence
from eventapp.services.admitting import one_upload_at_a_time
from eventapp.services.audit import note
from eventapp.services.fixing import Wish
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction


def tick(
    event_id: int, came: Collection[int], *, not_after_all: Collection[int] = (), by: Actor, now: datetime
) -> tuple[int, int]:
    """These registrations were there, and those were ticked by mistake; answers how many of each that changed.

    Twice is once. What a door saw is never taken back here. Who was to join by video and is ticked, was on the spot.
    Refuses with PresenceFixed, and with NotFound, also for a registration of another event; then nothing changes.
    """
    with transaction():
        event = _still_open(event_id)
        one_upload_at_a_time([event_id])
        at = came_at(event, now=now)
        tickets = _tickets_at(event_id, {*came, *not_after_all})
        ticked = [one for one in came if mark(one, tickets[one], event_id, at=at, now=now)]
        taken_back = [one for one in not_after_all if _take_back(one, tickets[one], event_id, now=now)]
        _came_otherwise(event, ticked, PresenceStatus.ONLINE, PresenceStatus.AANWEZIG, by=by, now=now)
        for said in (PresenceStatus.AANWEZIG, PresenceStatus.ONLINE):
            _came_otherwise(event, taken_back, said, None, by=by, now=now)
        if ticked or taken_back:
            facts = {"ticked": len(ticked), "taken_back": len(taken_back)}
            note("presence_ticked", "event", event_id, by=by, now=now, event_id=event_id, **facts)
        return len(ticked), len(taken_back)


def were_online(event_id: int, since: Mapping[int, datetime | None], *, by: Actor, now: datetime) -> int:
    """These registrations were in the meeting from that moment, None where nobody knows; answers who are new.

    A moment outside the event counts as its beginning or end. Who was to come to the place, was online. Refuses as
    `tick` does.
    """
    with transaction():
        event = _still_open(event_id)
        one_upload_at_a_time([event_id])
        first, last = event.starts_at, min(event.ends_at, now)
        tickets = _tickets_at(event_id, since.keys())
        new = [
            one
            for one, moment in since.items()
            if presence.first_came(one, "") is None
            and mark(one, tickets[one], event_id, at=min(max(moment or first, first), last), now=now)
        ]
        _came_otherwise(event, new, PresenceStatus.AANWEZIG, PresenceStatus.ONLINE, by=by, now=now)
        if new:
            note("presence_from_list", "event", event_id, by=by, now=now, event_id=event_id, people=len(new))
        return len(new)


def came_at(event: Event, *, now: datetime) -> datetime:
    """When somebody came who is written down now: after the event from its beginning, as nobody wrote down when."""
    return now if now <= event.ends_at else event.starts_at


def mark(registration_id: int, ticket_id: int | None, event_id: int, *, at: datetime, now: datetime) -> bool:
    """Within the caller's transaction: present from this moment, and the fact that it rests on.

    No door has it, as no device let this person in. Answers False, having written nothing, for who is inside already.
    """
    if not presence.enter(registration_id=registration_id, event_id=event_id, session="", at=at, device_id=None):
        return False
    _keep(registration_id, ticket_id, event_id, Action.IN, Result.ADMITTED, at=at, now=now, first_scanned_at=at)
    return True


def _still_open(event_id: int) -> Event:
    """The event, whose presence nobody fixes before this transaction ends."""
    event = lock_event(event_id)
    if event.presence_fixed_at is not None:
        raise PresenceFixed()
    return event


def _came_otherwise(
    event: Event,
    registration_ids: Collection[int],
    expected: PresenceStatus,
    instead: PresenceStatus | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """At a hybrid event: who did not come the way they had said; None takes that back."""
    if event.form != EventForm.HYBRIDE or not registration_ids:
        return
    db.session.flush()
    wishes = {
        one.registration_id: Wish(one.status, instead)
        for one in everybody(event, now=now)
        if one.registration_id in registration_ids and one.status == expected
    }
    fixing.correct(event.id, wishes, by=by, now=now)


def _take_back(registration_id: int, ticket_id: int | None, event_id: int, *, now: datetime) -> bool:
    by_hand = sa.select(Scan.scan_id).where(
        Scan.event_id == event_id,
        Scan.registration_id == registration_id,
        Scan.session == "",
        Scan.device_id.is_(None),
        Scan.action == Action.IN,
        Scan.result == Result.ADMITTED,
    )
    undone = sa.select(Scan.undoes).where(Scan.registration_id == registration_id, Scan.undoes.is_not(None))
    last = db.session.scalar(by_hand.where(Scan.scan_id.not_in(undone)).order_by(Scan.id.desc()).limit(1))
    scans = presence.scans_of(registration_id=registration_id, event_id=event_id, session="")
    if last is None:
        # The row that was written to hold it is what it was.
        presence.settle(stay_of(passages(scans)), registration_id=registration_id, session="")
        return False
    _keep(registration_id, ticket_id, event_id, Action.UNDO, Result.UNDONE, at=now, now=now, undoes=last)
    stay = stay_of(passages(scans, undoing=last))
    presence.settle(stay, registration_id=registration_id, session="")
    return True


def _keep(
    registration_id: int,
    ticket_id: int | None,
    event_id: int,
    action: Action,
    result: Result,
    *,
    at: datetime,
    now: datetime,
    undoes: str | None = None,
    first_scanned_at: datetime | None = None,
) -> None:
    """The time is as sure as the hand that wrote it: the same twice."""
    db.session.add(
        Scan(
            scan_id=str(uuid4()),
            event_id=event_id,
            ticket_id=ticket_id,
            registration_id=registration_id,
            action=action,
            result=result,
            undoes=undoes,
            scanned_at=at,
            counted_at=at,
            received_at=now,
            first_scanned_at=first_scanned_at,
        )
    )
    db.session.flush()


def _tickets_at(event_id: int, registration_ids: Collection[int]) -> dict[int, int | None]:
    """The live ticket of each of these; refuses with NotFound when one does not belong to the event."""
    rows = db.session.execute(
        sa.select(Registration.id, Ticket.id)
        .outerjoin(Ticket, sa.and_(Ticket.registration_id == Registration.id, Ticket.state == TicketState.VALID))
        .where(Registration.event_id == event_id, Registration.id.in_(registration_ids))
    )
    found: dict[int, int | None] = {row[0]: row[1] for row in rows}
    if len(found) != len(registration_ids):
        raise NotFound()
    return found
