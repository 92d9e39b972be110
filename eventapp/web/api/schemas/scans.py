"""Scans as doors send them, and what they hear."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from eventapp.domain.admission import Action, Result
from eventapp.domain.pricing import Category
from eventapp.domain.rehearsal import Check
from eventapp.web.api.schemas.base import Address, Answer, Asked, Body, Moment, OneLine, Reported, RowId, Slug, Whole

MOST_SCANS = 1000

# What the list of a door calls a ticket.
ListId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class NewcomerIn(Body):
    """Who came instead of whose ticket it was."""

    given_name: Annotated[str, OneLine(100)] = ""
    infix: Annotated[str, OneLine(30)] = ""
    family_name: Annotated[str, OneLine(100, needed=True)]
    email: Address


class ScanIn(Body):
    """One scan: either `code` or `ticket_id`, an undo names the scan it `undoes`, a swap names the `newcomer`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scan_id": "6e8bc430-9c3a-41d9-9669-0800200c9a66",
                    "code": "T0123456789ABCDEFGHJ",
                    "event": "themadag-2027",
                    "action": "in",
                    "scanned_at": "2027-04-14T09:12:00+02:00",
                }
            ]
        }
    )

    scan_id: UUID
    code: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    ticket_id: RowId | ListId | None = None
    event: Slug
    session: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9-]*$")] | None = None
    action: Action
    undoes: UUID | None = None
    scanned_at: Reported
    seq: Whole | None = None
    list_version: Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z0-9_.=-]*$")] | None = None
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


class Unread:
    """A scan of a batch that is none: why, and what it calls itself."""

    def __init__(self, error: ValidationError, said: Any) -> None:
        scan_id = said.get("scan_id") if isinstance(said, dict) else None
        self.error, self.scan_id = error, scan_id if isinstance(scan_id, str) else None


def _one_by_one(said: Any, read: ValidatorFunctionWrapHandler) -> ScanIn | Unread:
    try:
        scan: ScanIn = read(said)
        return scan
    except ValidationError as error:
        return Unread(error, said)


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
    release: Annotated[str, OneLine(20)] | None = None
    waiting: Whole = 0
    rehearsal: RehearsalIn | None = None
    scans: Annotated[list[Annotated[ScanIn, WrapValidator(_one_by_one)]], Field(max_length=MOST_SCANS)]


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
    """Who came in, as the door shows it."""

    name: str
    organisation: str
    category: Category
    note: str = ""
    sessions: list[SessionOut] = []


class VerdictOut(Answer):
    """`first_scanned_at` and `conflict` are only there when they say something."""

    sparse = True

    scan_id: str
    result: Result
    attendee: AttendeeOut | None
    first_scanned_at: Moment | None = None
    conflict: bool = False


class ScanProblemOut(Answer):
    """Why one scan of a batch was not taken."""

    sparse = True

    status: int
    code: str
    title: str
    errors: dict[str, list[str]] = {}


class UntakenOut(Answer):
    """A scan of a batch that was not taken; `scan_id` is null when it had none."""

    scan_id: str | None
    problem: ScanProblemOut


class BatchOut(Answer):
    """An answer per scan, in the order they were sent."""

    sparse = True

    results: list[VerdictOut | UntakenOut]


class NameAsked(Asked):
    event: Annotated[Slug, Field(description="The event of the door")]
    q: Annotated[str, Field(description="How the name begins; what is longer than 100 characters is cut off")] = ""


class FoundOut(Answer):
    """Somebody found by name; `id` is the ticket to scan with, null when there is none that opens a door.

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
    """Who was found."""

    results: list[FoundOut]
