"""What does a scan that nothing speaks against do to who is inside?"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.admission import Action, Kept, Passage, Result, entry_at, passages, stay_of
from eventapp.services import presence


class Outcome(NamedTuple):
    result: Result
    first_scanned_at: datetime | None = None
    conflict: bool = False


class Passing(NamedTuple):
    """Somebody at a door. `uploaded`: it has happened, and the phone said `shown`. `undone` is the scan taken back."""

    registration_id: int | None
    event_id: int
    session: str
    action: Action
    at: datetime
    device_id: int
    uploaded: bool
    shown: Result | None
    undone: sa.Row[Any] | None = None


def pass_through(passing: Passing) -> Outcome:
    """Let somebody in or out."""
    if passing.action == Action.UNDO:
        return _undo(passing)
    return (_REPORTED if passing.uploaded else _NOW)[passing.action](passing)


def _come_in(passing: Passing) -> Outcome:
    first = _enter(passing)
    if first:
        return Outcome(Result.ADMITTED, first)
    first = presence.first_came(_who(passing), passing.session)
    return Outcome(Result.ALREADY_IN, first, conflict=passing.shown == Result.ADMITTED)


def _go_out(passing: Passing) -> Outcome:
    left = presence.leave(_who(passing), passing.session)
    return Outcome(Result.LEFT if left else Result.NOT_INSIDE)


def _let_in(passing: Passing) -> Outcome:
    first = _enter(passing) or presence.first_came(_who(passing), passing.session)
    return Outcome(Result.OVERRIDDEN, first)


def _came_in(passing: Passing) -> Outcome:
    through = passages(_scans(passing))
    entry = entry_at(through, passing.at, shown_welcome=passing.shown == Result.ADMITTED)
    if entry.result == Result.ADMITTED or entry.conflict:
        _settle(passing, through, inward=True)
    return Outcome(entry.result, entry.first_in_at, entry.conflict)


def _went_out(passing: Passing) -> Outcome:
    through = passages(_scans(passing))
    inside = stay_of(one for one in through if one.at <= passing.at).inside_since
    if inside or passing.shown == Result.LEFT:
        _settle(passing, through, inward=False)
    return Outcome(Result.LEFT if inside else Result.NOT_INSIDE)


def _was_let_in(passing: Passing) -> Outcome:
    stay = _settle(passing, passages(_scans(passing)), inward=True)
    return Outcome(Result.OVERRIDDEN, stay)


_NOW: dict[Action, Callable[[Passing], Outcome]] = {
    Action.IN: _come_in,
    Action.OUT: _go_out,
    Action.OVERRIDE: _let_in,
}
_REPORTED: dict[Action, Callable[[Passing], Outcome]] = {
    Action.IN: _came_in,
    Action.OUT: _went_out,
    Action.OVERRIDE: _was_let_in,
}


def _undo(passing: Passing) -> Outcome:
    """Take a scan back, once: what follows is counted anew without it."""
    undone = passing.undone
    assert undone is not None
    if undone.registration_id is None:
        return Outcome(Result.UNDONE)
    of = {"registration_id": undone.registration_id, "session": undone.session}
    scans = presence.scans_of(event_id=passing.event_id, **of)
    if any(scan.undoes == undone.scan_id for scan in scans):
        return Outcome(Result.NOT_INSIDE)
    presence.settle(stay_of(passages(scans, undoing=undone.scan_id)), **of)
    return Outcome(Result.UNDONE)


def _settle(passing: Passing, through: Sequence[Passage], *, inward: bool) -> datetime | None:
    """Write down where this passage among the others leaves somebody; when they first came in."""
    mine = Passage(passing.at, inward, passing.device_id)
    stay = stay_of(sorted([*through, mine], key=lambda passage: passage.at))
    presence.settle(stay, registration_id=_who(passing), session=passing.session)
    return stay.first_in_at


def _scans(passing: Passing) -> list[Kept]:
    return presence.scans_of(registration_id=_who(passing), event_id=passing.event_id, session=passing.session)


def _enter(passing: Passing) -> datetime | None:
    return presence.enter(
        registration_id=_who(passing),
        event_id=passing.event_id,
        session=passing.session,
        at=passing.at,
        device_id=passing.device_id,
    )


def _who(passing: Passing) -> int:
    """Whose presence this is about; only asked where nothing was objected."""
    assert passing.registration_id is not None
    return passing.registration_id
