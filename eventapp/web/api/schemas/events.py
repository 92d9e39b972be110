"""Events as they are published, with prices and places."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from eventapp.domain.events import EventForm, EventKind, EventState, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.events import Field as Topic
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category
from eventapp.web.api.schemas.base import Answer, Asked, Moment

USUAL_PAGE, MOST_ON_A_PAGE = 100, 500


def _digits(said: Any) -> Any:
    if not isinstance(said, str) or not said.isascii() or not said.isdigit():
        raise ValueError(f"1 to {MOST_ON_A_PAGE}")
    return said


class PageAsked(Asked):
    """Which page of a list."""

    limit: Annotated[
        int,
        BeforeValidator(_digits),
        Field(ge=1, le=MOST_ON_A_PAGE, description="How many at most", examples=[50]),
    ] = USUAL_PAGE
    cursor: Annotated[str, Field(description="`next_cursor` of the page before; empty is the first page")] = ""


class PlacesOut(Answer):
    """`capacity` is null without a limit."""

    capacity: int | None
    taken: int
    waiting: int


class PriceOut(Answer):
    """`kinds` is empty when the line is for everybody of the category."""

    category: Category
    admission: Admission
    price_cents: int
    kinds: list[OrganisationKind] = []


class EventOut(Answer):
    """An event; prices include btw, `url` is its page.

    `offered_by` is the name of a partner, `external_url` where one registers elsewhere; each empty without.
    """

    slug: str
    title: str
    kind: EventKind
    state: EventState
    form: EventForm
    visibility: Visibility
    registration: RegistrationMode
    starts_at: Moment
    ends_at: Moment
    opens_at: Moment | None
    closes_at: Moment | None
    summary: str
    description: str
    venue: str
    street: str
    postcode: str
    city: str
    fields: list[Topic]
    target_groups: list[TargetGroup]
    prices: list[PriceOut]
    places: PlacesOut
    offered_by: str
    external_url: str
    url: str


class EventsOut(Answer):
    """`next_cursor` is null on the last page."""

    events: list[EventOut]
    next_cursor: str | None
