"""The door's endpoints: one scan, many scans, and somebody's name."""

from typing import Any

from flask import Response, json, request

from eventapp.domain.actors import Scope
from eventapp.domain.registrations import LIVE, State
from eventapp.domain.roster import door_id
from eventapp.formatting import full_name
from eventapp.queries.door import search_people
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.bearer import reachable_event
from eventapp.web.api.scans import many_scans, one_scan
from eventapp.web.api.schemas import BatchIn, FoundOut, ScanIn, SearchOut


@blueprint.post("/checkin")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
def check_in() -> Response:
    answer = one_scan(ScanIn.model_validate_json(request.get_data()))
    return Response(answer.model_dump_json(exclude_unset=True), content_type="application/json")


@blueprint.post("/checkin/batch")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
def check_in_batch() -> Response:
    batch = BatchIn.model_validate_json(request.get_data())
    return Response(
        json.dumps({"results": [answered.as_dict() for answered in many_scans(batch)]}), content_type="application/json"
    )


@blueprint.get("/checkin/search")
@audience(Audience.TOKEN, scopes=(Scope.SEARCH,))
def search() -> Response:
    slug = request.args.get("event", "")
    found = [_found(row, slug) for row in search_people(reachable_event(slug), request.args.get("q", "")[:100])]
    return Response(SearchOut(results=found).model_dump_json(), content_type="application/json")


def _found(row: Any, slug: str) -> FoundOut:
    opens = row.state == State.CONFIRMED and row.code is not None
    return FoundOut(
        id=row.ticket_id if opens else None,
        list_id=door_id(slug, row.code) if opens else None,
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
