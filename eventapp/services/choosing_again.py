"""What somebody chose is no longer there, or at another time: they are told, and choose again.

However many are concerned, rows change in a few statements; `telling` writes the mails.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import SpeaksElsewhere
from eventapp.domain.registrations import HOLDING, State
from eventapp.domain.waiting import IN_LINE, EntryState
from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Registration, Round, WaitingEntry
from eventapp.services import holding, mails, speaking
from eventapp.services.locks import lock_orders_at
from eventapp.services.telling import News, tell


def let_go(breakout: Breakout, *, by: Actor, now: datetime) -> int:
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
    holding.empty(breakout.capacity.id)
    for registration_id in sorted(presents):
        _present_again(breakout, registration_id, now=now)
    facts = {
        "breakout_id": breakout.id,
        "key": f"{now:%Y%m%d%H%M%S%f}",
        "chose": sorted(chosen),
        "presents": sorted(presents),
    }
    return tell(News.CHOOSE_AGAIN, _who_heard({*waited, *chosen, *presents}), facts, by=by, now=now)


def tell_moved(found: Round, *, by: Actor, now: datetime) -> int:
    """A round is at another time: whoever does something in it gets the new programme. Answers how many."""
    lock_orders_at(found.event_id)
    in_it = sa.select(Choice.registration_id).where(Choice.round_id == found.id, Choice.breakout_id.is_not(None))
    confirmed = sa.and_(Registration.id.in_(in_it), Registration.state == State.CONFIRMED)
    ids = db.session.scalars(sa.select(Registration.id).where(confirmed).order_by(Registration.id)).all()
    return tell(News.ROUND_MOVED, ids, {}, by=by, now=now)


def _end_line(breakout: Breakout, *, now: datetime) -> set[int]:
    """Nobody waits for it any more, nor has it on offer; answers whose waits these were."""
    standing = sa.and_(WaitingEntry.breakout_id == breakout.id, WaitingEntry.state.in_(IN_LINE))
    ended = sa.update(WaitingEntry).where(standing).values(state=EntryState.LEFT, ended_at=now)
    gone = ended.returning(WaitingEntry.registration_id).execution_options(synchronize_session=False)
    return set(db.session.scalars(gone))


def _taken_away(breakout: Breakout, *, speaks: bool) -> set[int]:
    mine = sa.and_(Choice.breakout_id == breakout.id, Choice.speaks.is_(speaks))
    gone = db.session.scalars(sa.delete(Choice).where(mine).returning(Choice.registration_id))
    return set(gone)


def _present_again(breakout: Breakout, registration_id: int, *, now: datetime) -> None:
    """In the rounds where it is now; who stands in front elsewhere in one of them presents it no more."""
    registration = db.session.get_one(Registration, registration_id, populate_existing=True)
    if not breakout.cancelled_at:
        try:
            with db.session.begin_nested():
                speaking.stand_in_front(registration_id, breakout, now=now)
        except SpeaksElsewhere:
            pass
    if registration.holds:
        holding.take(registration, force=True)


def _who_heard(ids: Collection[int]) -> list[int]:
    """Those with a place who were ever written to: a colleague only from their link or their ticket on."""
    wanted = sa.select(Registration.id).join(Registration.order).where(Registration.state.in_(HOLDING), mails.heard())
    return list(db.session.scalars(wanted.where(Registration.id.in_(ids)).order_by(Registration.id)))
