"""The door's endpoints: one scan, many scans, and somebody's name."""

from datetime import datetime
from typing import Any

from flask import Response, json, request
from pydantic import ValidationError

from eventapp.domain.actors import Scope
from eventapp.domain.errors import DomainError
from eventapp.domain.registrations import LIVE, State
from eventapp.formatting import full_name
from eventapp.queries.door import search_people
from eventapp.services.admitting import ScanReport, Verdict, admit
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.bearer import current_bearer, reachable_event, require
from eventapp.web.api.refusals import Refused, unreadable
from eventapp.web.api.schemas import AttendeeOut, BatchIn, FoundOut, ScanIn, SearchOut, VerdictOut
from eventapp.web.clock import now


@blueprint.post("/checkin")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
def check_in() -> Response:
    answer = _admitted(ScanIn.model_validate_json(request.get_data()))
    return Response(answer.model_dump_json(exclude_unset=True), content_type="application/json")


@blueprint.post("/checkin/batch")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
def check_in_batch() -> Response:
    batch = BatchIn.model_validate_json(request.get_data())
    results = [_one_of_many(scan, batch.sent_at) for scan in batch.scans]
    return Response(json.dumps({"results": results}), content_type="application/json")


@blueprint.get("/checkin/search")
@audience(Audience.TOKEN, scopes=(Scope.SEARCH,))
def search() -> Response:
    event_id = reachable_event(request.args.get("event", ""))
    found = [_found(row) for row in search_people(event_id, request.args.get("q", "")[:100])]
    return Response(SearchOut(results=found).model_dump_json(), content_type="application/json")


def _admitted(scan: ScanIn, sent_at: datetime | None = None) -> VerdictOut:
    bearer = current_bearer()
    if scan.ticket_id is not None and bearer.event_id is not None:
        # A number can be guessed and answers with a name: only a phone that may look for names may use it.
        require(Scope.SEARCH)
    report = ScanReport(
        scan_id=str(scan.scan_id),
        event_id=reachable_event(scan.event),
        action=scan.action,
        scanned_at=scan.scanned_at,
        code=scan.code,
        ticket_id=scan.ticket_id,
        session=scan.session or "",
        undoes=str(scan.undoes) if scan.undoes else None,
        seq=scan.seq,
        list_version=scan.list_version or "",
        shown=scan.shown,
    )
    return _verdict(admit(report, by=bearer, now=now(), sent_at=sent_at))


def _verdict(verdict: Verdict) -> VerdictOut:
    ticket = verdict.ticket
    attendee = ticket and AttendeeOut(
        name=full_name(ticket.given_name, ticket.infix, ticket.family_name),
        organisation=ticket.organisation,
        category=ticket.category,
        note="",
        sessions=[],
    )
    said: dict[str, Any] = {"scan_id": verdict.scan_id, "result": verdict.result, "attendee": attendee}
    if verdict.first_scanned_at:
        said["first_scanned_at"] = verdict.first_scanned_at
    if verdict.conflict:
        said["conflict"] = True
    return VerdictOut(**said)


def _one_of_many(scan: Any, sent_at: datetime) -> dict[str, Any]:
    """The answer to one scan of a batch; what is wrong with it stands in its `problem`."""
    try:
        return _admitted(ScanIn.model_validate(scan), sent_at).model_dump(mode="json", exclude_unset=True)
    except ValidationError as error:
        refused = unreadable(error)
    except Refused as error:
        refused = error
    except DomainError as error:
        refused = Refused(403, error.code, "This scan belongs to another event")
    scan_id = scan.get("scan_id") if isinstance(scan, dict) else None
    return {"scan_id": scan_id if isinstance(scan_id, str) else None, "problem": refused.as_dict()}


def _found(row: Any) -> FoundOut:
    return FoundOut(
        id=row.ticket_id if row.state == State.CONFIRMED else None,
        name=full_name(row.given_name, row.infix, row.family_name),
        organisation=row.organisation_name,
        category=row.category,
        state=_door_state(row.state, inside=row.inside_since is not None),
        inside_since=row.inside_since,
    )


def _door_state(state: State, *, inside: bool) -> str:
    """The words of the door's list: valid, inside, unpaid or cancelled."""
    if inside:
        return "inside"
    if state == State.CONFIRMED:
        return "valid"
    return "unpaid" if state in LIVE else "cancelled"
