"""What do the bodies of the API look like? Declared once; requests are checked by them, answers are made of them."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    field_validator,
    model_validator,
)

from eventapp.domain.admission import Action, Result
from eventapp.domain.events import EventForm, EventKind, EventState, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.events import Field as Topic
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.registrations import State
from eventapp.formatting import iso

MOST_SCANS = 1000


def _sane_year(moment: datetime) -> datetime:
    """A clock that was never set still counts as a clock; one outside this century cannot be calculated with."""
    if not 1970 <= moment.year < 2100:
        raise ValueError("not a moment of this era")
    return moment


def _one_line(text: Any) -> Any:
    """Without white space around it and without control characters; null is nothing."""
    if isinstance(text, str):
        return "".join(char for char in text if char.isprintable()).strip()
    return "" if text is None else text


def _address(text: str) -> str:
    """The address, normalised and in lower case."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError("not a valid e-mail address") from error
    return f"{checked.local_part}@{checked.ascii_domain}".lower()


OneLine = Annotated[str, BeforeValidator(_one_line)]
Moment = Annotated[datetime, PlainSerializer(iso)]
Reported = Annotated[AwareDatetime, AfterValidator(_sane_year)]
Slug = Annotated[str, Field(min_length=1, max_length=80)]


class Body(BaseModel):
    """What comes in: unknown members are ignored, so that an older server understands a newer phone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ScanIn(Body):
    scan_id: UUID
    code: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    ticket_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    event: Slug
    session: Annotated[str, Field(max_length=40)] | None = None
    action: Action
    undoes: UUID | None = None
    scanned_at: Reported
    seq: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    list_version: Annotated[str, Field(max_length=64)] | None = None
    shown: Result | None = None

    @model_validator(mode="after")
    def names_one_thing(self) -> Self:
        if self.action == Action.UNDO:
            if self.undoes is None:
                raise ValueError("an undo names the scan it undoes")
        elif (self.code is None) == (self.ticket_id is None):
            raise ValueError("either code or ticket_id")
        return self


class BatchIn(Body):
    """The scans are checked one by one, so that a bad one does not stop the others."""

    sent_at: Reported
    scans: Annotated[list[Any], Field(max_length=MOST_SCANS)]


class AttendeeOut(BaseModel):
    name: str
    organisation: str
    category: Category
    note: str = ""
    sessions: list[str] = []


class VerdictOut(BaseModel):
    """`first_scanned_at` and `conflict` are only there when they say something."""

    scan_id: str
    result: Result
    attendee: AttendeeOut | None
    first_scanned_at: Moment | None = None
    conflict: bool = False


class FoundOut(BaseModel):
    """Somebody found by name; `id` is the ticket to scan with, None when there is none that opens a door."""

    id: int | None
    name: str
    organisation: str
    category: Category
    state: str
    inside_since: Moment | None


class SearchOut(BaseModel):
    results: list[FoundOut]


class PlacesOut(BaseModel):
    """`capacity` is None without a limit."""

    capacity: int | None
    taken: int
    waiting: int


class PriceOut(BaseModel):
    """`kinds` is empty when the line is for everybody of the category."""

    category: Category
    admission: Admission
    price_cents: int
    kinds: list[OrganisationKind] = []


class EventOut(BaseModel):
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
    url: str


class EventsOut(BaseModel):
    events: list[EventOut]
    next_cursor: str | None


class RegistrationOut(BaseModel):
    id: int
    state: State
    category: Category
    price_cents: int
    given_name: str
    infix: str
    family_name: str
    email: str
    organisation: str
    function: str
    attends: EventForm
    created_at: Moment
    confirmed_at: Moment | None
    cancelled_at: Moment | None
    first_scanned_at: Moment | None


AnswerIn = bool | int | Annotated[str, Field(max_length=1000)] | Annotated[list[str], Field(max_length=50)]


class BookingIn(Body):
    """Somebody another system books in: `sessions` by their slugs, `answers` by the ids of the questions."""

    email: Annotated[str, Field(max_length=254), AfterValidator(_address)]
    given_name: Annotated[OneLine, Field(max_length=100)] = ""
    infix: Annotated[OneLine, Field(max_length=30)] = ""
    family_name: Annotated[OneLine, Field(min_length=1, max_length=100)]
    organisation: Annotated[OneLine, Field(max_length=200)] = ""
    function: Annotated[OneLine, Field(max_length=120)] = ""
    sessions: Annotated[list[Slug], Field(max_length=50)] = []
    answers: dict[Annotated[int, Field(ge=1, le=2**31 - 1)], AnswerIn] = {}
    invoice: dict[str, Any] | None = None
    category: Category | None = None

    @field_validator("invoice")
    @classmethod
    def not_yet(cls, value: Any) -> Any:
        if value:
            raise ValueError("cannot be given here yet")
        return value


class BookedOut(BaseModel):
    """`ticket_code` is only there when there is a ticket."""

    token: str
    state: State
    category: Category
    price_cents: int
    ticket_code: str | None = None
    order_url: str


class RegistrationsOut(BaseModel):
    registrations: list[RegistrationOut]
    next_cursor: str | None
