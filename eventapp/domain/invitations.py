"""How does an invitation stand, what does it give, and when is somebody reminded of it?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from eventapp.domain.errors import NotAdmitted
from eventapp.domain.events import Schedule, Window
from eventapp.domain.pricing import Admission, Category, Entitlement, PriceLine, Proof, decide, line_for
from eventapp.domain.registrations import State
from eventapp.domain.times import plus_local_days

# Nobody is reminded sooner than this after the invitation itself.
_TIME_TO_ANSWER = timedelta(days=2)
VIA = "invitation"


class InvitationState(StrEnum):
    """LAPSED follows from the clock and the event, and is never stored."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Outlook(StrEnum):
    """What inviting somebody would do; only NEW gets a mail."""

    NEW = "new"
    INVITED = "invited"
    REGISTERED = "registered"
    NOT_ADMITTED = "not_admitted"


@dataclass(frozen=True)
class Terms:
    """What an invitation says of its own: None is what the event says to whoever it is; `price_cents` includes btw."""

    category: Category | None = None
    price_cents: int | None = None

    @property
    def admit(self) -> bool:
        """Whether the invitation itself is the ground to come in."""
        return self.category is not None or self.price_cents is not None


def may_answer(window: Window) -> bool:
    """Whoever is invited need not wait until registering opens, but does have to answer before it closes."""
    return window in (Window.OPEN, Window.NOT_YET)


def standing(state: InvitationState, window: Window, *, registration: State | None) -> InvitationState:
    """How an invitation stands now. An acceptance that was not paid in time did not last, so it can be answered anew.

    `registration` is the state of what came of it, if anything did.
    """
    unpaid = state == InvitationState.ACCEPTED and registration == State.EXPIRED
    if state != InvitationState.INVITED and not unpaid:
        return state
    return InvitationState.INVITED if may_answer(window) else InvitationState.LAPSED


def decide_invited(lines: Iterable[PriceLine], proofs: Iterable[Proof], terms: Terms) -> Entitlement:
    """As what, and at what price, somebody comes in who is invited.

    "Op uitnodiging" is free to them unless the invitation names a price. Without terms of its own an invitation only
    calls attention: what the event says to these proofs decides. One that names a category or a price admits by
    itself, whatever the event says to others. Refuses with NotAdmitted.
    """
    opened, given = [_opened(line) for line in lines], list(proofs)
    if not terms.admit:
        return decide(opened, given)
    found = _in_category(terms.category, opened, given) if terms.category else _as_proven(opened, given)
    return found if terms.price_cents is None else replace(found, price_cents=terms.price_cents)


def _opened(line: PriceLine) -> PriceLine:
    return replace(line, admission=Admission.GRATIS) if line.admission == Admission.UITNODIGING else line


def _in_category(category: Category, opened: list[PriceLine], proofs: list[Proof]) -> Entitlement:
    """In the category that was given, on the proof of it if there is one; free when the event says nothing to it."""
    proof = next((proof for proof in proofs if proof.category == category), Proof(category, VIA))
    line = line_for(opened, category, proof.kind)
    return Entitlement(category, line.price_cents if line else 0, proof)


def _as_proven(opened: list[PriceLine], proofs: list[Proof]) -> Entitlement:
    """Somebody for whom the event has no place comes in on the invitation alone."""
    try:
        return decide(opened, proofs)
    except NotAdmitted:
        return Entitlement(Category.NIET_LID, 0, Proof(Category.NIET_LID, VIA))


def answer_until(schedule: Schedule) -> datetime:
    """Until when an answer is possible: registering closes, or it begins."""
    return min(schedule.closes_at or schedule.starts_at, schedule.starts_at)


def remind_at(*, sent_at: datetime, until: datetime, days: int) -> datetime | None:
    """When the one automatic reminder is due: so many Dutch days before answering ends; None when there is none.

    0 days is never, and so is a moment at which it is too late to answer.
    """
    at = max(plus_local_days(until, -days), sent_at + _TIME_TO_ANSWER)
    return at if days and at < until else None
