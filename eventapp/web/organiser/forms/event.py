"""The form of an event: everything an organiser fills in, read into EventDetails and back."""

from enum import StrEnum
from typing import Any, ClassVar

from eventapp import wording
from eventapp.domain.event_details import EventDetails
from eventapp.domain.pricing import Admission, PriceLine
from eventapp.web.organiser.forms.event_sections import (
    AT_ONCE,
    PRICED,
    SECTION_OF,
    WHEN_PAID,
    AudienceForm,
    CancellingForm,
    PlacesForm,
    RegisteringForm,
    TextForm,
    WhatForm,
    WhereForm,
    admission_name,
    amount_name,
)
from eventapp.web.organiser.forms.narrowed import narrowed_data
from eventapp.web.organiser.forms.terms import terms_data

_IN_ROWS = ("prices", "cancellation_terms")


class EventForm(WhatForm, WhereForm, TextForm, AudienceForm, PlacesForm, RegisteringForm, CancellingForm):
    """All of it at once, for a new event."""

    names: ClassVar[tuple[str, ...]] = tuple(SECTION_OF)

    def read(self) -> EventDetails:
        """What was filled in; only after `validate`."""
        return EventDetails(**self.values())


def fill_from(details: EventDetails) -> dict[str, Any]:
    """What the form shows of an event: codes as text, price lines spread over their fields."""
    data = {name: _plain(getattr(details, name)) for name in wording.EVENT_FIELDS if name not in _IN_ROWS}
    data["beyond_free_cents"] = details.beyond_free_cents or None
    data["confirm_on_invoice"] = AT_ONCE if details.confirm_on_invoice else WHEN_PAID
    rows = terms_data(details.cancellation_terms) | narrowed_data(details.prices)
    return data | _price_data(list(details.prices)) | rows


def _price_data(lines: list[PriceLine]) -> dict[str, Any]:
    given = {line.category: line for line in lines if not line.kinds}
    data: dict[str, Any] = {}
    for category in PRICED:
        line = given.get(category, PriceLine(category, Admission.NIET))
        data[admission_name(category)] = line.admission.value
        data[amount_name(category)] = line.price_cents or None
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return [code.value for code in value]
    return value.value if isinstance(value, StrEnum) else value
