"""What happens when a ticket is scanned? The scan is kept as a fact; who is inside follows from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.domain.admission import Action, Result, objection
from eventapp.domain.errors import NotAllowed
from eventapp.domain.tickets import code_digest, normalise_code
from eventapp.extensions import db
from eventapp.models import ApiToken, Scan
from eventapp.queries.door import Bearer, FoundTicket, ticket_by_digest, ticket_by_id
from eventapp.services import presence
from eventapp.transaction import transaction

# A device's last sign of life is written at most this often: the list of doors needs no more.
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a phone says happened. A ticket is named by its code or by its id, an undo by the scan it takes back."""

    scan_id: str
    event_id: int
    action: Action
    scanned_at: datetime
    code: str | None = None
    ticket_id: int | None = None
    session: str = ""
    undoes: str | None = None
    seq: int | None = None
    list_version: str = ""
    shown: Result | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the door says. `ticket` is who it is about; None where this event has no business knowing."""

    scan_id: str
    result: Result
    ticket: FoundTicket | None
    first_scanned_at: datetime | None
    conflict: bool


def admit(report: ScanReport, *, by: Bearer, now: datetime, sent_at: datetime | None = None) -> Verdict:
    """Decide about one scan, keep it, and let the person in or out.

    Of two doors at once one admits. The same `scan_id` again gets the same answer and leaves one scan. With `sent_at`,
    the sender's clock at sending, the scan is an upload of what has happened: its moment is corrected by what that
    clock is off, and what the phone showed has happened. Without it the moment is now. Refuses with NotAllowed a
    `scan_id` that another event used.
    """
    scan = _Scan(report, by.id, now, _counted_at(report, sent_at, now), sent_at is not None, *_subject_of(report))
    objected = scan.objected
    try:
        with transaction():
            outcome = objected or _ACTIONS[report.action](scan)
            _keep(scan, outcome)
            _note_last_seen(by, now)
    except _SeenBefore:
        return _same_answer(report)
    return Verdict(report.scan_id, outcome.result, scan.named, outcome.first_scanned_at, outcome.conflict)


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Result
    first_scanned_at: datetime | None = None
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class _Scan:
    """A report with everything that was looked up before the transaction."""

    report: ScanReport
    device_id: int
    now: datetime
    counted_at: datetime
    uploaded: bool
    digest: str
    ticket: FoundTicket | None
    undone: sa.Row[Any] | None

    @property
    def named(self) -> FoundTicket | None:
        """The ticket, when it belongs to this event."""
        return self.ticket if self.ticket and self.ticket.event_id == self.report.event_id else None

    @property
    def registration_id(self) -> int:
        """Whose presence this is about; only asked where nothing was objected."""
        assert self.ticket is not None
        return self.ticket.registration_id

    @property
    def objected(self) -> _Outcome | None:
        """Why this scan lets nobody in or out; None when it may.

        A phone that turned somebody away did so, whatever we know now. One that showed a welcome we would not have
        given let somebody in: the organiser must see that.
        """
        report = self.report
        if report.action == Action.UNDO:
            return None if self.undone else _Outcome(Result.UNKNOWN)
        if self.uploaded and report.action == Action.IN and report.shown and report.shown != Result.ADMITTED:
            return _Outcome(report.shown)
        facts = self.ticket.facts if self.ticket else None
        against = objection(facts, event_id=report.event_id, scanned_at=self.counted_at)
        # No event has sessions yet, so nobody is in one.
        if against is None and report.session:
            against = Result.WRONG_SESSION
        if report.action != Action.IN and self.named is not None:
            against = None
        shown_welcome = report.action == Action.IN and report.shown == Result.ADMITTED
        return _Outcome(against, conflict=shown_welcome) if against else None


def _counted_at(report: ScanReport, sent_at: datetime | None, now: datetime) -> datetime:
    """When it happened by our clock, never in the future."""
    return now if sent_at is None else min(report.scanned_at + (now - sent_at), now)


def _subject_of(report: ScanReport) -> tuple[str, FoundTicket | None, sa.Row[Any] | None]:
    """Digest of the code, the ticket, and the scan that an undo names."""
    if report.action == Action.UNDO:
        undone = _scan_row(report.undoes or "")
        if undone is None or undone.event_id != report.event_id:
            return "", None, None
        return undone.code_digest, ticket_by_id(undone.ticket_id) if undone.ticket_id else None, undone
    if report.ticket_id is not None:
        return "", ticket_by_id(report.ticket_id), None
    code = normalise_code(report.code or "")
    if code is None:
        return "", None, None
    digest = code_digest(code)
    return digest, ticket_by_digest(digest), None


def _come_in(scan: _Scan) -> _Outcome:
    first = _enter(scan)
    if first:
        return _Outcome(Result.ADMITTED, first)
    first = presence.first_came(scan.registration_id, scan.report.session)
    shown_welcome = scan.report.shown == Result.ADMITTED
    if scan.uploaded and first and scan.counted_at < first:
        presence.came_earlier(scan.registration_id, scan.report.session, at=scan.counted_at, device_id=scan.device_id)
        return _Outcome(Result.ADMITTED, scan.counted_at, conflict=True)
    return _Outcome(Result.ALREADY_IN, first, conflict=shown_welcome)


def _go_out(scan: _Scan) -> _Outcome:
    left = presence.leave(scan.registration_id, scan.report.session)
    return _Outcome(Result.LEFT if left else Result.NOT_INSIDE)


def _override(scan: _Scan) -> _Outcome:
    first = _enter(scan) or presence.first_came(scan.registration_id, scan.report.session)
    return _Outcome(Result.OVERRIDDEN, first)


def _undo(scan: _Scan) -> _Outcome:
    """Take back what the named scan did; a scan that did nothing is simply taken back."""
    undone = scan.undone
    assert undone is not None
    if undone.result in (Result.ADMITTED, Result.OVERRIDDEN) and undone.registration_id:
        gone = presence.undo_entry(undone.registration_id, undone.session, at=undone.counted_at)
        return _Outcome(Result.UNDONE if gone else Result.NOT_INSIDE)
    if undone.result == Result.LEFT:
        back = presence.undo_leaving(undone.registration_id, undone.session)
        return _Outcome(Result.UNDONE if back else Result.ALREADY_IN)
    return _Outcome(Result.UNDONE)


_ACTIONS: dict[Action, Callable[[_Scan], _Outcome]] = {
    Action.IN: _come_in,
    Action.OUT: _go_out,
    Action.OVERRIDE: _override,
    Action.UNDO: _undo,
}


def _enter(scan: _Scan) -> datetime | None:
    return presence.enter(
        registration_id=scan.registration_id,
        event_id=scan.report.event_id,
        session=scan.report.session,
        at=scan.counted_at,
        device_id=scan.device_id,
    )


class _SeenBefore(Exception):
    """This scan was kept already: whatever was about to change is undone, and the first answer stands."""


_SCANS: sa.Table = Scan.__table__
_ONE_SCAN = sa.select(_SCANS).where(_SCANS.c.scan_id == sa.bindparam("scan_id"))


def _keep(scan: _Scan, outcome: _Outcome) -> None:
    """Write the scan; no code, only its digest."""
    report, ticket = scan.report, scan.named
    values = {
        "scan_id": report.scan_id,
        "event_id": report.event_id,
        "session": report.session,
        "ticket_id": ticket.id if ticket else None,
        "registration_id": ticket.registration_id if ticket else None,
        "code_digest": scan.digest,
        "device_id": scan.device_id,
        "action": report.action,
        "result": outcome.result,
        "undoes": report.undoes,
        "shown": report.shown or "",
        "seq": report.seq,
        "list_version": report.list_version,
        "scanned_at": report.scanned_at,
        "counted_at": scan.counted_at,
        "received_at": scan.now,
        "first_scanned_at": outcome.first_scanned_at,
        "conflict": outcome.conflict,
    }
    if db.session.scalar(_keep_statement(db.engine.dialect.name), values) is None:
        raise _SeenBefore


@cache
def _keep_statement(dialect: str) -> Any:
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(_SCANS)
    return insert.on_conflict_do_nothing(index_elements=[_SCANS.c.scan_id]).returning(_SCANS.c.id)


def _same_answer(report: ScanReport) -> Verdict:
    """The answer that the first report of this scan got."""
    row = _scan_row(report.scan_id)
    if row is None or row.event_id != report.event_id:
        raise NotAllowed()
    ticket = ticket_by_id(row.ticket_id) if row.ticket_id else None
    return Verdict(row.scan_id, row.result, ticket, row.first_scanned_at, row.conflict)


def _scan_row(scan_id: str) -> sa.Row[Any] | None:
    return db.session.execute(_ONE_SCAN, {"scan_id": scan_id}).first()


def _note_last_seen(by: Bearer, now: datetime) -> None:
    if by.last_used_at is None or now - by.last_used_at >= _SEEN_EVERY:
        db.session.execute(sa.update(ApiToken.__table__).where(ApiToken.id == by.id).values(last_used_at=now))
