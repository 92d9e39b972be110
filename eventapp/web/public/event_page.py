"""One event: its page, and its entry for a calendar."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventapp import documents, formatting, wording
from eventapp.documents.file_names import file_name
from eventapp.domain.events import RegistrationMode, Window, is_public
from eventapp.mail import entries
from eventapp.mail.compose import links
from eventapp.models import Event
from eventapp.queries import events as event_queries
from eventapp.queries.events import Glance
from eventapp.web import current_association, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.programme import programme_rows
from eventapp.web.public import blueprint
from eventapp.web.public.caching import validated
from eventapp.web.public.structured import structured_data
from eventapp.web.terms import terms_text


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
    return validated(_look(slug), lambda: _page(slug), look=lambda: _look(slug))


def _look(slug: str) -> Any:
    """The event at a glance, with what moves without the event: its places and those of its programme."""
    seen = event_queries.glance_at(slug)
    if seen is None or not is_public(seen.state, seen.visibility):
        published_event(slug)
        abort(404)
    return reads_now(seen), programme_rows(seen.id) if seen.has_rounds else []


def reads_now(seen: Glance) -> Any:
    """Equal for two moments at which whatever is said of the event and its places reads the same."""
    places = (presenting.places_text(seen, now=now()), seen.places.full, seen.places.waiting)
    return seen.id, seen.version, seen.updated_at, seen.window(now()), places


def _page(slug: str) -> str:
    found = published_event(slug)
    window = found.window(now())
    return render_template(
        "public/event.html",
        event=found,
        row=presenting.event_row(found, now=now(), url=url_for("public.event", slug=slug)),
        window=window,
        window_text=wording.WINDOWS[window],
        open=window == Window.OPEN and not found.places.full,
        waiting_text=_waiting_text(found) if found.waiting_list else "",
        rounds=programme_rows(found.id),
        prices=presenting.price_rows(found.price_lines) if found.registration == RegistrationMode.HIER else [],
        free_places=presenting.free_places_text(found) if found.registration == RegistrationMode.HIER else "",
        terms=terms_text(found) if found.registration == RegistrationMode.HIER else "",
        place=presenting.place_lines(found),
        fields=[wording.FIELDS[f.code] for f in sorted(found.fields, key=lambda f: f.code)],
        structured=structured_data(found, now=now()),
    )


def _waiting_text(found: Event) -> str:
    """The waiting list in words, with how many stand on it."""
    waiting = formatting.count_nl(found.places.waiting, "wacht", "wachten")
    return f"wachtlijst ({waiting})" if found.places.waiting else "wachtlijst"


@blueprint.get("/agenda/<slug>.ics")
@audience(Audience.PUBLIC)
def event_ics(slug: str) -> Response:
    found = published_event(slug)

    def entry() -> bytes:
        return documents.calendar.single(entries.event_entry(found, association=current_association(), links=links()))

    response = validated((found.id, found.version, found.updated_at), entry, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name("", found.slug, "ics")}"'
    return response
