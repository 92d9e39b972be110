"""How it stands at an event now: on a phone or on the wall, kept up to date by the page itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from eventapp import formatting
from eventapp.domain.arrivals import Stretch
from eventapp.domain.looks import PeopleList
from eventapp.domain.tokens import digest
from eventapp.models import Event
from eventapp.queries.live import Live, glance, live_at
from eventapp.web.access import Audience, audience
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import DOOR, READERS, blueprint
from eventapp.web.organiser.shared import Answer, actor, event_or_404

_WIDTH, _HEIGHT = 600, 120
# No wider than this, or three arrivals fill the screen.
_WIDEST = 40


@dataclass(frozen=True)
class Bar:
    """A stretch of the chart: where it stands, how high it is, and what it says."""

    x: float
    y: float
    width: float
    height: float
    clock: str
    count: int


@blueprint.get("/evenementen/<slug>/live")
@audience(Audience.STAFF, *DOOR)
@lists_people(PeopleList.LIVE)
def live(slug: str) -> Answer:
    """The page; its figures are the part that is asked for again."""
    event = event_or_404(slug)
    said = _said(event)
    names_people(len(said["live"].missing))
    return render_template("organiser/live.html", event=event, tag=_tag(event), **said)


@blueprint.get("/evenementen/<slug>/live/stand")
@audience(Audience.STAFF, *DOOR)
def live_part(slug: str) -> Answer:
    """Only the figures; 304 while nothing changed, which costs no more than a glance."""
    event = event_or_404(slug)
    response = Response(content_type="text/html; charset=utf-8")
    response.set_etag(_tag(event))
    if response.make_conditional(request).status_code != 304:
        response.set_data(render_template("organiser/_live.html", event=event, **_said(event)))
    return response


def _tag(event: Event) -> str:
    return digest(repr((event.id, event.version, _may_name(), glance(event.id))))[:32]


def _may_name() -> bool:
    """Who is here for the door alone finds people by scanning or searching."""
    return actor().has(*READERS)


def _said(event: Event) -> dict[str, Any]:
    found: Live = live_at(event.id, names=_may_name())
    bars = _bars(found.arrivals)
    most = max((bar.count for bar in bars), default=0)
    return {"live": found, "bars": bars, "most": most, "names": _may_name(), "chart": (_WIDTH, _HEIGHT)}


def _bars(stretches: Sequence[Stretch]) -> list[Bar]:
    most = max((one.count for one in stretches), default=0)
    step = min(_WIDEST, _WIDTH / max(1, len(stretches)))
    found = []
    for place, one in enumerate(stretches):
        height = round(one.count / most * _HEIGHT, 1)
        width = round(step * 0.8, 1)
        clock = formatting.clock(one.starts_at)
        found.append(Bar(round(place * step, 1), round(_HEIGHT - height, 1), width, height, clock, one.count))
    return found
