"""What every schema of the API is made of: what comes in, what is asked for, what goes out, and the types in them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from eventapp.formatting import iso, parse_address

BIGGEST = 2**31 - 1
_MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$"
_A_MOMENT = re.compile(_MOMENT, re.ASCII)


class Body(BaseModel):
    """What comes in: unknown members are ignored, so that an older server understands a newer phone."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class Asked(BaseModel):
    """What stands behind the question mark of an address; what is unknown there is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class Answer(BaseModel):
    """What goes out. Each is put together at its first use, so that a start does not wait for all of them.

    A `sparse` one leaves out what was not said.
    """

    model_config = ConfigDict(defer_build=True)
    sparse: ClassVar[bool] = False

    def as_json(self) -> str:
        return self.model_dump_json(exclude_unset=self.sparse)


def _is_moment(said: Any) -> Any:
    """Text as ISO 8601 writes it, and no number of seconds."""
    if not isinstance(said, str) or not _A_MOMENT.match(said):
        raise ValueError("not a moment with an offset, such as 2027-03-18T09:30:00+01:00")
    return said


def _sane_year(moment: datetime) -> datetime:
    """A clock that was never set still counts as a clock; one outside this century cannot be calculated with."""
    if not 1970 <= moment.year < 2100:
        raise ValueError("not a moment of this era")
    return moment


@dataclass(frozen=True)
class OneLine:
    """Text of at most so many characters, cleaned of white space around it and of control characters.

    One that is `needed` has something left then; another may be null, which is nothing.
    """

    most: int
    needed: bool = False

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        if self.needed:
            text: CoreSchema = core_schema.str_schema(min_length=1, max_length=self.most)
            return core_schema.no_info_after_validator_function(_needed_line, text)
        text = core_schema.nullable_schema(core_schema.str_schema(max_length=self.most))
        return core_schema.no_info_after_validator_function(_one_line, text)


def _one_line(text: str | None) -> str:
    return "".join(char for char in text if char.isprintable()).strip() if text else ""


def _needed_line(text: str) -> str:
    line = _one_line(text)
    if not line:
        raise ValueError("must not be empty")
    return line


def _address(text: str) -> str:
    """The address, normalised and in lower case."""
    try:
        return parse_address(text)
    except ValueError as error:
        raise ValueError("not a valid e-mail address") from error


Whole = Annotated[int, Strict(), Field(ge=0, le=BIGGEST)]
RowId = Annotated[int, Strict(), Field(ge=1, le=BIGGEST)]
Address = Annotated[
    str,
    Field(max_length=254),
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
Moment = Annotated[datetime, PlainSerializer(iso), WithJsonSchema({"type": "string", "format": "date-time"})]
Reported = Annotated[
    AwareDatetime,
    BeforeValidator(_is_moment),
    AfterValidator(_sane_year),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _MOMENT}),
]
Slug = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9-]+$")]
