"""How does a scan come in as JSON, alone or with hundreds of others, and how does its verdict go out?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from eventapp.domain.actors import Scope
from eventapp.domain.admission import Action
from eventapp.domain.errors import NotAllowed
from eventapp.formatting import full_name
from eventapp.queries.door import FoundTicket, Session, sessions_of
from eventapp.queries.roster import tickets_by_door_id
from eventapp.services.admitting import Condition, Rehearsal, Verdict, admit
from eventapp.services.scan_reports import Newcomer, ScanReport
from eventapp.services.swapping import swap, take_in
from eventapp.web.api.bearer import current_bearer, reachable_event, require
from eventapp.web.api.refusals import Refusal, Refused, unreadable
from eventapp.web.api.schemas.scans import (
    AttendeeOut,
    BatchIn,
    BatchOut,
    NewcomerIn,
    ScanIn,
    ScanProblemOut,
    SessionOut,
    Unread,
    UntakenOut,
    VerdictOut,
)
from eventapp.web.clock import now

# As much of a list's version as names it; the rest of it says how its parts differ.
_VERSION_NAME = 16


def one_scan(scan: ScanIn) -> VerdictOut:
    """Decide about one scan now. Refuses with Refused what the caller may not do, and with NotAllowed."""
    report = _Reading().report(scan)
    act = swap if report.action == Action.SWAP else admit
    verdict = act(report, by=current_bearer(), now=now())
    return _verdict(scan, verdict, _sessions([verdict]))


def many_scans(batch: BatchIn) -> BatchOut:
    """Decide about all that a phone did, each with its own answer in the same order."""
    reading = _Reading()
    read = [_report(reading, scan) for scan in batch.scans]
    reports = [report for report in read if isinstance(report, ScanReport)]
    verdicts = take_in(reports, by=current_bearer(), now=now(), sent_at=batch.sent_at, condition=_condition(batch))
    sessions = _sessions([verdict for verdict in verdicts if isinstance(verdict, Verdict)])
    following = iter(verdicts)
    return BatchOut(
        results=[
            _answered(scan, next(following), sessions) if isinstance(report, ScanReport) else report
            for scan, report in zip(batch.scans, read, strict=True)
        ]
    )


def _condition(batch: BatchIn) -> Condition | None:
    if batch.release is None:
        return None
    tried = batch.rehearsal
    rehearsal = Rehearsal(tried.at + (now() - batch.sent_at), tried.failed) if tried else None
    return Condition(batch.release, batch.waiting, rehearsal)


def _answered(
    scan: ScanIn, verdict: Verdict | NotAllowed, sessions: Mapping[int, list[SessionOut]]
) -> VerdictOut | UntakenOut:
    if isinstance(verdict, NotAllowed):
        other = Refusal(403, verdict.code, "This scan belongs to another event")
        return _untaken(str(scan.scan_id), Refused(other))
    return _verdict(scan, verdict, sessions)


def _untaken(scan_id: str | None, refused: Refused) -> UntakenOut:
    problem = ScanProblemOut(**vars(refused.refusal), **refused.more)
    return UntakenOut(scan_id=scan_id, problem=problem)


class _Reading:
    """Makes reports of scans; what a list calls a ticket is looked up once for all of them."""

    def __init__(self) -> None:
        self._event_id = cache(reachable_event)
        self._listed = cache(lambda slug: tickets_by_door_id(self._event_id(slug), slug))

    def report(self, scan: ScanIn) -> ScanReport:
        """The report as the use case takes it. Refuses with Refused what the caller may not do."""
        if isinstance(scan.ticket_id, int) and current_bearer().event_id is not None:
            # A number can be guessed and answers with a name: only a phone that may look for names may use it.
            require(Scope.SEARCH)
        event_id = self._event_id(scan.event)
        named = scan.ticket_id
        ticket_id = self._listed(scan.event).get(named) if isinstance(named, str) else named
        return report_of(scan, event_id=event_id, ticket_id=ticket_id)


def report_of(scan: ScanIn, *, event_id: int, ticket_id: int | None) -> ScanReport:
    """The report as the use case takes it; `ticket_id` is the ticket that the scan names in whatever way."""
    return ScanReport(
        scan_id=str(scan.scan_id),
        event_id=event_id,
        action=scan.action,
        scanned_at=scan.scanned_at,
        code=scan.code,
        ticket_id=ticket_id,
        seen_as=scan.ticket_id if isinstance(scan.ticket_id, str) else "",
        session=scan.session or "",
        undoes=str(scan.undoes) if scan.undoes else None,
        seq=scan.seq,
        list_version=(scan.list_version or "")[:_VERSION_NAME],
        shown=scan.shown,
        newcomer=_newcomer(scan.newcomer),
    )


def _newcomer(said: NewcomerIn | None) -> Newcomer | None:
    return Newcomer(said.given_name, said.infix, said.family_name, said.email) if said else None


def _report(reading: _Reading, scan: ScanIn | Unread) -> ScanReport | UntakenOut:
    """A scan of a batch as the use case takes it; a bad one stops no other."""
    if isinstance(scan, Unread):
        return _untaken(scan.scan_id, unreadable(scan.error))
    try:
        return reading.report(scan)
    except Refused as refused:
        return _untaken(str(scan.scan_id), refused)


def _verdict(scan: ScanIn, verdict: Verdict, sessions: Mapping[int, list[SessionOut]]) -> VerdictOut:
    said: dict[str, Any] = {"scan_id": verdict.scan_id, "result": verdict.result, "attendee": None}
    if verdict.ticket and _may_know(scan):
        said["attendee"] = _attendee(verdict.ticket, sessions.get(verdict.ticket.registration_id, []))
    if verdict.first_scanned_at:
        said["first_scanned_at"] = verdict.first_scanned_at
    if verdict.conflict:
        said["conflict"] = True
    return VerdictOut(**said)


def _may_know(scan: ScanIn) -> bool:
    """Every phone holds the list's ids of all tickets: only one that may search gets a name for them."""
    bearer = current_bearer()
    return not isinstance(scan.ticket_id, str) or bearer.event_id is None or Scope.SEARCH in bearer.scopes


def _attendee(ticket: FoundTicket, sessions: Sequence[SessionOut]) -> AttendeeOut:
    return AttendeeOut(
        name=full_name(ticket.given_name, ticket.infix, ticket.family_name),
        organisation=ticket.organisation,
        category=ticket.category,
        note="",
        sessions=list(sessions),
    )


def _sessions(verdicts: Sequence[Verdict]) -> Mapping[int, list[SessionOut]]:
    """Where these people go, asked only where there is a programme: the queue at the door waits for this."""
    asked = {one.ticket.registration_id for one in verdicts if one.ticket and one.ticket.has_programme}
    found: dict[int, list[SessionOut]] = defaultdict(list)
    for one in sessions_of(asked) if asked else ():
        found[one.registration_id].append(_session(one))
    return found


def _session(one: Session) -> SessionOut:
    return SessionOut(
        round=one.round,
        slug=one.slug,
        title=one.title,
        room=one.room,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        speaks=one.speaks,
    )
