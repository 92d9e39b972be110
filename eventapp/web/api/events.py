"""The programme and its registrations, for other systems of the association and for its website."""

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app
from sqlalchemy import Row

from eventapp.domain.actors import Scope
from eventapp.domain.events import RegistrationMode
from eventapp.domain.looks import PeopleList
from eventapp.domain.pricing import PriceLine
from eventapp.links import Links
from eventapp.models import Event
from eventapp.queries import programme
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint, paging
from eventapp.web.api.bearer import current_bearer, own_event_id, reachable_event
from eventapp.web.api.operations import operation, tagged, unchanged_since
from eventapp.web.api.refusals import OTHER_EVENT, UNKNOWN_EVENT, Refused
from eventapp.web.api.schemas.events import EventOut, EventsOut, PageAsked, PlacesOut, PriceOut
from eventapp.web.api.schemas.registrations import RegistrationOut, RegistrationsOut
from eventapp.web.cross_origin import readable_elsewhere
from eventapp.web.looks import lists_people, names_people
from eventapp.web.public.caching import etag_of


@blueprint.get("/events")
@readable_elsewhere
@audience(Audience.PUBLIC, scopes=(Scope.EVENTS_READ,))
@operation("List events", paged=True)
def list_events(asked: PageAsked) -> EventsOut | Response:
    """Every event that is published or cancelled, past ones too, in order of time."""
    after = paging.after(asked, lambda parts: (paging.moment(parts[0]), paging.row_id(parts[1])))
    rows = programme.listed_events(only=own_event_id(), after=after, limit=asked.limit + 1)
    page, cursor = paging.cut(rows, asked.limit, lambda row: [row.starts_at.isoformat(), row.id])
    etag = etag_of([tuple(row) for row in page] + [cursor])
    answer = unchanged_since(etag) or tagged(EventsOut(events=_events(page), next_cursor=cursor), etag)
    return paging.linked(_public(answer), asked, cursor)


@blueprint.get("/events/<slug>")
@readable_elsewhere
@audience(Audience.PUBLIC, scopes=(Scope.EVENTS_READ,))
@operation("Read one event", refuses=(UNKNOWN_EVENT, OTHER_EVENT))
def show_event(slug: str) -> EventOut | Response:
    """An event by its address, now or before."""
    row = _listed(slug)
    etag = etag_of(tuple(row))
    return _public(unchanged_since(etag) or tagged(_events([row])[0], etag))


@blueprint.get("/events/<slug>/registrations")
@audience(Audience.TOKEN, scopes=(Scope.REGISTRATIONS_READ,))
@lists_people(PeopleList.REGISTRATIONS)
@operation("List the registrations of an event", refuses=(UNKNOWN_EVENT, OTHER_EVENT), paged=True)
def list_registrations(slug: str, asked: PageAsked) -> RegistrationsOut | Response:
    """In order of arrival, cancelled ones too, with when they first came in."""
    after = paging.after(asked, lambda parts: paging.row_id(parts[0]))
    event_id = _listed(slug).id
    rows = programme.registrations(event_id, after=after or 0, limit=asked.limit + 1)
    page, cursor = paging.cut(rows, asked.limit, lambda row: [row.id])
    names_people(len(page), by=current_bearer().actor, event_id=event_id)
    etag = etag_of([tuple(row) for row in page] + [cursor])
    shown = [RegistrationOut.model_validate(row, from_attributes=True) for row in page]
    answer = unchanged_since(etag) or tagged(RegistrationsOut(registrations=shown, next_cursor=cursor), etag)
    return paging.linked(answer, asked, cursor)


def _public(answer: Response) -> Response:
    """What everybody may see, anybody may keep, as long as they ask whether it still holds."""
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def _listed(slug: str) -> Row:
    row = programme.listed_event(reachable_event(slug))
    if row is None:
        raise Refused(UNKNOWN_EVENT)
    return row


def _events(rows: Sequence[Row]) -> list[EventOut]:
    waiting = {row.id: row.waiting for row in rows}
    return [_event(event, waiting[event.id]) for event in programme.events_whole(list(waiting))]


def _event(event: Event, waiting: int) -> EventOut:
    own: dict[str, Any] = {name: getattr(event, name) for name in EventOut.model_fields if hasattr(event, name)}
    return EventOut.model_validate(
        own
        | {
            "fields": [field.code for field in event.fields],
            "target_groups": [group.code for group in event.target_groups],
            "prices": [_price(line) for line in event.price_lines],
            "places": PlacesOut(capacity=event.places.size, taken=event.places.taken, waiting=waiting),
            "offered_by": event.partner_name,
            "external_url": event.external_url if event.registration == RegistrationMode.ELDERS else "",
            "url": Links(current_app.config["PUBLIC_BASE_URL"]).event(event.slug),
        }
    )


def _price(line: PriceLine) -> PriceOut:
    return PriceOut(
        category=line.category,
        admission=line.admission,
        price_cents=line.price_cents,
        kinds=sorted(line.kinds),
    )
