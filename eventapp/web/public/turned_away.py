"""The calm pages for who cannot register: it is full or closed, nothing free is left, or it is not for them."""

from flask import render_template, url_for

from eventapp.domain.events import Window
from eventapp.models import Event
from eventapp.services.quoting import Quote
from eventapp.web import presenting
from eventapp.web.clock import now


def closed(event: Event, window: Window) -> tuple[str, int]:
    """Full, closed, not open yet, past or cancelled: a calm page."""
    row = event_row(event)
    page = render_template(
        "public/closed.html", event=event, row=row, window=window, elsewhere=presenting.host(event.external_url)
    )
    return page, 409


def no_free_place(event: Event, organisation: str, function: str) -> tuple[str, int]:
    """The free places of the organisation are gone and there is nothing beyond: whom to turn to, never a name."""
    row = event_row(event)
    page = render_template(
        "public/no_free_place.html", event=event, row=row, organisation=organisation, function=function
    )
    return page, 409


def not_admitted(event: Event, quoted: Quote) -> tuple[str, int]:
    """Not for this visitor: why, and what one can do."""
    page = render_template(
        "public/not_admitted.html",
        event=event,
        row=event_row(event),
        organisation=quoted.organisation_name,
        prices=presenting.price_rows(event.price_lines),
    )
    return page, 403


def event_row(event: Event) -> presenting.EventRow:
    """The event as every step of registering names it."""
    return presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug))
