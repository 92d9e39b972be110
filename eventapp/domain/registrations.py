"""Which states can a registration be in, and which steps between them are allowed?"""

from enum import StrEnum

from eventapp.domain.errors import IllegalStep


class State(StrEnum):
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    AWAITING_PAYMENT = "awaiting_payment"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Review(StrEnum):
    """What the office says of "ik werk bij een lid, maar mijn adres wordt niet herkend"."""

    NONE = "none"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


LIVE = frozenset(
    {State.AWAITING_CONFIRMATION, State.AWAITING_PAYMENT, State.WAITLISTED, State.OFFERED, State.CONFIRMED}
)
HOLDING = LIVE - {State.WAITLISTED}

# An expired registration comes back when a late click or a late payment still finds a place; it waits for the office
# again when that had to decide.
_STEPS: dict[State, frozenset[State]] = {
    State.AWAITING_CONFIRMATION: frozenset(
        {State.CONFIRMED, State.AWAITING_PAYMENT, State.WAITLISTED, State.CANCELLED, State.EXPIRED}
    ),
    # Back to proving the address, when somebody who did not pay yet turns out to be of a member.
    State.AWAITING_PAYMENT: frozenset({State.AWAITING_CONFIRMATION, State.CONFIRMED, State.CANCELLED, State.EXPIRED}),
    State.WAITLISTED: frozenset({State.OFFERED, State.CANCELLED, State.EXPIRED}),
    State.OFFERED: frozenset(
        {State.CONFIRMED, State.AWAITING_PAYMENT, State.WAITLISTED, State.CANCELLED, State.EXPIRED}
    ),
    State.CONFIRMED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset({State.AWAITING_CONFIRMATION, State.AWAITING_PAYMENT, State.CONFIRMED}),
}


def check_step(state: State, to: State) -> None:
    """Refuses with IllegalStep unless the table of allowed steps has this one."""
    if to not in _STEPS[state]:
        raise IllegalStep(state=state.value, to=to.value)


# Whoever has a place, waits for one or still has to pay for it hears of a change, if they were ever written to.
HEARS_OF_CHANGES = frozenset({State.CONFIRMED, State.AWAITING_PAYMENT, State.WAITLISTED, State.OFFERED})


def hears_of_changes(state: State, *, proven: bool) -> bool:
    """Whether somebody in this state is told that the event changed; whoever waits for the office has proven their
    address."""
    return state in HEARS_OF_CHANGES or (state == State.AWAITING_CONFIRMATION and proven)
