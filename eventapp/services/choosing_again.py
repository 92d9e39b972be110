"""What somebody chose is no longer there, or at another time: they are told, and choose again."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.errors import SpeaksElsewhere
from eventapp.domain.registrations import HOLDING, State
from eventapp.domain.waiting import IN_LINE, EntryState
from eventapp.extensions import db
from eventapp.mail.compose import write
from eventapp.models import Breakout, BreakoutRound, Choice, Registration, Round, WaitingEntry
from eventapp.services import holding, mails, queueing, speaking
from eventapp.services.locks import lock_orders_at


def let_go(breakout: Breakout, *, now: datetime) -> int:
    """Within a transaction that locked the event, after the breakout was cancelled or put in other rounds.

    Whoever chose it has no choice in its rounds any more and no place in it; nobody waits for it; whoever presents it
    goes along to its new rounds. All are told. Answers how many.
    """
    lock_orders_at(breakout.event_id)
    holding.lock(holding.whole_row(breakout.event_id))
    holding.lock(breakout.capacity.id)
    waited = _end_line(breakout, now=now)
    chosen = _taken_away(breakout, speaks=False)
    presents = _taken_away(breakout, speaks=True)
    for registration_id in sorted(presents):
        _present_again(breakout, registration_id, now=now)
    concerned = _registrations({*waited, *chosen, *presents})
    for registration in concerned:
        if registration.holds:
            holding.take(registration, force=True)
    return sum(
        _tell(one, breakout, one.id in chosen, one.id in presents, now=now) for one in concerned if one.state in HOLDING
    )


def tell_moved(found: Round, *, now: datetime) -> int:
    """A round is at another time: whoever does something in it gets the new programme. Answers how many."""
    lock_orders_at(found.event_id)
    in_it = sa.select(Choice.registration_id).where(Choice.round_id == found.id, Choice.breakout_id.is_not(None))
    confirmed = [one for one in _registrations(db.session.scalars(in_it).all()) if one.state == State.CONFIRMED]
    for registration in confirmed:
        registration.calendar_sequence += 1
        mails.programme_changed(registration, now=now)
    return len(confirmed)


def _end_line(breakout: Breakout, *, now: datetime) -> set[int]:
    """Nobody waits for it any more, and nobody holds it on offer; answers whose waits these were."""
    open_entries = sa.select(WaitingEntry).where(
        WaitingEntry.breakout_id == breakout.id, WaitingEntry.state.in_(IN_LINE)
    )
    entries = db.session.scalars(open_entries.order_by(WaitingEntry.id)).all()
    for entry in entries:
        queueing.step_out(entry, EntryState.LEFT, now=now)
    return {entry.registration_id for entry in entries}


def _taken_away(breakout: Breakout, *, speaks: bool) -> set[int]:
    mine = sa.and_(Choice.breakout_id == breakout.id, Choice.speaks.is_(speaks))
    gone = db.session.scalars(sa.delete(Choice).where(mine).returning(Choice.registration_id))
    return set(gone)


def _present_again(breakout: Breakout, registration_id: int, *, now: datetime) -> None:
    """In the rounds where it is now; who stands in front elsewhere in one of them presents it no more."""
    if breakout.cancelled_at:
        return
    try:
        with db.session.begin_nested():
            speaking.stand_in_front(registration_id, breakout, now=now)
    except SpeaksElsewhere:
        return


def _registrations(ids: Iterable[int]) -> list[Registration]:
    found = sa.select(Registration).where(Registration.id.in_(set(ids))).options(joinedload(Registration.person))
    return list(db.session.scalars(found.order_by(Registration.id)))


def _tell(registration: Registration, breakout: Breakout, chose: bool, presents: bool, *, now: datetime) -> bool:
    """One mail, with the calendar entry that follows; a colleague who never heard of the registration gets none."""
    if not mails.has_heard(registration):
        return False
    confirmed = registration.state == State.CONFIRMED
    registration.calendar_sequence += confirmed
    write(
        "choose_again",
        mails.to_person(registration),
        purpose=f"choose_again-{registration.id}-{breakout.id}-{now:%Y%m%d%H%M%S%f}",
        now=now,
        attachments=[{"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"}]
        if confirmed
        else [],
        event=registration.event,
        ticket=registration.ticket,
        breakout=breakout,
        rounds=_rounds_of(breakout),
        chose=chose,
        presents=presents,
    )
    return True


def _rounds_of(breakout: Breakout) -> list[Round]:
    """Where the breakout is now, in the order of the day."""
    filled = sa.select(Round).join(BreakoutRound).where(BreakoutRound.breakout_id == breakout.id)
    return list(db.session.scalars(filled.order_by(Round.starts_at, Round.id)))
