"""Somebody turns out to be of an organisation: what happens to a registration they made before we knew?"""

from datetime import date
from enum import StrEnum

from eventapp.domain.pricing import OUTSIDER, Category, Entitlement
from eventapp.domain.registrations import Review, State


class ProposalState(StrEnum):
    """What became of a difference that may go back."""

    OPEN = "open"
    REFUNDED = "refunded"
    LEFT = "left"


class Turn(StrEnum):
    """What happens to one registration."""

    APPROVE = "approve"
    CHEAPER = "cheaper"
    PROPOSE = "propose"
    STAYS = "stays"


def turn(
    *,
    state: State,
    review: Review,
    price_cents: int,
    paid_cents: int,
    paying: bool,
    given: Entitlement | None,
    on_invoice: bool = False,
) -> Turn:
    """`given` is what the organisation gives on the day that counts, None for nothing.

    A claim is approved by any category of the organisation. Otherwise only a lower price changes something: at once
    while nothing was paid, and never by itself where money came in (`paid_cents`) or is on its way (`paying`).
    `on_invoice`: sure of the place before it was paid, so that the invoice has to follow.
    """
    if given is None or given.proof == OUTSIDER:
        return Turn.STAYS
    if review == Review.PENDING and state == State.AWAITING_CONFIRMATION:
        return Turn.STAYS if given.category == Category.NIET_LID else Turn.APPROVE
    if given.price_cents >= price_cents:
        return Turn.STAYS
    if paying or (state == State.CONFIRMED and paid_cents > 0):
        return Turn.PROPOSE
    unpaid = state in (State.AWAITING_CONFIRMATION, State.AWAITING_PAYMENT) or (state == State.CONFIRMED and on_invoice)
    return Turn.CHEAPER if unpaid else Turn.STAYS


def usual_last_day(today: date) -> date:
    """Until when somebody is named when the office does not say otherwise: the end of next year."""
    return date(today.year + 1, 12, 31)
