"""One event: its page, and its entry for a calendar."""

from functools import partial
from typing import Any

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from eventapp import documents
from eventapp.documents.file_names import file_name
from eventapp.domain.events import is_public
from eventapp.mail import entries
from eventapp.mail.compose import links
from eventapp.models import Event
from eventapp.queries import events as event_queries
from eventapp.queries.events import Glance
from eventapp.web import current_association, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.event_page import event_page
from eventapp.web.kept_answers import NotShown
from eventapp.web.programme import programme_rows
from eventapp.web.public import blueprint
from eventapp.web.public.caching import validated, validated_while


def published_event(slug: str) -> Event:
    """The event at this address, if the public may see it; an old address leads to the new one, else it is 404."""
    found = event_queries.event_by_slug(slug)
    if found is None and (present := event_queries.slug_now(slug)):
        abort(redirect(url_for("public.event", slug=present), code=301))
    if found is None or not is_public(found.state, found.visibility):
        abort(404)
    return found


@blueprint.get("/agenda/<slug>")
@audience(Audience.PUBLIC)
def event(slug: str) -> Response:
    """The page, made again only when a glance at the event says that it would read differently."""
    try:
        return validated_while(partial(_look, slug), lambda: event_page(published_event(slug)))
    except NotShown:
        published_event(slug)
        abort(404)


def _look(slug: str) -> Any:
    """The event at a glance, with what moves without the event: its places and those of its programme."""
    seen = event_queries.glance_at(slug)
    if seen is None or not is_public(seen.state, seen.visibility):
        raise NotShown
    return reads_now(seen), programme_rows(seen.id) if seen.has_rounds else []


def reads_now(seen: Glance) -> Any:
    """Equal for two moments at which whatever is said of the event and its places reads the same."""
    places = (presenting.places_text(seen, now=now()), seen.places.full, seen.places.waiting)
    return seen.id, seen.version, seen.updated_at, seen.window(now()), places, seen.settings


@blueprint.get("/agenda/<slug>.ics")
@audience(Audience.PUBLIC)
def event_ics(slug: str) -> Response:
    found = published_event(slug)

    def entry() -> bytes:
        return documents.calendar.single(entries.event_entry(found, association=current_association(), links=links()))

    response = validated((found.id, found.version, found.updated_at), entry, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name("", found.slug, "ics")}"'
    return response
