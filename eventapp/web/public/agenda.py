"""The agenda: what is coming, filtered by the address."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp import wording
from eventapp.domain.events import EventForm, EventKind, Field, TargetGroup
from eventapp.domain.times import from_local
from eventapp.mail.compose import links
from eventapp.queries import agenda as agenda_queries
from eventapp.queries.events import AgendaFilter
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.public import blueprint
from eventapp.web.public.caching import validated_while

Code = TypeVar("Code", bound=StrEnum)


@blueprint.get("/")
@audience(Audience.PUBLIC)
def agenda() -> Response:
    """Coming events by month; what the address asks for and nothing that is misspelt."""
    wanted, asked = wanted_from_address(), asked_in_address()

    def page() -> str:
        found = agenda_queries.agenda(wanted, now=now())
        return render_template(
            "public/agenda.html",
            months=presenting.by_month(found, now=now(), url=lambda e: url_for("public.event", slug=e.slug)),
            asked=asked,
            choices=_CHOICES,
            more=bool(asked.keys() & {"vakgebied", "vorm", "van", "tot"}),
            canonical=links().agenda(),
            feed=url_for("public.agenda_ics", **asked),
            atom=url_for("public.agenda_atom", **asked),
            json_feed=url_for("public.agenda_json", **asked),
        )

    def look() -> Any:
        return agenda_queries.agenda_seen(wanted, now=now(), few=presenting.FEW_PLACES), sorted(asked.items())

    return validated_while(look, page)


_NAMES = ("soort", "vakgebied", "doelgroep", "vorm", "van", "tot", "zoek")
_CHOICES = (
    ("soort", "Soort", [(kind.value, wording.KINDS[kind]) for kind in EventKind]),
    ("doelgroep", "Voor wie", [(group.value, wording.TARGET_GROUPS[group]) for group in TargetGroup]),
    ("vakgebied", "Vakgebied", [(field.value, wording.FIELDS[field]) for field in Field]),
    ("vorm", "Vorm", [(form.value, wording.FORMS[form]) for form in EventForm]),
)


def asked_in_address() -> dict[str, Any]:
    """The filters as they stand in the address, to make the same address again."""
    return {name: request.args[name] for name in _NAMES if request.args.get(name)}


def agenda_address() -> str:
    """The filters as they are written after an address: "?soort=kenniskring", or nothing."""
    asked = asked_in_address()
    return f"?{urlencode(asked)}" if asked else ""


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
