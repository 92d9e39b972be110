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
    StrictBool,
    ValidationInfo,
    field_validator,
    model_validator,
)

from eventapp.domain.admission import Action, Result
from eventapp.domain.events import EventForm, EventKind, EventState, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.events import Field as Topic
from eventapp.domain.invoice_details import HOME_COUNTRY
from eventapp.domain.invoices import Buyer
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.registrations import State
from eventapp.domain.rehearsal import Check
from eventapp.domain.roster import RosterState
from eventapp.domain.walk_ins import Known, Way
from eventapp.formatting import iso
from eventapp.web import company_numbers

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


# What the list of a door calls a ticket.
ListId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Body(BaseModel):
    """What comes in: unknown members are ignored, so that an older server understands a newer phone."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class Answer(BaseModel):
    """What goes out. Each is put together at its first use, so that a start does not wait for all of them."""

    model_config = ConfigDict(defer_build=True)


class NewcomerIn(Body):
    """Who came instead of whose ticket it was."""

    given_name: Annotated[OneLine, Field(max_length=100)] = ""
    infix: Annotated[OneLine, Field(max_length=30)] = ""
    family_name: Annotated[OneLine, Field(min_length=1, max_length=100)]
    email: Annotated[str, Field(max_length=254), AfterValidator(_address)]


class ScanIn(Body):
    scan_id: UUID
    code: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    ticket_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | ListId | None = None
    event: Slug
    session: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9-]*$")] | None = None
    action: Action
    undoes: UUID | None = None
    scanned_at: Reported
    seq: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    list_version: Annotated[str, Field(max_length=2000, pattern=r"^[\w.=-]*$")] | None = None
    shown: Result | None = None
    newcomer: NewcomerIn | None = None

    @model_validator(mode="after")
    def names_one_thing(self) -> Self:
        if self.action == Action.SWAP and self.newcomer is None:
            raise ValueError("a swap names the newcomer")
        if self.action == Action.UNDO:
            if self.undoes is None:
                raise ValueError("an undo names the scan it undoes")
        elif (self.code is None) == (self.ticket_id is None):
            raise ValueError("either code or ticket_id")
        return self


def _known_checks(said: Any) -> Any:
    """Without what only a newer phone tries."""
    return [one for one in said if one in set(Check)] if isinstance(said, list) else said


class RehearsalIn(Body):
    """What a phone tried on itself: `failed` is what it cannot do."""

    at: Reported
    failed: Annotated[list[Check], BeforeValidator(_known_checks)] = []


class BatchIn(Body):
    """The scans are checked one by one, so that a bad one does not stop the others.

    `release`, `waiting` and `rehearsal` are how a phone says it is: what it runs, how many scans stay behind there, and
    what it tried on itself.
    """

    sent_at: Reported
    release: Annotated[str, BeforeValidator(_one_line), Field(max_length=20)] | None = None
    waiting: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    rehearsal: RehearsalIn | None = None
    scans: Annotated[list[Any], Field(max_length=MOST_SCANS)]


class SessionOut(Answer):
    """A breakout of somebody at the door, one per round; `speaks` when they stand in front."""

    round: str
    slug: str
    title: str
    room: str
    starts_at: Moment
    ends_at: Moment
    speaks: bool


class AttendeeOut(Answer):
    name: str
    organisation: str
    category: Category
    note: str = ""
    sessions: list[SessionOut] = []


class VerdictOut(Answer):
    """`first_scanned_at` and `conflict` are only there when they say something."""

    scan_id: str
    result: Result
    attendee: AttendeeOut | None
    first_scanned_at: Moment | None = None
    conflict: bool = False


class FoundOut(Answer):
    """Somebody found by name; `id` is the ticket to scan with, None when there is none that opens a door.

    `list_id` is what the list of the door calls that ticket.
    """

    id: int | None
    list_id: str | None
    name: str
    organisation: str
    category: Category
    state: str
    inside_since: Moment | None


class SearchOut(Answer):
    results: list[FoundOut]


class PlacesOut(Answer):
    """`capacity` is None without a limit."""

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
    """`offered_by` is the name of a partner, `external_url` where one registers elsewhere; each empty without."""

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
    events: list[EventOut]
    next_cursor: str | None


class RegistrationOut(Answer):
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


class InvoiceIn(Body):
    """For whom an invoice is: an address whole; `email` is where it goes, without one to whoever gets them there."""

    legal_name: Annotated[OneLine, Field(min_length=1, max_length=200)]
    attention: Annotated[OneLine, Field(max_length=200)] = ""
    department: Annotated[OneLine, Field(max_length=200)] = ""
    street: Annotated[OneLine, Field(min_length=1, max_length=200)]
    house_number: Annotated[OneLine, Field(max_length=10), AfterValidator(company_numbers.house_number)] = ""
    addition: Annotated[OneLine, Field(max_length=20)] = ""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = HOME_COUNTRY
    postcode: Annotated[OneLine, Field(min_length=1, max_length=12)]
    city: Annotated[OneLine, Field(min_length=1, max_length=100)]
    kvk: Annotated[OneLine, Field(max_length=20), AfterValidator(company_numbers.kvk)] = ""
    btw_id: Annotated[OneLine, Field(max_length=30), AfterValidator(company_numbers.btw_id)] = ""
    oin: Annotated[OneLine, Field(max_length=40), AfterValidator(company_numbers.oin)] = ""
    email: Annotated[str, Field(max_length=254), AfterValidator(_address)] | None = None
    reference: Annotated[OneLine, Field(max_length=100)] = ""
    order_number: Annotated[OneLine, Field(max_length=60)] = ""
    cost_centre: Annotated[OneLine, Field(max_length=60)] = ""

    @field_validator("postcode")
    @classmethod
    def of_its_country(cls, value: str, info: ValidationInfo) -> str:
        return company_numbers.postcode(value, country=info.data.get("country", HOME_COUNTRY))

    @property
    def buyer(self) -> Buyer:
        """The same, as the rest of the house knows it."""
        return Buyer(**self.model_dump(exclude={"email"}), address=self.email or "")


AnswerIn = bool | int | Annotated[str, Field(max_length=1000)] | Annotated[list[str], Field(max_length=50)]


class BookingIn(Body):
    """Somebody another system books in: `sessions` by their slugs, `answers` by the ids of the questions.

    With an `invoice` what it costs is paid on one; an empty one is none, and a price of 0 needs none.
    `counts` says whether they fill a place of the event; without it everybody does but who speaks.
    """

    email: Annotated[str, Field(max_length=254), AfterValidator(_address)]
    given_name: Annotated[OneLine, Field(max_length=100)] = ""
    infix: Annotated[OneLine, Field(max_length=30)] = ""
    family_name: Annotated[OneLine, Field(min_length=1, max_length=100)]
    organisation: Annotated[OneLine, Field(max_length=200)] = ""
    function: Annotated[OneLine, Field(max_length=120)] = ""
    sessions: Annotated[list[Slug], Field(max_length=50)] = []
    answers: dict[Annotated[int, Field(ge=1, le=2**31 - 1)], AnswerIn] = {}
    invoice: InvoiceIn | None = None
    category: Category | None = None
    counts: StrictBool | None = None

    @field_validator("invoice", mode="before")
    @classmethod
    def empty_is_none(cls, value: Any) -> Any:
        return value or None


class BookedOut(Answer):
    """`ticket_code` is only there when there is a ticket."""

    token: str
    state: State
    category: Category
    price_cents: int
    ticket_code: str | None = None
    order_url: str


class RegistrationsOut(Answer):
    registrations: list[RegistrationOut]
    next_cursor: str | None


class WalkInIn(Body):
    """Somebody at the door without a registration. `price_cents` is what was shown to them.

    `walk_in_id` is made by the phone and becomes the id of the scan that lets them in.
    """

    event: Slug
    walk_in_id: UUID | None = None
    email: Annotated[str, Field(max_length=254), AfterValidator(_address)]
    given_name: Annotated[OneLine, Field(max_length=100)] = ""
    infix: Annotated[OneLine, Field(max_length=30)] = ""
    family_name: Annotated[OneLine, Field(min_length=1, max_length=100)]
    organisation: Annotated[OneLine, Field(max_length=200)] = ""
    way: Way = Way.ONLINE
    guest_of: Annotated[OneLine, Field(max_length=100)] = ""
    price_cents: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def guest_of_somebody(self) -> Self:
        if self.way == Way.GUEST and not self.guest_of:
            raise ValueError("a guest is the guest of somebody")
        return self


class WalkInStepIn(Body):
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


class InsideOut(Answer):
    since: Moment
    where: str


class RosterRowOut(Answer):
    """One ticket of a door's list. `nonce` and `sealed` are base64.

    `name` and `mail`, which tells colleagues by their mail domain, are there only for who may search offline.
    """

    id: str
    state: RosterState
    type: Category
    since: Moment | None = None
    where: str | None = None
    inside: dict[str, InsideOut] | None = None
    conflict: bool | None = None
    name: str | None = None
    mail: str | None = None
    nonce: str
    sealed: str


class RosterSessionOut(Answer):
    id: int
    slug: str
    title: str
    room: str
    rounds: list[str]
    starts_at: Moment
    ends_at: Moment


class RosterOut(Answer):
    """A door's list: all of it, or with `parts` only the rows whose id begins with one of these."""

    v: str
    event: str
    title: str
    server_time: Moment
    first_day: str
    last_day: str
    starts_at: Moment
    ends_at: Moment
    count: int
    parts: list[str] | None
    sessions: list[RosterSessionOut]
    rows: list[RosterRowOut]


class SightingOut(Answer):
    door: str
    at: Moment
    result: Result
    mine: bool


class ConflictOut(Answer):
    """One person whom this door let in, though another door or our list says otherwise."""

    name: str
    session: str
    sightings: list[SightingOut]


class ConflictsOut(Answer):
    conflicts: list[ConflictOut]
