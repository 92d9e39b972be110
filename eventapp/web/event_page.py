"""The page of one event, as visitors read it; the back office shows the same one before changes are carried through."""

from flask import render_template, url_for

from eventapp import formatting, wording
from eventapp.domain.events import RegistrationMode, Window
from eventapp.models import Event
from eventapp.web import presenting
from eventapp.web.clock import now
from eventapp.web.programme import programme_rows
from eventapp.web.structured import structured_data
from eventapp.web.terms import terms_text


def event_page(found: Event, template: str = "public/event.html", **more: object) -> str:
    """Everything that strangers may know of the event."""
    window = found.window(now())
    here = found.registration == RegistrationMode.HIER
    return render_template(
        template,
        event=found,
        row=presenting.event_row(found, now=now(), url=url_for("public.event", slug=found.slug)),
        window=window,
        window_text=wording.WINDOWS[window],
        open=window == Window.OPEN and not found.places.full,
        waiting_text=_waiting_text(found) if found.waiting_list else "",
        rounds=programme_rows(found.id),
        prices=presenting.price_rows(found.price_lines) if here else [],
        free_places=presenting.free_places_text(found) if here else "",
        terms=terms_text(found) if here else "",
        place=presenting.place_lines(found),
        fields=[wording.FIELDS[f.code] for f in sorted(found.fields, key=lambda f: f.code)],
        elsewhere=presenting.host(found.external_url),
        structured=structured_data(found, now=now()),
        **more,
    )


def _waiting_text(found: Event) -> str:
    """The waiting list in words, with how many stand on it."""
    waiting = formatting.count_nl(found.places.waiting, "wacht", "wachten")
    return f"wachtlijst ({waiting})" if found.places.waiting else "wachtlijst"
