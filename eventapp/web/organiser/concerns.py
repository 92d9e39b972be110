"""Who sees which line of Vandaag, and which page opens exactly the rows it counts?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from eventapp.domain.actors import Actor, Own, Role
from eventapp.domain.concerns import URGENCY, Concern, Urgency
from eventapp.queries import concerns as known
from eventapp.queries.circles import waiting_requests
from eventapp.queries.linking import people_to_link
from eventapp.web.organiser import EDITORS, MONEY

# Whoever may do something about it.
_ROLES: Mapping[Concern, tuple[Role, ...]] = {
    Concern.REFUNDS: MONEY,
    Concern.OUTCOMES: MONEY,
    Concern.UNASKED: MONEY,
    Concern.UNPAID_AFTER_ALL: MONEY,
    Concern.TOO_MUCH: MONEY,
    Concern.MAILS: EDITORS,
    Concern.JOBS: EDITORS,
    Concern.OFFERED: EDITORS,
    Concern.CLAIMS: EDITORS,
    Concern.CIRCLES: (*EDITORS, Role.KRINGCOORDINATOR),
    Concern.LINKING: EDITORS,
    Concern.PROPOSALS: EDITORS,
    Concern.DRAFTS: EDITORS,
    Concern.CHANGES: EDITORS,
    Concern.PRESENCE: (*EDITORS, Role.KRINGCOORDINATOR),
    Concern.LAPSES: EDITORS,
    Concern.MOVED: MONEY,
    Concern.BANK: MONEY,
    Concern.CREDITS: MONEY,
    Concern.OVERDUE: MONEY,
    Concern.UNREADY: EDITORS,
    Concern.UNPAID: MONEY,
    Concern.WAITING: EDITORS,
}
# Those of which the rows belong to an event, so that a role for one shows its own.
_PER_EVENT = (
    Concern.MAILS,
    Concern.OFFERED,
    Concern.CLAIMS,
    Concern.DRAFTS,
    Concern.CHANGES,
    Concern.PRESENCE,
    Concern.UNPAID,
    Concern.WAITING,
)
# Pages that exist for other reasons as well, and show what the line counts.
_LISTS = {Concern.OFFERED: "offered", Concern.UNPAID: "awaiting_payment", Concern.WAITING: "waitlisted"}
_PAGES = {
    Concern.BANK: "bank_refunds",
    Concern.CIRCLES: "circles_list",
    Concern.LINKING: "linking",
    Concern.OVERDUE: "invoices",
    Concern.PROPOSALS: "event_proposals",
}
_NARROWED: Mapping[Concern, Mapping[str, Any]] = {Concern.OVERDUE: {"stand": "draft"}}


@dataclass(frozen=True)
class Line:
    """One line: how many there are and where they stand. With `more` there are at least so many."""

    concern: Concern
    number: int
    url: str
    more: bool


def seen_by(who: Actor) -> dict[Concern, Own | None]:
    """What this member of staff can do something about, with the events and circles to which that is limited."""
    found = {concern: _own(concern, who) for concern in Concern}
    return {concern: own for concern, own in found.items() if own is None or _any(concern, own)}


def _own(concern: Concern, who: Actor) -> Own | None:
    if concern in (Concern.CIRCLES, Concern.PRESENCE) and not who.has_everywhere(*EDITORS):
        # Kringcoordinator in general runs the circles that were given, and no others.
        mine = who.own(*EDITORS)
        assert mine is not None
        return Own(mine.event_ids, mine.circle_ids | who.circles)
    return who.own(*_ROLES[concern])


def _any(concern: Concern, own: Own) -> bool:
    if concern == Concern.CIRCLES:
        return bool(own.circle_ids)
    return concern in _PER_EVENT and bool(own.event_ids or own.circle_ids)


def lines(who: Actor, *, now: datetime) -> list[tuple[Urgency, list[Line]]]:
    """What waits for them, the most urgent first; what does not wait is left out."""
    wanted = seen_by(who)
    numbers = known.counts(wanted, now=now)
    if Concern.CIRCLES in wanted:
        own = wanted[Concern.CIRCLES]
        numbers[Concern.CIRCLES] = waiting_requests(own.circle_ids if own else None)
    at_least = {concern for concern in wanted if concern in known.LOOKED_AT and numbers[concern] >= known.SHOWN}
    if Concern.LINKING in wanted:
        numbers[Concern.LINKING], more = people_to_link(now=now)
        at_least |= {Concern.LINKING} if more else set()
    found = [
        Line(concern, numbers[concern], _url(concern), concern in at_least)
        for concern in wanted
        if numbers.get(concern)
    ]
    grouped = [(urgency, [one for one in found if URGENCY[one.concern] == urgency]) for urgency in Urgency]
    return [(urgency, group) for urgency, group in grouped if group]


def _url(concern: Concern) -> str:
    if concern in _LISTS:
        return url_for("organiser.all_registrations", staat=_LISTS[concern], wanneer="komend")
    if concern in _PAGES:
        return url_for(f"organiser.{_PAGES[concern]}", **_NARROWED.get(concern, {}))
    return url_for("organiser.today_rows", concern=concern.value)


# Those that have a page of their own below Vandaag.
ROWS = tuple(concern for concern in Concern if concern not in _LISTS and concern not in _PAGES)
