"""Several people in one order: whose proof carries whom, who may come with whom, and what is the next step of each?

Once whoever booked has proven their address:

| colleague                                           | own link | free       | at a price          |
| --------------------------------------------------- | -------- | ---------- | ------------------- |
| on a domain of the same member or partner           | none     | confirmed  | paid with the order |
| reads the same mailbox as whoever booked            | none     | confirmed  | paid with the order |
| pays the outsiders' price                           | none     |            | paid with the order |
| anybody else: of another member, or free as a guest | mailed   | confirmed  | paid with the order |
| said to work for the member, address unknown        | mailed   | the office | the office          |
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.pricing import Category, Entitlement, Proof, needs_proof
from eventapp.domain.registrations import Review

# Whoever brings more asks the office.
MOST_PEOPLE = 20
_SHARED = frozenset({Category.LID, Category.KERNPARTNER, Category.STEUNPARTNER})


class Trouble(StrEnum):
    """Why somebody of a group cannot come as the form has it."""

    NO_PLACE = "no_place"
    NO_FREE_PLACE = "no_free_place"
    NOT_ADMITTED = "not_admitted"


class Step(StrEnum):
    """What comes next for one person of an order."""

    WAIT = "wait"
    OWN_LINK = "own_link"
    OFFICE = "office"
    PAY = "pay"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Wish:
    """What one person of the form would come in as; `entitlement` None is not at all.

    `needs` are the limited things of which it takes one each, by the id of their rows. `free_of` is the organisation of
    which it would take one of the free places, when the event limits those; `beyond` is what there is instead once
    those are gone.
    """

    entitlement: Entitlement | None
    needs: tuple[int, ...] = ()
    free_of: int | None = None
    beyond: Entitlement | None = None


class Seat(NamedTuple):
    """What one person of the form gets, or the trouble with what they would get if there were a place.

    `beyond_free`: the free places of the organisation were gone before this one. `full` is the row in which there is
    no place.
    """

    entitlement: Entitlement | None
    trouble: Trouble | None = None
    beyond_free: bool = False
    full: int | None = None


def goes_with_booker(colleague: Entitlement, booker: Iterable[Proof], *, same_mailbox: bool) -> bool:
    """Whether a colleague needs no link of their own, once whoever booked proved theirs, which proves `booker`."""
    return same_mailbox or not needs_proof(colleague) or any(_vouches(proof, colleague.proof) for proof in booker)


def _vouches(booker: Proof, colleague: Proof) -> bool:
    """Both belong to the same member or partner; the colleague by the domain of their address alone."""
    same = (booker.organisation_id, booker.category) == (colleague.organisation_id, colleague.category)
    known = booker.organisation_id is not None and booker.category in _SHARED
    return same and known and booker.via in ("domain", "named", "tenant") and colleague.via == "domain"


def next_step(
    *, with_booker: bool, booker_proven: bool, own_proven: bool, price_cents: int, review: Review = Review.NONE
) -> Step:
    """What somebody of an order waits for now. Nothing is mailed to a colleague before whoever booked is certain."""
    if not (own_proven or (with_booker and booker_proven)):
        return Step.OWN_LINK if booker_proven and not with_booker else Step.WAIT
    if review == Review.PENDING:
        return Step.OFFICE
    return Step.PAY if price_cents else Step.CONFIRM


def cheaper_claim(own: Entitlement | None, claim: Entitlement | None) -> Entitlement | None:
    """For an address that tells nothing: what the office may grant, when that is better than what outsiders get."""
    if own is None or claim is None:
        return own or claim
    return claim if claim.price_cents < own.price_cents else own


def seat(wishes: Iterable[Wish], *, left: Mapping[int, int], free_left: Mapping[int, int]) -> list[Seat]:
    """Who fits, in the order of the form: in what is `left` of each limited thing and in the free places of
    organisations."""
    free, places = dict(free_left), dict(left)
    seats = []
    for wish in wishes:
        found = _seat(wish, left=places, free=free)
        if found.trouble is None:
            places.update({one: places[one] - 1 for one in wish.needs if one in places})
        seats.append(found)
    return seats


def _seat(wish: Wish, *, left: Mapping[int, int], free: dict[int, int]) -> Seat:
    if wish.entitlement is None:
        return Seat(None, Trouble.NOT_ADMITTED)
    full = next((one for one in wish.needs if left.get(one) == 0), None)
    if full is not None:
        return Seat(wish.entitlement, Trouble.NO_PLACE, full=full)
    if wish.free_of is None:
        return Seat(wish.entitlement)
    if free.get(wish.free_of, 0) > 0:
        free[wish.free_of] -= 1
        return Seat(wish.entitlement)
    trouble = None if wish.beyond else Trouble.NO_FREE_PLACE
    return Seat(wish.beyond or wish.entitlement, trouble, beyond_free=True)
