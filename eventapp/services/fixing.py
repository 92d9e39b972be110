"""Settling who was there: corrections by hand, and fixing it once the event is over. What rests on presence waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import (
    ChangedMeanwhile,
    NotFound,
    PresenceFixed,
    PresenceNotDue,
    PresenceNotFixed,
    ReasonNeeded,
)
from eventapp.domain.events import EventState
from eventapp.domain.presence import PresenceStatus, counted, fingerprint, is_no_show
from eventapp.extensions import db
from eventapp.models import Breakout, Event, FixedPresence, PresenceCorrection
from eventapp.queries.attendance import Attendee, attendees, everybody
from eventapp.queries.breakouts import breakout_by_slug
from eventapp.services.audit import note
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody read of a person, and what it has to be; without `to` the scans decide again."""

    seen: PresenceStatus | None
    to: PresenceStatus | None


def may_fix(event: Event, *, now: datetime) -> bool:
    """Whether there is something to fix: it is over, took place, and was not fixed yet."""
    return event.presence_fixed_at is None and event.state == EventState.PUBLISHED and event.ends_at <= now


def seen_now(event: Event, *, now: datetime) -> str:
    """What `fix` asks back: it differs as soon as anybody's status does."""
    return fingerprint({one.registration_id: one.status for one in attendees(event, now=now)})


def fix(event_id: int, *, seen: str, by: Actor, now: datetime) -> dict[PresenceStatus, int]:
    """Say that this is who was there; answers how many of each. Scans that come in later change nothing of it.

    Refuses with NotFound, PresenceFixed, PresenceNotDue, and ChangedMeanwhile when it is not what was `seen` any more.
    """
    with transaction() as session:
        event = lock_event(event_id)
        if event.presence_fixed_at:
            raise PresenceFixed()
        if not may_fix(event, now=now):
            raise PresenceNotDue()
        if seen_now(event, now=now) != seen:
            raise ChangedMeanwhile()
        people = attendees(event, now=now)
        session.add_all(_fixed(event_id, one) for one in people)
        event.presence_fixed_at, event.presence_fixed_by = now, by.name
        counts = counted(one.status for one in people)
        facts = {"people": {status.value: number for status, number in counts.items()}}
        note("presence_fixed", "event", event_id, by=by, now=now, event_id=event_id, **facts)
        return counts


def _fixed(event_id: int, one: Attendee) -> FixedPresence:
    assert one.status is not None
    no_show = is_no_show(one.status, promised=one.promised)
    return FixedPresence(registration_id=one.registration_id, event_id=event_id, status=one.status, no_show=no_show)


def unfix(event_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Open it again: scans and corrections decide, and certificates say that they are being looked at.

    Refuses with NotFound, PresenceNotFixed and ReasonNeeded.
    """
    if not reason:
        raise ReasonNeeded()
    with transaction() as session:
        event = lock_event(event_id)
        if event.presence_fixed_at is None:
            raise PresenceNotFixed()
        gone = sa.delete(FixedPresence).where(FixedPresence.event_id == event_id)
        session.execute(gone.execution_options(synchronize_session=False))
        event.presence_fixed_at = event.presence_fixed_by = None
        note("presence_unfixed", "event", event_id, by=by, now=now, event_id=event_id, reason=reason)


def correct(
    event_id: int, wishes: Mapping[int, Wish], *, session: str = "", reason: str = "", by: Actor, now: datetime
) -> list[int]:
    """Say how it was, of these registrations; answers those left alone, as somebody else changed them meanwhile.

    What is fixed is changed with it, and then needs a reason. Refuses with NotFound (also for a registration of another
    event, with nothing changed) and ReasonNeeded.
    """
    with transaction():
        event = lock_event(event_id)
        breakout = breakout_by_slug(event_id, session) if session else None
        if session and breakout is None:
            raise NotFound()
        fixed = event.presence_fixed_at is not None and not session
        if fixed and not reason:
            raise ReasonNeeded()
        known = {one.registration_id: one for one in everybody(event, breakout, now=now)}
        if not known.keys() >= wishes.keys():
            raise NotFound()
        stale = [key for key, wish in wishes.items() if known[key].status != wish.seen]
        changing = {key: wish.to for key, wish in wishes.items() if key not in stale and _differs(known[key], wish)}
        for key, to in changing.items():
            _add(event_id, known[key], to, session=session, reason=reason, by=by, now=now)
        if changing and fixed:
            db.session.flush()
            _fix_again(event, breakout, changing, now=now)
        if changing:
            facts = {"people": len(changing), "session": session}
            note("presence_corrected", "event", event_id, by=by, now=now, event_id=event_id, **facts)
        return stale


def _differs(one: Attendee, wish: Wish) -> bool:
    """Somebody who is put back to the scans was corrected before; anybody else gets another status."""
    return one.corrected if wish.to is None else wish.to != one.status


def _add(
    event_id: int, one: Attendee, to: PresenceStatus | None, *, session: str, reason: str, by: Actor, now: datetime
) -> None:
    db.session.add(
        PresenceCorrection(
            event_id=event_id,
            registration_id=one.registration_id,
            session=session,
            from_status=one.status,
            to_status=to,
            reason=reason,
            at=now,
            by_name=by.name,
        )
    )


def _fix_again(
    event: Event, breakout: Breakout | None, changing: Mapping[int, PresenceStatus | None], *, now: datetime
) -> None:
    """What was fixed follows the correction, for these people and nobody else."""
    gone = sa.delete(FixedPresence).where(FixedPresence.registration_id.in_(list(changing)))
    db.session.execute(gone.execution_options(synchronize_session=False))
    for one in everybody(event, breakout, now=now):
        if one.registration_id in changing and one.now_status:
            no_show = is_no_show(one.now_status, promised=one.promised)
            values = {"event_id": event.id, "status": one.now_status, "no_show": no_show}
            db.session.execute(sa.insert(FixedPresence).values(registration_id=one.registration_id, **values))
