"""To whom may a place be handed over?"""

from enum import StrEnum

# What the source of a registration says when somebody came in the place of another.
VIA = "hand_over"


class HandOverState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    # A phone at a door let somebody in instead of another, and it turned out not to be possible.
    REFUSED = "refused"


def may_take_over(*, same_organisation: bool, to_anybody: bool, price_cents: int, agreed_cents: int) -> bool:
    """A colleague of the same organisation always may; anybody else where the event allows it and pays no more.

    `price_cents` is what the event asks of the newcomer, `agreed_cents` what was agreed for the place.
    """
    return same_organisation or (to_anybody and price_cents <= agreed_cents)
