"""The door's endpoints: one scan, many scans, and somebody's name."""

from typing import Any

from eventapp.domain.actors import Scope
from eventapp.domain.errors import NotAllowed
from eventapp.domain.looks import PeopleList
from eventapp.domain.registrations import LIVE, State
from eventapp.domain.roster import door_id
from eventapp.formatting import full_name
from eventapp.queries.door import search_people
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.bearer import current_bearer, reachable_event
from eventapp.web.api.operations import operation
from eventapp.web.api.refusals import OTHER_EVENT, UNKNOWN_EVENT, of
from eventapp.web.api.scans import many_scans, one_scan
from eventapp.web.api.schemas.scans import BatchIn, BatchOut, FoundOut, NameAsked, ScanIn, SearchOut, VerdictOut
from eventapp.web.looks import lists_people, names_people

_DOOR = (UNKNOWN_EVENT, OTHER_EVENT, of(NotAllowed))


@blueprint.post("/checkin")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
@operation("Scan one ticket", refuses=_DOOR)
def check_in(scan: ScanIn) -> VerdictOut:
    """Decide about a scan now. The same `scan_id` twice is one scan and the same answer."""
    return one_scan(scan)


@blueprint.post("/checkin/batch")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
@operation("Report what a door did without network", refuses=(UNKNOWN_EVENT, OTHER_EVENT))
def check_in_batch(batch: BatchIn) -> BatchOut:
    """Up to a thousand scans, each with its own answer in the same order; a bad one stops no other."""
    return many_scans(batch)


@blueprint.get("/checkin/search")
@audience(Audience.TOKEN, scopes=(Scope.SEARCH,))
@lists_people(PeopleList.DOOR)
@operation("Look for a name at the door", refuses=(UNKNOWN_EVENT, OTHER_EVENT))
def search(asked: NameAsked) -> SearchOut:
    """People of the event whose names begin like this."""
    event_id = reachable_event(asked.event)
    rows = search_people(event_id, asked.q[:100])
    names_people(len(rows), by=current_bearer().actor, event_id=event_id)
    return SearchOut(results=[_found(row, asked.event) for row in rows])


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
