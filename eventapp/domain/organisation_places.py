"""How many people of one member come in free at an event, who counts for that, and what does the next one get?"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import NotAdmitted
from eventapp.domain.pricing import Category, Entitlement, PriceLine, Proof, decide

_NEEDS_ORGANISATION = frozenset({Category.LID, Category.NIET_LID})


class BeyondFree(StrEnum):
    """What the next one of an organisation gets once its free places are gone."""

    PAYS = "pays"
    REFUSED = "refused"
    WAITS = "waits"


class FreePlaces(NamedTuple):
    """What an event says: so many free places per member (None is no limit), and what happens beyond them.

    `beyond_cents` includes btw and is above 0 when somebody pays.
    """

    per_organisation: int | None = None
    beyond: BeyondFree = BeyondFree.REFUSED
    beyond_cents: int = 0


def counts(*, category: Category, price_cents: int, organisation_id: int | None) -> bool:
    """Whether somebody who comes in like this takes one of the free places of their organisation.

    `price_cents` is the price that was agreed: who was booked at a price and had it credited came in beyond them.
    """
    return category == Category.LID and price_cents == 0 and organisation_id is not None


def beyond(
    rule: FreePlaces, of_member: Proof, lines: Iterable[PriceLine], own_proofs: Iterable[Proof]
) -> Entitlement | None:
    """What somebody gets when the free places of their organisation are gone; None when that is nothing.

    A status of one's own that is cheaper than the price beyond wins, as everywhere.
    """
    paid = Entitlement(Category.LID, rule.beyond_cents, of_member) if rule.beyond == BeyondFree.PAYS else None
    try:
        own = decide([line for line in lines if line.category not in _NEEDS_ORGANISATION], own_proofs)
    except NotAdmitted:
        return paid
    return own if paid is None or own.price_cents < paid.price_cents else paid
