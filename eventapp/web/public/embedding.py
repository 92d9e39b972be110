"""The agenda, or one event of it, in a frame on another site: no cookie, no form, every link opens the whole window."""

from pathlib import Path
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from eventapp import formatting, wording
from eventapp.domain.events import RegistrationMode, Window, is_public
from eventapp.mail.compose import links
from eventapp.models import Event
from eventapp.queries import agenda as agenda_queries
from eventapp.queries import events as event_queries
from eventapp.web import current_association, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.assets import SOURCE
from eventapp.web.clock import now
from eventapp.web.headers import allow_framing
from eventapp.web.kept_answers import NotShown
from eventapp.web.presenting import EventRow
from eventapp.web.public import blueprint
from eventapp.web.public.agenda import agenda_address, wanted_from_address
from eventapp.web.public.caching import validated, validated_while
from eventapp.web.public.event_page import reads_now

_MOST = 100
# Most sites are light whatever their visitor prefers, and a dark block in them would be a blot.
_THEMES = {"licht": "light", "donker": "dark", "auto": ""}


@blueprint.get("/embed/agenda")
@audience(Audience.PUBLIC)
def embedded_agenda() -> Response:
    """With the filters of the agenda and `aantal` at most, or one `evenement`; `kleur` is of the site around it."""
    slug = request.args.get("evenement", "")
    response = _one(slug) if slug else _list()
    sites = current_association().embedding_sites
    return allow_framing(response, *sites) if sites else response


@blueprint.get("/embed/agenda.js")
@audience(Audience.PUBLIC)
def embedding_script() -> Response:
    """At an address for good, as it stands in pages of others."""
    return validated("agenda.js", lambda: Path(SOURCE, "embed", "agenda.js").read_bytes(), mimetype="text/javascript")


def _theme() -> str:
    return _THEMES.get(request.args.get("kleur", ""), "light")


def _list() -> Response:
    wanted, most, theme = wanted_from_address(), _number(), _theme()
    whole = links().agenda() + agenda_address()

    def page() -> str:
        found = agenda_queries.agenda(wanted, now=now())
        return render_template(
            "embed/agenda.html",
            months=presenting.by_month(found[:most], now=now(), url=lambda e: links().event(e.slug)),
            more=len(found) > most,
            whole=whole,
            theme=theme,
        )

    def look() -> Any:
        return agenda_queries.agenda_seen(wanted, now=now(), few=presenting.FEW_PLACES), most, theme, whole

    return validated_while(look, page)


def _number() -> int:
    """How many at most; what is no number asks for all."""
    asked = request.args.get("aantal", "")
    return min(max(int(asked), 1), _MOST) if asked.isascii() and asked.isdigit() and len(asked) < 5 else _MOST


def _one(slug: str) -> Response:
    theme = _theme()

    def look() -> Any:
        seen = event_queries.glance_at(slug)
        if seen is None and (present := event_queries.slug_now(slug)):
            seen = event_queries.glance_at(present)
        if seen is None or not is_public(seen.state, seen.visibility):
            raise NotShown
        return theme, reads_now(seen)

    def page() -> str:
        found = event_queries.event_by_slug(slug) or event_queries.event_by_slug(event_queries.slug_now(slug) or "")
        if found is None or not is_public(found.state, found.visibility):
            raise NotShown
        url = links().event(found.slug)
        row = presenting.event_row(found, now=now(), url=url)
        shown = {"event": found, "row": row, "url": url, "lines": _lines(found, row), "theme": theme}
        return render_template("embed/event.html", **shown, said=_said(found), action=_action(found))

    try:
        return validated_while(look, page)
    except NotShown:
        nothing = {"event": None, "agenda": links().agenda(), "theme": theme}
        return validated(theme, lambda: render_template("embed/event.html", **nothing))


def _lines(found: Event, row: EventRow) -> list[tuple[str, str]]:
    """What somebody must know to come."""
    place = ", ".join(part for part in (found.venue, found.city) if part)
    lines = [
        ("Wanneer", formatting.when(found.starts_at, found.ends_at)),
        ("Waar", place),
        ("Voor wie", row.audience.removeprefix("voor ").capitalize()),
        ("Aangeboden door", f"partner {found.partner_name}" if found.partner_name else ""),
        ("Prijs", row.price_text),
        ("Plaatsen", row.places_text if found.window(now()) == Window.OPEN else ""),
        ("Aanmelden", f"via {presenting.host(found.external_url)}" if found.window(now()) == Window.ELSEWHERE else ""),
    ]
    return [(label, value) for label, value in lines if value]


def _said(found: Event) -> tuple[str, str] | None:
    """Why one cannot register, if so."""
    window = found.window(now())
    if window == Window.CANCELLED:
        return "bad", "Gaat niet door"
    if window == Window.OPEN:
        return ("wait", "Vol") if found.places.full else None
    return None if window == Window.ELSEWHERE else ("info", wording.WINDOWS[window])


def _action(found: Event) -> tuple[str, str] | None:
    """The one button: its word and where it leads."""
    window = found.window(now())
    if window == Window.ELSEWHERE and found.registration == RegistrationMode.ELDERS:
        return wording.REGISTRATION_MODES[found.registration], found.external_url
    if window != Window.OPEN or (found.circle and not found.circle.sit_in):
        return None
    if found.places.full:
        return ("Op de wachtlijst", links().register(found.slug)) if found.waiting_list else None
    return "Eén keer meekijken" if found.circle else "Aanmelden", links().register(found.slug)
