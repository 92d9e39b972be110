"""The agenda for programs: a calendar to subscribe to, Atom and JSON, each with the filters of the agenda itself."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from eventapp import documents, formatting, wording
from eventapp.documents.feeds import FeedHead, FeedItem
from eventapp.domain.calendars import AGENDA_REACHES_BACK, still_shown
from eventapp.domain.events import EventState, RegistrationMode
from eventapp.mail import entries, papers
from eventapp.mail.compose import links
from eventapp.models import Event
from eventapp.queries import events as event_queries
from eventapp.queries.events import AgendaFilter
from eventapp.web import current_association
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.cross_origin import readable_elsewhere
from eventapp.web.public import blueprint
from eventapp.web.public.agenda import agenda_address, asked_in_address, wanted_from_address
from eventapp.web.public.caching import validated


@blueprint.get("/agenda.ics")
@audience(Audience.PUBLIC)
def agenda_ics() -> Response:
    """What lies ahead, what was lately, and for a while what was called off."""
    wanted, at = wanted_from_address(), now()
    since = wanted.since or at - AGENDA_REACHES_BACK - timedelta(days=1)
    back = at - since
    seen = [
        row
        for row in event_queries.agenda_glance(replace(wanted, since=since), now=at)
        if still_shown(ends_at=row.ends_at, off_at=row.cancelled_at, reaches_back=back, now=at)
    ]
    return _answer(seen, lambda events: agenda_calendar(events, name=_name(wanted), key=_key()), "text/calendar")


@blueprint.get("/agenda.atom")
@audience(Audience.PUBLIC)
def agenda_atom() -> Response:
    """What lies ahead, for feed readers."""
    wanted = wanted_from_address()
    head, seen = _head(wanted, "agenda.atom"), event_queries.agenda_glance(wanted, now=now())
    return _answer(seen, lambda events: documents.feeds.atom(head, _items(events)), "application/atom+xml")


@blueprint.get("/agenda.json")
@readable_elsewhere
@audience(Audience.PUBLIC)
def agenda_json() -> Response:
    """What lies ahead, for other sites: JSON Feed."""
    wanted = wanted_from_address()
    head, seen = _head(wanted, "agenda.json"), event_queries.agenda_glance(wanted, now=now())
    return _answer(seen, lambda events: documents.feeds.json_feed(head, _items(events)), "application/feed+json")


def agenda_calendar(events: Sequence[Event], *, name: str, key: str) -> bytes:
    """Any events as a subscription; `key` tells this one from the others of this house."""
    association = current_association()
    return documents.calendar.feed(
        [entries.event_entry(event, association=association, links=links(), busy=False) for event in events],
        name=name,
        uid=f"{key}@{association.calendar_domain}",
        stamp=max((event.updated_at for event in events), default=None),
    )


def _answer(seen: Iterable[Any], write: Callable[[Sequence[Event]], bytes], mimetype: str) -> Response:
    """A glance at the rows tells whether what the other side has is still right; only if not are they read whole."""
    rows = [tuple(row) for row in seen]
    facts = (sorted(asked_in_address().items()), rows)
    return validated(facts, lambda: write(event_queries.events_by_id([row[0] for row in rows])), mimetype=mimetype)


def _name(wanted: AgendaFilter) -> str:
    """What subscribers see in their list of calendars, for instance "Agenda Netwerk Kindcentra: Kenniskring"."""
    words = [
        wording.KINDS[wanted.kind] if wanted.kind else "",
        wording.TARGET_GROUPS[wanted.group] if wanted.group else "",
        wording.FIELDS[wanted.field] if wanted.field else "",
        wording.FORMS[wanted.form] if wanted.form else "",
        f"“{wanted.text}”" if wanted.text else "",
    ]
    narrowed = ", ".join(filter(None, words))
    name = f"Agenda {current_association().short_name}"
    return f"{name}: {narrowed}" if narrowed else name


def _key() -> str:
    """Each selection is a calendar of its own."""
    asked = urlencode(asked_in_address())
    return f"agenda-{hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()}" if asked else "agenda"


def _head(wanted: AgendaFilter, path: str) -> FeedHead:
    query = agenda_address()
    return FeedHead(
        _name(wanted), f"{links().agenda()}{path}{query}", f"{links().agenda()}{query}", current_association().name
    )


def _items(events: Sequence[Event]) -> list[FeedItem]:
    return [_item(event) for event in events]


def _item(event: Event) -> FeedItem:
    off = event.state == EventState.CANCELLED
    when, where = formatting.when(event.starts_at, event.ends_at), papers.place(event)
    elsewhere = event.registration == RegistrationMode.ELDERS
    offered, registering = wording.offered_by(event.partner_name), entries.registering_words(event)
    return FeedItem(
        id=f"tag:{current_association().calendar_domain},{event.created_at.year}:{event.calendar_uid.partition('@')[0]}",
        url=links().event(event.slug),
        title=f"{wording.EVENT_OFF}: {event.title}" if off else event.title,
        summary=event.summary,
        text="\n".join(filter(None, (when, where, offered[:1].upper() + offered[1:], event.summary, registering))),
        published=event.published_at or event.created_at,
        updated=event.updated_at,
        tags=(wording.KINDS[event.kind], *sorted(wording.FIELDS[field.code] for field in event.fields)),
        facts={
            "starts_at": formatting.iso(event.starts_at),
            "ends_at": formatting.iso(event.ends_at),
            "place": where,
            "kind": event.kind.value,
            "form": event.form.value,
            "state": event.state.value,
            "registration": event.registration.value,
            **({"register_url": event.external_url} if elsewhere else {}),
            **({"offered_by": event.partner_name} if event.partner_name else {}),
        },
    )
