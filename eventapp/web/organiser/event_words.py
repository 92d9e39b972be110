"""What does an event say of itself, in words: for showing what was beside what will be."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from eventapp import formatting, wording
from eventapp.domain.details_merge import Topic
from eventapp.domain.event_details import EventDetails
from eventapp.queries.organisations import organisation_by_id
from eventapp.web import presenting
from eventapp.web.terms import in_words

_CODES: Mapping[str, Mapping[Any, str]] = {
    "kind": wording.KINDS,
    "form": wording.FORMS,
    "visibility": wording.VISIBILITIES,
    "registration": wording.REGISTRATION_MODES,
    "beyond_free": wording.BEYOND_FREE,
    "target_groups": wording.TARGET_GROUPS,
    "fields": wording.FIELDS,
}
_YES_NO = {
    "hand_over_to_anybody": ("ook iemand van buiten de organisatie", "alleen een collega"),
    "invoice_allowed": ("kan", "kan niet"),
    "confirm_on_invoice": ("meteen", "pas als de factuur helemaal is betaald"),
}
_NOTHING = {
    "opens_at": "zodra de bijeenkomst in de agenda staat",
    "closes_at": "tot het begin",
    "capacity": "geen grens",
    "free_per_organisation": "geen grens",
    "prices": "niemand",
    "cancellation_terms": "wat bij de instellingen staat",
    "contact": "het secretariaat",
    "offered_by_id": "geen partner",
}


class Difference(NamedTuple):
    """One detail: what it is called, and what is said of it on either side."""

    name: str
    label: str
    was: str
    becomes: str


def differences(before: EventDetails, after: EventDetails, names: Iterable[str]) -> list[Difference]:
    """These details on both sides, as people read them."""
    return [Difference(name, field_label(name), said(name, before), said(name, after)) for name in names]


def field_label(name: str) -> str:
    """What a detail is called, with a capital."""
    word = wording.EVENT_FIELDS.get(name, name)
    return word[:1].upper() + word[1:]


def topic_label(topic: Topic) -> str:
    """What details that go together are called."""
    return formatting.listed([wording.EVENT_FIELDS.get(name, name) for name in topic])


def said(name: str, details: EventDetails) -> str:
    """What the details say of this one, in words."""
    value = getattr(details, name)
    if name in _YES_NO:
        return _YES_NO[name][0 if value else 1]
    if value in ("", None, 0, (), frozenset()):
        return _NOTHING.get(name, "leeg")
    if name in _CODES:
        codes = value if isinstance(value, frozenset) else [value]
        return formatting.listed([word for code, word in _CODES[name].items() if code in codes])
    return _SPECIAL[name](details) if name in _SPECIAL else _plain(value)


def _plain(value: Any) -> str:
    return formatting.moment(value) if isinstance(value, datetime) else str(value)


def _prices(details: EventDetails) -> str:
    rows = presenting.price_rows(presenting.in_order(details.prices))
    return "; ".join(f"{group}: {words}" for group, words in rows)


def _partner(details: EventDetails) -> str:
    found = organisation_by_id(details.offered_by_id or 0)
    return found.name if found else _NOTHING["offered_by_id"]


_SPECIAL: Mapping[str, Callable[[EventDetails], str]] = {
    "offered_by_id": _partner,
    "prices": _prices,
    "beyond_free_cents": lambda details: formatting.money(details.beyond_free_cents),
    "cancellation_terms": lambda details: in_words(details.cancellation_terms, starts_at=details.starts_at),
}
