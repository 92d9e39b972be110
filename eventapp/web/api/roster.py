"""What a phone carries to go on without network: the list of its door, and where doors contradicted each other."""

from base64 import b64encode

from flask import Response

from eventapp import documents
from eventapp.domain.actors import Scope
from eventapp.domain.looks import PeopleList
from eventapp.domain.roster import mail_mark, read_version
from eventapp.formatting import iso, local_date
from eventapp.queries.roster import Inside, Roster, RosterRow, roster_of
from eventapp.queries.scanned import Conflict, conflicts
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.bearer import current_bearer, reachable_event
from eventapp.web.api.operations import operation, tagged, unchanged_since
from eventapp.web.api.refusals import OTHER_EVENT, UNKNOWN_EVENT
from eventapp.web.api.schemas.roster import (
    ConflictOut,
    ConflictsOut,
    DoorAsked,
    InsideOut,
    ListAsked,
    RosterOut,
    RosterRowOut,
    RosterSessionOut,
    SightingOut,
)
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people


@blueprint.get("/checkin/roster")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
@lists_people(PeopleList.DOOR)
@operation("Read the list of a door", refuses=(UNKNOWN_EVENT, OTHER_EVENT))
def roster(asked: ListAsked) -> RosterOut | Response:
    """The list of an event; with `since` only the parts of it that changed, where that version is one of ours.

    Its ETag is the version of the list.
    """
    event_id = reachable_event(asked.event)
    found = roster_of(event_id, salt=asked.event)
    etag = str(found.version)
    if same := unchanged_since(etag):
        return same
    known = read_version(asked.since)
    parts = found.version.changed_since(known) if known else None
    if parts is None:
        # The list as a whole, once for each phone. What changes in it after that comes every ten seconds.
        names_people(len(found.rows), by=current_bearer().actor, event_id=event_id)
    return tagged(_roster(found, parts, names=Scope.NAMES in current_bearer().scopes), etag)


@blueprint.get("/checkin/conflicts")
@audience(Audience.TOKEN, scopes=(Scope.CHECKIN,))
@lists_people(PeopleList.DOOR)
@operation("Read where doors contradict each other", refuses=(UNKNOWN_EVENT, OTHER_EVENT))
def door_conflicts(asked: DoorAsked) -> ConflictsOut:
    """The contradictions in which the caller's own scans have a part; a program sees all of the event."""
    bearer = current_bearer()
    event_id = reachable_event(asked.event)
    own = [one for one in conflicts(event_id) if bearer.event_id is None or _concerns(one, bearer.id)]
    names_people(sum(bool(one.name) for one in own), by=bearer.actor, event_id=event_id)
    return ConflictsOut(conflicts=[_conflict(one, bearer.id) for one in own])


def _roster(found: Roster, parts: frozenset[str] | None, *, names: bool) -> RosterOut:
    rows = [row for row in found.rows if parts is None or row.id[:2] in parts]
    return RosterOut(
        v=str(found.version),
        event=found.event,
        title=found.title,
        server_time=now(),
        first_day=iso(local_date(found.starts_at)),
        last_day=iso(local_date(found.ends_at)),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        count=len(found.rows),
        parts=None if parts is None else sorted(parts),
        sessions=[
            RosterSessionOut(
                id=one.id,
                slug=one.slug,
                title=one.title,
                room=one.room,
                rounds=list(one.rounds),
                starts_at=one.starts_at,
                ends_at=one.ends_at,
            )
            for one in found.sessions
        ],
        rows=[_row(row, found.event, names=names) for row in rows],
    )


def _row(row: RosterRow, event: str, *, names: bool) -> RosterRowOut:
    sealed = documents.sealing.seal(_facts(row), code=row.code, event=event, row_id=row.id)
    more: dict[str, object] = {}
    if row.inside:
        more |= {"since": row.inside.since, "where": row.inside.where}
    if row.in_sessions:
        more["inside"] = {slug: _inside(one) for slug, one in row.in_sessions.items()}
    if row.conflict:
        more["conflict"] = True
    if names:
        more |= {"name": row.name, "mail": _mail(row)}
    return RosterRowOut.model_validate(
        {
            "id": row.id,
            "state": row.state,
            "type": row.category,
            "nonce": b64encode(sealed.nonce).decode(),
            "sealed": b64encode(sealed.box).decode(),
            **more,
        }
    )


def _facts(row: RosterRow) -> dict[str, object]:
    """What only the ticket itself opens; what is empty is left out, as thousands of them travel over bad networks."""
    facts = {
        "name": row.name,
        "organisation": row.organisation,
        "category": row.category.value,
        "sessions": list(row.sessions),
        "mail": _mail(row),
    }
    return {name: said for name, said in facts.items() if said}


def _mail(row: RosterRow) -> str:
    """The marks of the mail domains of whoever may come instead, one behind the other."""
    return "".join(mail_mark(row.id, domain) for domain in row.domains)


def _inside(inside: Inside) -> InsideOut:
    return InsideOut(since=inside.since, where=inside.where)


def _concerns(conflict: Conflict, device_id: int) -> bool:
    return any(sighting.device_id == device_id for sighting in conflict.sightings)


def _conflict(conflict: Conflict, device_id: int) -> ConflictOut:
    return ConflictOut(
        name=conflict.name,
        session=conflict.session,
        sightings=[
            SightingOut(door=one.door, at=one.at, result=one.result, mine=one.device_id == device_id)
            for one in conflict.sightings
        ],
    )
