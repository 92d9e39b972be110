"""People at the door without a registration."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.walk_ins import Known, Way
from eventapp.web.api.schemas.base import Address, Answer, Body, Moment, OneLine, Slug, Whole


class WalkInIn(Body):
    """Somebody at the door without a registration. `price_cents` is what was shown to them.

    `walk_in_id` is made by the phone and becomes the id of the scan that lets them in.
    """

    event: Slug
    walk_in_id: UUID | None = None
    email: Address
    given_name: Annotated[str, OneLine(100)] = ""
    infix: Annotated[str, OneLine(30)] = ""
    family_name: Annotated[str, OneLine(100, needed=True)]
    organisation: Annotated[str, OneLine(200)] = ""
    way: Way = Way.ONLINE
    guest_of: Annotated[str, OneLine(100)] = ""
    price_cents: Whole | None = None

    @model_validator(mode="after")
    def guest_of_somebody(self) -> Self:
        if self.way == Way.GUEST and not self.guest_of:
            raise ValueError("a guest is the guest of somebody")
        return self


class WalkInStepIn(Body):
    """The next step of somebody at the door."""

    event: Slug
    walk_in_id: UUID | None = None


class ProspectOut(Answer):
    """What somebody would meet. `category` is null for whom the event admits on no ground.

    `known` says what is done about a registration there is already: admit, confirm, pay or desk. `left` is the places
    for a newcomer, null without a limit.
    """

    organisation: str
    category: Category | None
    price_cents: int
    known: Known | None
    state: State | None
    left: int | None
    waiting: int
    ways: list[Way]


class WalkInOut(Answer):
    """How it stands: `inside` once they may walk on, `pay_until` while a place waits for the money."""

    id: int
    name: str
    organisation: str
    state: State
    category: Category
    price_cents: int
    inside: bool
    registered: bool = False
    pay_until: Moment | None = None


class PayOut(Answer):
    """Where to pay, and the same as a picture to scan."""

    url: str
    qr: str
