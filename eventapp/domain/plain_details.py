"""How are the details of an event kept as JSON, and read back?

An object with a member for each detail, by its name: text, number and yes or no as themselves, a moment in ISO 8601
(UTC), a code as its word, codes as a sorted list, price lines as [category, admission, cents, [kinds]], terms as [days,
percent]. What is missing has the value with which it came to be, so that what was kept before a detail existed can be
read; what is no detail any more is passed over.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from eventapp.domain.cancellation import Term
from eventapp.domain.event_details import EventDetails
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category, PriceLine

_NAMES = [item.name for item in fields(EventDetails)]


def to_plain(details: EventDetails, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """What the details say, or only these of them, as JSON can hold it."""
    return {name: _plain(getattr(details, name)) for name in names or _NAMES}


def from_plain(kept: Mapping[str, Any]) -> EventDetails:
    """The details that were kept. Raises TypeError, ValueError or KeyError when they are not."""
    return EventDetails(**values_from_plain(kept))


def values_from_plain(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Some of the details, by name. Raises TypeError, ValueError or KeyError when they are not such values."""
    return {name: _READERS[name](kept[name]) for name in _NAMES if name in kept}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, PriceLine):
        return [value.category.value, value.admission.value, value.price_cents, sorted(value.kinds)]
    if isinstance(value, Term):
        return [value.days_before, value.refund_percent]
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _line(kept: Any) -> PriceLine:
    category, admission, cents, kinds = kept
    return PriceLine(Category(category), Admission(admission), cents, frozenset(map(OrganisationKind, kinds)))


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What makes of a kept value one of this type."""
    if isinstance(hint, UnionType):
        [inner] = [_reader(one) for one in get_args(hint) if one is not NoneType]
        return lambda kept: None if kept is None else inner(kept)
    if origin := get_origin(hint):
        inside = _reader(get_args(hint)[0])
        return lambda kept: origin(map(inside, kept))
    known = {datetime: datetime.fromisoformat, PriceLine: _line, Term: lambda kept: Term(*kept)}
    reader: Callable[[Any], Any] = known.get(hint, hint)
    return reader


_READERS = {name: _reader(hint) for name, hint in get_type_hints(EventDetails).items()}
