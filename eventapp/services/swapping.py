"""What when a colleague comes with somebody's ticket? At the door the place is theirs, by the rules of handing over."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.admission import Action, Result, objection
from eventapp.domain.errors import DomainError, IllegalStep, NotAllowed, PresenceFixed
from eventapp.domain.handing_over import HandOverState
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import HandOver, Presence, Registration, Scan
from eventapp.queries.door import Bearer, FoundTicket, ticket_by_id
from eventapp.queries.scanned import kept_scan, refused_swap
from eventapp.services import handing_over, presence
from eventapp.services.admitting import Condition, Verdict, admit_all, counted_moment
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.services.scan_reports import Newcomer, ScanReport, Tickets, digest_of
from eventapp.transaction import transaction


def take_in(
    reports: Sequence[ScanReport], *, by: Bearer, now: datetime, sent_at: datetime, condition: Condition | None = None
) -> list[Verdict | NotAllowed]:
    """Decide about all that a phone did, in its order, each with its own answer.

    What was scanned between two swaps is one transaction, as in `admit_all`; a swap is one of its own, since it locks
    an order and the places, and must not wait for the next while it does.
    """
    answers: list[Verdict | NotAllowed] = []
    if not reports or reports[0].action == Action.SWAP:
        admit_all([], by=by, now=now, sent_at=sent_at, condition=condition)
    for swaps, run in groupby(reports, key=lambda report: report.action == Action.SWAP):
        if swaps:
            answers += [_answer(report, by, now, sent_at) for report in run]
        else:
            answers += admit_all(list(run), by=by, now=now, sent_at=sent_at, condition=condition)
    return answers


def swap(report: ScanReport, *, by: Bearer, now: datetime, sent_at: datetime | None = None) -> Verdict:
    """Give the place of this ticket to the newcomer and let them in: `swapped`, or `not_swapped` for the desk.

    Only a colleague may, with a ticket that opens this door and whose owner is not inside; logged either way. With
    `sent_at` it has happened: what the phone let in and we would not have is marked for the organiser, by name. The
    same `scan_id` again gets the same answer. Refuses with NotAllowed a `scan_id` that another event used.
    """
    try:
        return _swap(report, by, now, sent_at)
    except IntegrityError:
        # The same swap twice at once, or the newcomer registered in this very moment: one of the two stands by now.
        return _swap(report, by, now, sent_at)


def _answer(report: ScanReport, by: Bearer, now: datetime, sent_at: datetime) -> Verdict | NotAllowed:
    try:
        return swap(report, by=by, now=now, sent_at=sent_at)
    except NotAllowed as refusal:
        return refusal


def _swap(report: ScanReport, by: Bearer, now: datetime, sent_at: datetime | None) -> Verdict:
    at = counted_moment(report, now=now, sent_at=sent_at)
    with transaction():
        named = Tickets.of_one(report).named_by(report)
        old = lock_order_of(named.registration_id) if named and named.event_id == report.event_id else None
        # Looked at under the lock: of one swap sent twice at once the second finds the first.
        kept = kept_scan(report.scan_id)
        if kept is not None:
            return _same(report, kept.event_id, kept.result, kept.ticket_id, kept.conflict)
        assert report.newcomer is not None
        try:
            with db.session.begin_nested():
                new = _give(old, named, report, at=at, by=by, now=now)
        except DomainError as refusal:
            return _refused(old, report, refusal, at=at, by=by, now=now, happened=sent_at is not None)
        _keep(report, new, Result.SWAPPED, at=at, by=by, now=now)
        ticket = new.ticket
        assert ticket is not None
        return Verdict(report.scan_id, Result.SWAPPED, ticket_by_id(ticket.id), None, False)


def _give(
    old: Registration | None, named: FoundTicket | None, report: ScanReport, *, at: datetime, by: Bearer, now: datetime
) -> Registration:
    """The newcomer's registration, let in. Raises what speaks against it."""
    ticket = ticket_by_id(named.id) if named else None
    against = objection(ticket.facts if ticket else None, event_id=report.event_id, scanned_at=at)
    if against or old is None or _is_inside(old.id):
        raise IllegalStep(state=str(against or "inside"), to="handed_over")
    if old.event.presence_fixed_at is not None:
        raise PresenceFixed()
    who = _newcomer(report)
    new = handing_over.give_at_door(old, who.address, who.given_name, who.infix, who.family_name, now=now)
    _remember(old, report, HandOverState.ACCEPTED, now=now, to=new.id)
    presence.enter(registration_id=new.id, event_id=report.event_id, session=report.session, at=at, device_id=by.id)
    note("handed_over_at_door", "registration", old.id, by=by.actor, now=now, event_id=old.event_id, to=new.id)
    return new


def _refused(
    old: Registration | None,
    report: ScanReport,
    refusal: DomainError,
    *,
    at: datetime,
    by: Bearer,
    now: datetime,
    happened: bool,
) -> Verdict:
    """For the desk. Whom a phone let in all the same stays known by name, until the event is forgotten."""
    let_in = happened and report.shown == Result.SWAPPED
    _keep(report, old, Result.NOT_SWAPPED, at=at, by=by, now=now, conflict=let_in)
    if old is not None:
        if let_in:
            _remember(old, report, HandOverState.REFUSED, now=now)
        why, event_id = refusal.code, old.event_id
        note("not_handed_over_at_door", "registration", old.id, by=by.actor, now=now, event_id=event_id, why=why)
    return Verdict(report.scan_id, Result.NOT_SWAPPED, None, None, let_in)


def _remember(
    old: Registration, report: ScanReport, state: HandOverState, *, now: datetime, to: int | None = None
) -> None:
    who = _newcomer(report)
    hand_over = HandOver(
        registration_id=old.id,
        to_registration_id=to,
        token=new_token() if to else refused_swap(report.scan_id),
        address=who.address,
        given_name=who.given_name,
        infix=who.infix,
        family_name=who.family_name,
        state=state,
        created_at=now,
        ended_at=now,
    )
    db.session.add(hand_over)


def _keep(
    report: ScanReport,
    whose: Registration | None,
    result: Result,
    *,
    at: datetime,
    by: Bearer,
    now: datetime,
    conflict: bool = False,
) -> None:
    ticket = whose.ticket if whose else None
    scan = Scan(
        scan_id=report.scan_id,
        event_id=report.event_id,
        session=report.session,
        ticket_id=ticket.id if ticket else None,
        registration_id=whose.id if whose else None,
        code_digest=digest_of(report) or report.seen_as,
        device_id=by.id,
        action=Action.SWAP,
        result=result,
        shown=report.shown or "",
        seq=report.seq,
        list_version=report.list_version,
        scanned_at=report.scanned_at,
        counted_at=at,
        received_at=now,
        conflict=conflict,
    )
    db.session.add(scan)
    db.session.flush()


def _same(report: ScanReport, event_id: int, result: Result, ticket_id: int | None, conflict: bool) -> Verdict:
    if event_id != report.event_id:
        raise NotAllowed()
    shown = ticket_by_id(ticket_id) if ticket_id and result == Result.SWAPPED else None
    return Verdict(report.scan_id, result, shown, None, conflict)


def _is_inside(registration_id: int) -> bool:
    inside = sa.select(Presence.id).where(
        Presence.registration_id == registration_id, Presence.inside_since.is_not(None)
    )
    return db.session.scalar(inside.limit(1)) is not None


def _newcomer(report: ScanReport) -> Newcomer:
    assert report.newcomer is not None
    return report.newcomer
