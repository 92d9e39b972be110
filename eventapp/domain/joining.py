"""When does the personal page lead on to an online meeting, and what does it say otherwise?"""

from datetime import datetime, timedelta
from enum import StrEnum

OPENS_BEFORE = timedelta(minutes=30)
# A meeting that runs late lets in again whoever lost the connection.
STAYS_OPEN = timedelta(minutes=30)


class Joining(StrEnum):
    """What somebody finds on the page."""

    OPEN = "open"
    EARLY = "early"
    OVER = "over"
    CANCELLED = "cancelled"
    NO_LINK = "no_link"
    ON_THE_SPOT = "on_the_spot"


def joining(
    *, event_off: bool, online: bool, address: str, starts_at: datetime, ends_at: datetime, now: datetime
) -> Joining:
    """How it stands for whoever holds a valid ticket; `online` is whether they attend that way.

    A meeting without an address of its own, or with one that does not begin with https, leads nowhere.
    """
    if event_off:
        return Joining.CANCELLED
    if not online:
        return Joining.ON_THE_SPOT
    if now > ends_at + STAYS_OPEN:
        return Joining.OVER
    if not address.startswith("https://"):
        return Joining.NO_LINK
    return Joining.OPEN if now >= starts_at - OPENS_BEFORE else Joining.EARLY
