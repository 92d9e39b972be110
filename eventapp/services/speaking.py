"""Who stands in front of a breakout: the rounds that it fills are theirs, and it takes no place in it."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import AlreadyRegistered, BreakoutCancelled, NotFound, SpeaksElsewhere
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING, State
from eventapp.extensions import db
from eventapp.models import Breakout, BreakoutRound, Choice, Event, Registration, Round
from eventapp.services import adding, calendar_moves, holding, mails, queueing
from eventapp.services.adding import ManualBooking
from eventapp.services.audit import note
from eventapp.services.locks import lock_event, lock_order_of
from eventapp.transaction import transaction


@dataclass(frozen=True)
class Speaker:
    """Somebody whom the office names; `counts` when they fill a place of the event like anybody else."""

    address: str
    given_name: str
    infix: str
    family_name: str
    organisation_name: str = ""
    counts: bool = False


def add_speaker(breakout_id: int, speaker: Speaker, *, by: Actor, now: datetime) -> int:
    """Name somebody who presents it: registered free of charge, confirmed with a ticket that says where and when.

    Who is registered already keeps that registration, and what they chose in these rounds gives way. Answers the id of
    the registration. Refuses with NotFound, BreakoutCancelled, SpeaksElsewhere, EventFull (only one who counts),
    RegistrationClosed (a draft, cancelled, over), or AlreadyRegistered (on the waiting list: the office decides first).
    """
    with transaction():
        breakout = _open_breakout(breakout_id)
        try:
            receipt = adding.add_by_hand(
                _booking(breakout, speaker), by=by, now=now, prepare=partial(_put, breakout=breakout, now=now)
            )
        except AlreadyRegistered as refusal:
            return _also_speaks(refusal, breakout, by=by, now=now)
        _note("speaker_added", receipt.registration_id, breakout, by=by, now=now)
        return receipt.registration_id


def remove_speaker(breakout_id: int, registration_id: int, *, by: Actor, now: datetime) -> None:
    """They present it no more; the registration stays, and the rounds are theirs to choose. Refuses with NotFound."""
    with transaction() as session:
        breakout = _open_breakout(breakout_id)
        registration = lock_order_of(registration_id)
        mine = sa.and_(Choice.registration_id == registration_id, Choice.breakout_id == breakout_id)
        gone = session.scalars(sa.delete(Choice).where(mine, Choice.speaks).returning(Choice.round_id)).all()
        if not gone:
            raise NotFound()
        _tell(registration, now=now)
        _note("speaker_removed", registration_id, breakout, by=by, now=now)


def stand_in_front(registration_id: int, breakout: Breakout, *, now: datetime) -> None:
    """Within a transaction that locked the order: present it in all its rounds.

    What was chosen or awaited there gives way, and its places are still held. Refuses with SpeaksElsewhere.
    """
    rounds = _rounds_of(breakout.id)
    queueing.leave_rounds(db.session.get_one(Registration, registration_id), rounds, now=now)
    for round_id in rounds:
        standing = db.session.get(Choice, (registration_id, round_id), populate_existing=True)
        if standing is None:
            standing = Choice(registration_id=registration_id, round_id=round_id)
            db.session.add(standing)
        elif standing.speaks and standing.breakout_id != breakout.id:
            raise SpeaksElsewhere(title=db.session.get_one(Breakout, standing.breakout_id).title)
        elif standing.breakout_id not in (None, breakout.id):
            _leave_whole(registration_id, standing.breakout_id)
        standing.breakout_id, standing.speaks, standing.chosen_at = breakout.id, True, now
        db.session.flush()


def _leave_whole(registration_id: int, breakout_id: int | None) -> None:
    """What goes on in another round is left there too: nobody sees half of it."""
    other = sa.and_(Choice.registration_id == registration_id, Choice.breakout_id == breakout_id)
    db.session.execute(sa.update(Choice).where(other, Choice.speaks.is_(False)).values(breakout_id=None))


def _rounds_of(breakout_id: int) -> list[int]:
    filled = sa.select(Round.id).join(BreakoutRound).where(BreakoutRound.breakout_id == breakout_id)
    return list(db.session.scalars(filled.order_by(Round.starts_at, Round.id)))


def _open_breakout(breakout_id: int) -> Breakout:
    event_id = db.session.scalar(sa.select(Breakout.event_id).where(Breakout.id == breakout_id))
    if event_id is None:
        raise NotFound()
    lock_event(event_id)
    found = db.session.get_one(Breakout, breakout_id, populate_existing=True)
    if found.cancelled_at:
        raise BreakoutCancelled()
    return found


def _booking(breakout: Breakout, speaker: Speaker) -> ManualBooking:
    form = db.session.get_one(Event, breakout.event_id).form
    return ManualBooking(
        event_id=breakout.event_id,
        address=speaker.address,
        given_name=speaker.given_name,
        infix=speaker.infix,
        family_name=speaker.family_name,
        organisation_name=speaker.organisation_name,
        category=Category.SPREKER,
        attends=EventForm.ONLINE if form == EventForm.ONLINE else EventForm.FYSIEK,
        price_cents=0,
        counts=speaker.counts,
    )


def _put(registration: Registration, *, breakout: Breakout, now: datetime) -> None:
    stand_in_front(registration.id, breakout, now=now)


def _also_speaks(refusal: AlreadyRegistered, breakout: Breakout, *, by: Actor, now: datetime) -> int:
    registration = lock_order_of(refusal.facts["registration_id"])
    if registration.state not in HOLDING:
        raise refusal
    stand_in_front(registration.id, breakout, now=now)
    if registration.holds:
        holding.take(registration, force=True)
    _tell(registration, now=now)
    _note("speaker_added", registration.id, breakout, by=by, now=now)
    return registration.id


def _tell(registration: Registration, *, now: datetime) -> None:
    if registration.state == State.CONFIRMED:
        calendar_moves.move(registration, now=now)
        mails.programme_changed(registration, now=now)


def _note(act: str, registration_id: int, breakout: Breakout, *, by: Actor, now: datetime) -> None:
    event_id = breakout.event_id
    note(act, "registration", registration_id, by=by, now=now, event_id=event_id, title=breakout.title)
