"""The programme and its registrations, for other systems of the association."""

from typing import Any

from flask import Response, current_app

from eventapp.domain.actors import Scope
from eventapp.domain.events import RegistrationMode
from eventapp.domain.pricing import PriceLine
from eventapp.links import Links
from eventapp.models import Event
from eventapp.queries import programme
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint, paging
from eventapp.web.api.bearer import current_bearer, reachable_event
from eventapp.web.api.refusals import Refused
from eventapp.web.api.schemas import EventOut, EventsOut, PlacesOut, PriceOut, RegistrationOut, RegistrationsOut


@blueprint.get("/events")
@audience(Audience.TOKEN, scopes=(Scope.EVENTS_READ,))
def list_events() -> Response:
    size = paging.page_size()
    after = paging.after(lambda parts: (paging.moment(parts[0]), paging.row_id(parts[1])))
    rows = programme.listed_events(only=current_bearer().event_id, after=after, limit=size + 1)
    page, cursor = paging.cut(rows, size, lambda event: [event.starts_at.isoformat(), event.id])
    waiting = programme.waiting([event.id for event in page])
    events = [_event(event, waiting.get(event.id, 0)) for event in page]
    return _json(EventsOut(events=events, next_cursor=cursor))


@blueprint.get("/events/<slug>")
@audience(Audience.TOKEN, scopes=(Scope.EVENTS_READ,))
def show_event(slug: str) -> Response:
    event = _listed(slug)
    return _json(_event(event, programme.waiting([event.id]).get(event.id, 0)))


@blueprint.get("/events/<slug>/registrations")
@audience(Audience.TOKEN, scopes=(Scope.REGISTRATIONS_READ,))
def list_registrations(slug: str) -> Response:
    size = paging.page_size()
    after = paging.after(lambda parts: paging.row_id(parts[0]))
    rows = programme.registrations(_listed(slug).id, after=after or 0, limit=size + 1)
    page, cursor = paging.cut(rows, size, lambda row: [row.id])
    shown = [RegistrationOut.model_validate(row, from_attributes=True) for row in page]
    return _json(RegistrationsOut(registrations=shown, next_cursor=cursor))


def _listed(slug: str) -> Event:
    event = programme.listed_event(reachable_event(slug))
    if event is None:
        raise Refused(404, "unknown_event", "There is no event with this address")
    return event


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


def _json(body: EventsOut | EventOut | RegistrationsOut) -> Response:
    return Response(body.model_dump_json(), content_type="application/json")
