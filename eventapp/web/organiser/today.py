"""Vandaag: what needs somebody now, and what is coming, how full it is and how fast it fills."""

from datetime import date, timedelta

from flask import render_template

from eventapp.documents.charts import Bar, bars, columns
from eventapp.documents.drawing import Drawing
from eventapp.domain.actors import Role
from eventapp.domain.concerns import Concern
from eventapp.domain.errors import NotAllowed
from eventapp.domain.events import RegistrationMode
from eventapp.domain.looks import PeopleList
from eventapp.domain.names import fold
from eventapp.domain.places import Places
from eventapp.domain.times import local_date
from eventapp.models import Event
from eventapp.queries import concerns as known
from eventapp.queries import health, office, trend
from eventapp.queries.trend import Trend
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import DOOR, READERS, blueprint
from eventapp.web.organiser.concerns import ROWS, lines, seen_by
from eventapp.web.organiser.shared import Answer, actor

_EVENTS = 12
_BARS = 6
# Lines about events and jobs, which name nobody.
_NOBODY = (Concern.CHANGES, Concern.DRAFTS, Concern.JOBS, Concern.PRESENCE, Concern.UNREADY)
_ADDRESS = ", ".join(f'"{concern.value}"' for concern in ROWS)


@blueprint.get("/")
@audience(Audience.STAFF, *DOOR, reach=Reach.OWN)
def today() -> Answer:
    """The first page after signing in; a door volunteer sees the way to the doors only."""
    who = actor()
    if who.anywhere == {Role.DEURVRIJWILLIGER}:
        events = office.coming_events(now=now(), own=who.own(*DOOR))
        return render_template("organiser/today_door.html", events=events)
    own = who.own(*READERS)
    coming = trend.coming(now=now(), own=own, limit=_EVENTS + 1)
    shown = list(coming[:_EVENTS])
    trends = trend.trends(shown, now=now())
    return render_template(
        "organiser/today.html",
        groups=lines(who, now=now()),
        events=shown,
        more=len(coming) > _EVENTS,
        trends=trends,
        filling=_filling(shown),
        pace=_pace(trends),
        days=_days(trends),
        first=office.first_steps() if not coming and who.has_everywhere(*READERS) else None,
        worker_late=health.worker_late(now=now()),
        worker_seen_at=health.worker_seen_at(),
    )


def _filling(events: list[Event]) -> Drawing | None:
    """How full the first events with a limit are."""
    limited = [one for one in events if one.registration == RegistrationMode.HIER and one.places.size]
    rows = [
        Bar(_short(one.title), min(1, one.places.taken / (one.places.size or 1)), _full(one.places), 1)
        for one in limited[:_BARS]
    ]
    alt = "; ".join(f"{row.label}: {row.words}" for row in rows)
    return bars(rows, alt=f"Bezette plaatsen. {alt}.") if rows else None


def _full(places: Places) -> str:
    return f"{places.taken} van {places.size}"


def _short(title: str) -> str:
    return title if len(title) <= 36 else title[:35].rstrip() + "…"


def _days(trends: dict[int, Trend]) -> list[tuple[date, int]]:
    """Every day with how many registered for what is shown, the oldest first."""
    ends = local_date(now())
    numbers = [sum(one.days[place] for one in trends.values()) for place in range(trend.DAYS)]
    days = (ends - timedelta(days=back) for back in reversed(range(trend.DAYS)))
    return list(zip(days, numbers, strict=True))


def _pace(trends: dict[int, Trend]) -> Drawing | None:
    days = _days(trends)
    total, week = sum(number for _, number in days), sum(number for _, number in days[-7:])
    alt = f"Aanmeldingen per dag in de laatste vier weken: {total}, waarvan {week} in de laatste zeven dagen."
    points = [(f"{day.day}-{day.month}", number) for day, number in days]
    return columns(points, every=7, alt=alt) if total else None


@blueprint.get(f"/vandaag/<any({_ADDRESS}):concern>")
@audience(Audience.STAFF, *DOOR, reach=Reach.OWN)
@lists_people(PeopleList.TODAY)
def today_rows(concern: str) -> Answer:
    """The rows that one line of Vandaag counts."""
    asked, who = Concern(concern), actor()
    allowed = seen_by(who)
    if asked not in allowed:
        raise NotAllowed()
    rows = known.rows(asked, own=allowed[asked], now=now())
    names_people(0 if asked in _NOBODY else len(rows))
    members = office.members_to_choose() if asked == Concern.CLAIMS and rows else []
    return render_template(
        "organiser/today_rows.html",
        concern=asked,
        rows=rows,
        limit=known.SHOWN,
        guesses={one.id: likely_member(one.claimed_organisation, members) for one in rows} if members else {},
    )


def likely_member(claimed: str, members: list[tuple[int, str]]) -> tuple[int, str] | None:
    """The member somebody probably meant: the only one whose name is in what was typed, or the other way round."""
    typed = fold(claimed)
    if len(typed) < 4:
        return None
    found = [(key, name) for key, name in members if fold(name) in typed or typed in fold(name)]
    exact = [(key, name) for key, name in found if fold(name) == typed]
    candidates = exact or found
    return candidates[0] if len(candidates) == 1 else None
