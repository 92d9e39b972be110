"""May somebody who did not register come in now, and how do they settle what it costs?"""

from datetime import datetime, timedelta
from enum import StrEnum

from eventapp.domain.errors import EventOver, NotAtTheDoor, RegistrationClosed
from eventapp.domain.events import EventState, RegistrationMode, Schedule, window
from eventapp.domain.pricing import Category, Entitlement, Proof
from eventapp.domain.registrations import Review, State
from eventapp.domain.times import local_date

# What the registration of somebody who came without one says of where it came from.
SOURCE = "door"
# How long a place is kept for somebody who stands at the door with a telephone in the hand.
PAYS_WITHIN = timedelta(minutes=30)
# What was written on paper is often typed in the day after.
_TYPED_IN_WITHIN = timedelta(days=14)


class Way(StrEnum):
    """How somebody at the door settles a price: now, on an invoice, or not at all as the guest of somebody."""

    ONLINE = "online"
    INVOICE = "factuur"
    GUEST = "gast"


class Known(StrEnum):
    """What to do about somebody at the door who is registered already."""

    ADMIT = "admit"
    CONFIRM = "confirm"
    PAY = "pay"
    DESK = "desk"


def check_moment(
    state: EventState, mode: RegistrationMode, schedule: Schedule, *, by_office: bool, now: datetime
) -> None:
    """Whether people walk in now: on the days of the event until it ends, and for the office two weeks longer.

    Refuses with RegistrationClosed (a draft, cancelled, or not registered here at all), NotAtTheDoor or EventOver.
    """
    if state != EventState.PUBLISHED or mode != RegistrationMode.HIER:
        raise RegistrationClosed(window=window(state, mode, schedule, now=min(now, schedule.starts_at)).value)
    if local_date(now) < local_date(schedule.starts_at):
        raise NotAtTheDoor()
    if now > schedule.ends_at + (_TYPED_IN_WITHIN if by_office else timedelta()):
        raise EventOver()


def as_guest(host: str) -> Entitlement:
    """What the guest of this person comes in as: free, whatever the event asks of others."""
    return Entitlement(Category.NIET_LID, 0, Proof(Category.NIET_LID, "guest", {"guest_of": host}))


def known_as(state: State, review: Review, *, alone: bool, price_cents: int) -> Known:
    """What the door does about a live registration; `alone` when its order is of nobody else.

    Who stands there vouches for the address that was not proven yet. A line is not jumped at the door, and neither a
    colleague's order nor what the office still has to decide is settled there.
    """
    if state == State.CONFIRMED:
        return Known.ADMIT
    waits = state == State.AWAITING_CONFIRMATION and review != Review.PENDING
    if waits and not price_cents:
        return Known.CONFIRM
    return Known.PAY if alone and (waits or state == State.AWAITING_PAYMENT) else Known.DESK
