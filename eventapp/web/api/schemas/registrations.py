"""Registrations as other systems read them, and somebody whom another system books in."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, ValidationInfo, field_validator

from eventapp.domain.events import EventForm
from eventapp.domain.invoice_details import HOME_COUNTRY
from eventapp.domain.invoices import Buyer
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.web import company_numbers
from eventapp.web.api.schemas.base import Address, Answer, Body, Moment, OneLine, RowId, Slug, Whole


class RegistrationOut(Answer):
    """One person at one event; `first_scanned_at` is null for who has not been there."""

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


class RegistrationsOut(Answer):
    """`next_cursor` is null on the last page."""

    registrations: list[RegistrationOut]
    next_cursor: str | None


class InvoiceIn(Body):
    """For whom an invoice is: an address whole; `email` is where it goes, without one to whoever gets them there."""

    legal_name: Annotated[str, OneLine(200, needed=True)]
    attention: Annotated[str, OneLine(200)] = ""
    department: Annotated[str, OneLine(200)] = ""
    street: Annotated[str, OneLine(200, needed=True)]
    house_number: Annotated[str, OneLine(10), AfterValidator(company_numbers.house_number)] = ""
    addition: Annotated[str, OneLine(20)] = ""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = HOME_COUNTRY
    postcode: Annotated[str, OneLine(12, needed=True)]
    city: Annotated[str, OneLine(100, needed=True)]
    kvk: Annotated[str, OneLine(20), AfterValidator(company_numbers.kvk)] = ""
    btw_id: Annotated[str, OneLine(30), AfterValidator(company_numbers.btw_id)] = ""
    oin: Annotated[str, OneLine(40), AfterValidator(company_numbers.oin)] = ""
    email: Address | None = None
    reference: Annotated[str, OneLine(100)] = ""
    order_number: Annotated[str, OneLine(60)] = ""
    cost_centre: Annotated[str, OneLine(60)] = ""

    @field_validator("postcode")
    @classmethod
    def of_its_country(cls, value: str, info: ValidationInfo) -> str:
        return company_numbers.postcode(value, country=info.data.get("country", HOME_COUNTRY))

    @property
    def buyer(self) -> Buyer:
        """The same, as the rest of the house knows it."""
        return Buyer(**self.model_dump(exclude={"email"}), address=self.email or "")


# No database keeps a null character in text.
_Words = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]
AnswerIn = bool | Whole | _Words | Annotated[list[_Words], Field(max_length=50)]


def _or_empty(schema: dict[str, Any]) -> None:
    schema["anyOf"].insert(1, {"type": "object", "maxProperties": 0})


def _ids_as_keys(schema: dict[str, Any]) -> None:
    schema["propertyNames"] = {"pattern": "^[1-9][0-9]{0,9}$"}


class BookingIn(Body):
    """Somebody another system books in: `sessions` by their slugs, `answers` by the ids of the questions.

    With an `invoice` what it costs is paid on one; an empty one is none, and a price of 0 needs none.
    `counts` says whether they fill a place of the event; without it everybody does but who speaks.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "email": "marieke@zonnevlinder.example",
                    "given_name": "Marieke",
                    "infix": "van der",
                    "family_name": "Meulen",
                    "organisation": "Zonnevlinder",
                    "function": "Directeur",
                }
            ]
        }
    )

    email: Address
    given_name: Annotated[str, OneLine(100)] = ""
    infix: Annotated[str, OneLine(30)] = ""
    family_name: Annotated[str, OneLine(100, needed=True)]
    organisation: Annotated[str, OneLine(200)] = ""
    function: Annotated[str, OneLine(120)] = ""
    sessions: Annotated[list[Slug], Field(max_length=50)] = []
    answers: Annotated[dict[RowId, AnswerIn], Field(json_schema_extra=_ids_as_keys)] = {}
    invoice: Annotated[InvoiceIn | None, Field(json_schema_extra=_or_empty)] = None
    category: Category | None = None
    counts: StrictBool | None = None

    @field_validator("invoice", mode="before")
    @classmethod
    def empty_is_none(cls, value: Any) -> Any:
        return None if value == {} else value


class BookedOut(Answer):
    """`ticket_code` is only there when there is a ticket."""

    sparse = True

    token: str
    state: State
    category: Category
    price_cents: int
    ticket_code: str | None = None
    order_url: str
