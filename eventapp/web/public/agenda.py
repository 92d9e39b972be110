"""The agenda: what is coming, filtered by the address, as a page and as a calendar."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp import documents, wording
from eventapp.domain.events import EventForm, EventKind, Field, TargetGroup
from eventapp.domain.times import from_local
from eventapp.mail import papers
from eventapp.mail.compose import links
from eventapp.models import Event
from eventapp.queries import events as event_queries
from eventapp.queries.events import AgendaFilter
from eventapp.web import current_association, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.public import blueprint
from eventapp.web.public.caching import validated

Code = TypeVar("Code", bound=StrEnum)
# A calendar keeps what is over for a while, so that subscribers do not see last week vanish.
FEED_REACHES_BACK = timedelta(days=60)


@blueprint.get("/")
@audience(Audience.PUBLIC)
def agenda() -> Response:
    """Coming events by month; what the address asks for and nothing that is misspelt."""
    wanted = wanted_from_address()
    found = event_queries.agenda(wanted, now=now())
    months = presenting.by_month(found, now=now(), url=lambda e: url_for("public.event", slug=e.slug))
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if value and name in _NAMES}

    def page() -> str:
        return render_template(
            "public/agenda.html",
            months=months,
            asked=asked,
            choices=_CHOICES,
            more=bool(asked.keys() & {"vakgebied", "vorm", "van", "tot"}),
            feed=url_for("public.agenda_ics", **asked),
        )

    return validated((months, sorted(asked.items())), page)


@blueprint.get("/agenda.ics")
@audience(Audience.PUBLIC)
def agenda_ics() -> Response:
    """The same filters as a calendar to subscribe to."""
    wanted = wanted_from_address()
    since = wanted.since or now() - FEED_REACHES_BACK
    found = event_queries.agenda(AgendaFilter(**{**vars(wanted), "since": since}), now=now())
    seen = [(event.id, event.version, event.calendar_sequence) for event in found]
    return validated(seen, lambda: _feed(found), mimetype="text/calendar")


def _feed(found: Sequence[Event]) -> bytes:
    entries = [papers.event_entry(event, association=current_association(), links=links()) for event in found]
    stamp = max((event.updated_at for event in found), default=now())
    return documents.calendar.feed(
        entries,
        name=f"Agenda {current_association().short_name}",
        uid=f"agenda@{current_association().calendar_domain}",
        stamp=stamp,
    )


_NAMES = ("soort", "vakgebied", "doelgroep", "vorm", "van", "tot", "zoek")
_CHOICES = (
    ("soort", "Soort", [(kind.value, wording.KINDS[kind]) for kind in EventKind]),
    ("doelgroep", "Voor wie", [(group.value, wording.TARGET_GROUPS[group]) for group in TargetGroup]),
    ("vakgebied", "Vakgebied", [(field.value, wording.FIELDS[field]) for field in Field]),
    ("vorm", "Vorm", [(form.value, wording.FORMS[form]) for form in EventForm]),
)


def wanted_from_address() -> AgendaFilter:
    """The filter that the address asks for; a word we do not know asks for nothing."""
    return AgendaFilter(
        kind=_code(EventKind, "soort"),
        field=_code(Field, "vakgebied"),
        group=_code(TargetGroup, "doelgroep"),
        form=_code(EventForm, "vorm"),
        since=_day("van"),
        until=_day("tot", extra=1),
        text=request.args.get("zoek", "")[:100],
    )


def _code(codes: type[Code], name: str) -> Code | None:
    value = request.args.get(name, "")
    return codes(value) if value in {code.value for code in codes} else None


def _day(name: str, *, extra: int = 0) -> datetime | None:
    try:
        return from_local(date.fromisoformat(request.args.get(name, "")) + timedelta(days=extra), time())
    except (ValueError, OverflowError):
        return None
