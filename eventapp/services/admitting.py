"""What happens when a ticket is scanned? The scan is kept as a fact; who is inside follows from it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.admission import Action, Result, objection
from eventapp.domain.errors import NotAllowed
from eventapp.domain.rehearsal import Check, write_failed
from eventapp.extensions import db
from eventapp.models import ApiToken
from eventapp.queries.door import Bearer, FoundTicket, chose, ticket_by_id, tickets_by_id
from eventapp.queries.scanned import kept_scan, kept_scans, scanned_before
from eventapp.services import entering, passing, presence
from eventapp.services.entering import keep_ready, keep_statement
from eventapp.services.passing import Outcome, Passing
from eventapp.services.scan_reports import ScanReport, Tickets, digest_of
from eventapp.transaction import transaction

# A device's last sign of life is written at most this often: the list of doors needs no more.
_SEEN_EVERY = timedelta(minutes=1)
# Names PostgreSQL's locks of uploads among all others.
_UPLOADS = 8418


class Verdict(NamedTuple):
    """What the door says. `ticket` is who it is about; None where this event has no business knowing."""

    scan_id: str
    result: Result
    ticket: FoundTicket | None
    first_scanned_at: datetime | None
    conflict: bool


class Rehearsal(NamedTuple):
    """What a phone tried before the doors opened: when, and what it cannot do."""

    at: datetime
    failed: Sequence[Check]


class Condition(NamedTuple):
    """How a phone says it is: what release it runs, how many scans still wait there, and a new rehearsal."""

    release: str
    waiting: int
    rehearsal: Rehearsal | None = None


def admit(report: ScanReport, *, by: Bearer, now: datetime, sent_at: datetime | None = None) -> Verdict:
    """Decide about one scan, keep it, and let the person in or out.

    Of two doors at once one admits. The same `scan_id` again gets the same answer and leaves one scan. With `sent_at`,
    the sender's clock at sending, the scan is an upload of what has happened: its moment is corrected by what that
    clock is off, and what the phone showed has happened. Without it the moment is now. Refuses with NotAllowed a
    `scan_id` that another event used.
    """
    tickets = Tickets.of_one(report)
    scan = _scan_of(report, tickets, by, now, sent_at)
    objected = _objected(scan)
    if objected is None and _usual(scan) and not _unseen(by, now):
        admitted = _values(scan, Outcome(Result.ADMITTED))
        if first := entering.come_in(admitted, presence.row_of(scan.passing)):
            return _verdict(scan, Outcome(Result.ADMITTED, first))
    try:
        with transaction():
            outcome = objected or passing.pass_through(scan.passing)
            _keep(scan, outcome)
            _note_last_seen(by, now)
    except _SeenBefore:
        row = kept_scan(report.scan_id)
        ticket = ticket_by_id(row.ticket_id) if row and row.ticket_id else None
        return _same_answer(report, row, ticket)
    return _verdict(scan, outcome)


def admit_all(
    reports: Sequence[ScanReport], *, by: Bearer, now: datetime, sent_at: datetime, condition: Condition | None = None
) -> list[Verdict | NotAllowed]:
    """Decide about all that a phone did since it last reached us, in its order, in one transaction.

    Each gets its own answer, as from `admit`; NotAllowed stands for a `scan_id` that another event used. An empty
    upload is a sign of life.
    """
    try:
        return _admit_all(reports, by, now, sent_at, condition)
    except _SeenBefore:
        # Somebody else kept one of them meanwhile, such as an office that read in the file of this phone.
        return _admit_all(reports, by, now, sent_at, condition)


def _admit_all(
    reports: Sequence[ScanReport], by: Bearer, now: datetime, sent_at: datetime, condition: Condition | None
) -> list[Verdict | NotAllowed]:
    tickets = Tickets.of_many(reports)
    with transaction():
        one_upload_at_a_time({report.event_id for report in reports})
        _note_condition(by, now, condition)
        kept = dict(kept_scans(report.scan_id for report in reports))
        before = tickets_by_id({row.ticket_id for row in kept.values() if row.ticket_id})
        seen = set(scanned_before(tickets.registration_ids()))
        fresh = [report for report in reports if report.scan_id not in kept]
        entered = _enter_all(_first_entries(fresh, tickets, seen, by, now, sent_at))
        unwritten: list[dict[str, Any]] = []
        answered: dict[str, Verdict] = {}
        answers: list[Verdict | NotAllowed] = []
        for report in reports:
            row = kept.get(report.scan_id)
            if report.scan_id in answered:
                answers.append(answered[report.scan_id])
                continue
            if row is not None:
                answers.append(_repeated(report, row, before.get(row.ticket_id)))
                continue
            verdict = _admit_now(report, tickets, by, now, sent_at, seen, entered, unwritten)
            answered[report.scan_id] = verdict
            answers.append(verdict)
        _write(unwritten)
        return answers


def _first_entries(
    reports: Sequence[ScanReport], tickets: Tickets, seen: set[int], by: Bearer, now: datetime, sent_at: datetime
) -> list["_Scan"]:
    """The scans that let somebody in of whom nothing was scanned before, and nothing else in this upload precedes."""
    first: dict[int, ScanReport] = {}
    for report in reports:
        named = tickets.named_by(report)
        if named is not None and named.registration_id not in seen:
            first.setdefault(named.registration_id, report)
    entries = [report for report in first.values() if report.action == Action.IN]
    scans = [_scan_of(report, tickets, by, now, sent_at) for report in entries]
    return [scan for scan in scans if scan.named is not None and _objected(scan) is None]


def _enter_all(scans: Sequence["_Scan"]) -> dict[str, datetime]:
    """Let them in with one statement; answers per scan when they came in first, where that is this very moment.

    Anybody else was inside or came before in a way that no scan tells, and is counted anew like all others.
    """
    by_person = {scan.passing.registration_id: scan for scan in scans}
    entered = presence.enter_all([one.passing for one in scans])
    return {
        scan.report.scan_id: first
        for person, scan in by_person.items()
        if person is not None and (first := entered.get(person)) == scan.counted_at and first is not None
    }


def _admit_now(
    report: ScanReport,
    tickets: Tickets,
    by: Bearer,
    now: datetime,
    sent_at: datetime,
    seen: set[int],
    entered: Mapping[str, datetime],
    unwritten: list[dict[str, Any]],
) -> Verdict:
    """Decide about one scan of an upload; `seen` are the people of whom something was scanned before.

    `entered` are the scans that let somebody in already, by their id.

    Scans are written many at a time, and before anything looks at them: an undo, or somebody's second scan.
    """
    named = tickets.named_by(report)
    new = named is not None and named.registration_id not in seen
    if not new:
        _write(unwritten)
    scan = _scan_of(report, tickets, by, now, sent_at)
    if report.scan_id in entered:
        outcome = Outcome(Result.ADMITTED, entered[report.scan_id])
    else:
        outcome = _objected(scan) or passing.pass_through(scan.passing)
    unwritten.append(_values(scan, outcome))
    if scan.named is not None:
        seen.add(scan.named.registration_id)
    return _verdict(scan, outcome)


class _Scan(NamedTuple):
    """A report with everything that was looked up for it."""

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
    def passing(self) -> Passing:
        report, ticket = self.report, self.named
        return Passing(
            registration_id=ticket.registration_id if ticket else None,
            event_id=report.event_id,
            session=report.session,
            action=report.action,
            at=self.counted_at,
            device_id=self.device_id,
            uploaded=self.uploaded,
            shown=report.shown,
            undone=self.undone,
        )


def counted_moment(report: ScanReport, *, now: datetime, sent_at: datetime | None) -> datetime:
    """When it happened by our clock, never in the future."""
    return now if sent_at is None else min(report.scanned_at + (now - sent_at), now)


def _scan_of(report: ScanReport, tickets: Tickets, by: Bearer, now: datetime, sent_at: datetime | None) -> _Scan:
    counted_at = counted_moment(report, now=now, sent_at=sent_at)
    digest, ticket, undone = digest_of(report) or report.seen_as, tickets.named_by(report), None
    if report.action == Action.UNDO:
        undone = kept_scan(report.undoes or "")
        undone = undone if undone and undone.event_id == report.event_id else None
        digest = undone.code_digest if undone else ""
        ticket = ticket_by_id(undone.ticket_id) if undone and undone.ticket_id else None
    return _Scan(report, by.id, now, counted_at, sent_at is not None, digest, ticket, undone)


def _objected(scan: _Scan) -> Outcome | None:
    """Why this scan lets nobody in or out; None when it may.

    A phone that turned somebody away did so, whatever we know now. One that showed a welcome we would not have given
    let somebody in: the organiser must see that.
    """
    report = scan.report
    if report.action == Action.UNDO:
        return None if scan.undone else Outcome(Result.UNKNOWN)
    if scan.uploaded and report.action == Action.IN and report.shown and report.shown != Result.ADMITTED:
        return Outcome(report.shown)
    against = objection(
        scan.ticket.facts if scan.ticket else None, event_id=report.event_id, scanned_at=scan.counted_at
    )
    if report.action != Action.IN and scan.named is not None:
        return None
    if against is None and report.session and not chose(scan.passing.registration_id or 0, report.session):
        against = Result.WRONG_SESSION
    let_in = report.action == Action.OVERRIDE or report.shown == Result.ADMITTED
    return Outcome(against, conflict=let_in) if against else None


def _usual(scan: _Scan) -> bool:
    """Somebody comes in, here and now."""
    return scan.report.action == Action.IN and not scan.uploaded and scan.named is not None


def _verdict(scan: _Scan, outcome: Outcome) -> Verdict:
    return Verdict(scan.report.scan_id, outcome.result, scan.named, outcome.first_scanned_at, outcome.conflict)


class _SeenBefore(Exception):
    """This scan was kept already: whatever was about to change is undone, and the first answer stands."""


def _keep(scan: _Scan, outcome: Outcome) -> None:
    if keep_ready(db.engine.dialect.name).scalar(_values(scan, outcome)) is None:
        raise _SeenBefore


def _write(unwritten: list[dict[str, Any]]) -> None:
    """Keep all of these, and empty the list."""
    if unwritten:
        kept = db.session.execute(keep_statement(db.engine.dialect.name), unwritten).all()
        if len(kept) != len(unwritten):
            raise _SeenBefore
    unwritten.clear()


def _values(scan: _Scan, outcome: Outcome) -> dict[str, Any]:
    """The row of a scan; no code, only its digest."""
    report, ticket, undone = scan.report, scan.named, scan.undone
    return {
        "scan_id": report.scan_id,
        "event_id": report.event_id,
        "session": undone.session if undone else report.session,
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


def _same_answer(report: ScanReport, row: sa.Row[Any] | None, ticket: FoundTicket | None) -> Verdict:
    """The answer that the first report of this scan got."""
    if row is None or row.event_id != report.event_id:
        raise NotAllowed()
    return Verdict(row.scan_id, row.result, ticket, row.first_scanned_at, row.conflict)


def _repeated(report: ScanReport, row: sa.Row[Any], ticket: FoundTicket | None) -> Verdict | NotAllowed:
    try:
        return _same_answer(report, row, ticket)
    except NotAllowed as refusal:
        return refusal


def one_upload_at_a_time(event_ids: Iterable[int]) -> None:
    """Within a transaction that holds the rows of many people, in an order of its own: a phone's queue, a list to tick.

    Two of them could wait for one another for ever. SQLite's writers stand in line anyway.
    """
    if db.engine.dialect.name == "postgresql":
        for event_id in sorted(event_ids):
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPLOADS, event_id)))


def _unseen(by: Bearer, now: datetime) -> bool:
    return by.last_used_at is None or now - by.last_used_at >= _SEEN_EVERY


def _note_last_seen(by: Bearer, now: datetime) -> None:
    if _unseen(by, now):
        db.session.execute(sa.update(ApiToken.__table__).where(ApiToken.id == by.id).values(last_used_at=now))


def _note_condition(by: Bearer, now: datetime, condition: Condition | None) -> None:
    if condition is None:
        return _note_last_seen(by, now)
    said: dict[str, Any] = {"last_used_at": now, "app_release": condition.release, "waiting": condition.waiting}
    if condition.rehearsal:
        said["rehearsed_at"] = min(condition.rehearsal.at, now)
        said["rehearsal_failed"] = write_failed(condition.rehearsal.failed)
    db.session.execute(sa.update(ApiToken.__table__).where(ApiToken.id == by.id).values(said))
