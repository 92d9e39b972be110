"""What an event says of itself, and the rows in which that stands."""

from typing import Any

from eventapp.domain.event_details import EventDetails
from eventapp.domain.pricing import BY_HAND_ONLY, CATEGORY_ORDER, Admission, PriceLine
from eventapp.models import CancellationTerm, Event, EventField, EventPrice, EventTargetGroup

_PLAIN = [
    "title",
    "kind",
    "form",
    "starts_at",
    "ends_at",
    "opens_at",
    "closes_at",
    "venue",
    "street",
    "postcode",
    "city",
    "route",
    "online_url",
    "summary",
    "description",
    "contact",
    "visibility",
    "registration",
    "external_url",
    "free_per_organisation",
    "beyond_free",
    "beyond_free_cents",
    "hand_over_to_anybody",
    "invoice_allowed",
    "confirm_on_invoice",
    "offered_by_id",
]


def details_of(event: Event) -> EventDetails:
    """What the event says of itself now."""
    return EventDetails(
        **{name: getattr(event, name) for name in _PLAIN},
        slug=event.slug,
        capacity=event.places.size,
        target_groups=frozenset(row.code for row in event.target_groups),
        fields=frozenset(row.code for row in event.fields),
        prices=frozenset(filter(_is_detail, event.price_lines)),
        cancellation_terms=tuple(row.term for row in event.cancellation_terms),
    )


def _is_detail(line: PriceLine) -> bool:
    """A general line that says "niet" says no more than no line at all."""
    return line.category not in BY_HAND_ONLY and (bool(line.kinds) or line.admission != Admission.NIET)


def copy_details(details: EventDetails, event: Event) -> None:
    """Make the event say this, but for its slug and its places."""
    for name in _PLAIN:
        setattr(event, name, getattr(details, name))
    _set_codes(event.target_groups, details.target_groups, EventTargetGroup)
    _set_codes(event.fields, details.fields, EventField)
    _set_prices(event, details)
    _set_terms(event, details)


def _set_codes(rows: list[Any], codes: frozenset[Any], model: type[Any]) -> None:
    rows[:] = [row for row in rows if row.code in codes]
    present = {row.code for row in rows}
    rows.extend(model(code=code) for code in sorted(codes - present))


def _set_prices(event: Event, details: EventDetails) -> None:
    """Lines for categories that only the office gives are no part of the details and stay."""
    wanted = {(line.category, line.kinds): line for line in details.prices}
    present = {(row.line.category, row.line.kinds): row for row in event.prices}
    event.prices[:] = [row for key, row in present.items() if key in wanted or row.category in BY_HAND_ONLY]
    for line in sorted(wanted.values(), key=lambda line: (CATEGORY_ORDER[line.category], sorted(line.kinds))):
        row = present.get((line.category, line.kinds))
        if row is None:
            event.prices.append(EventPrice.of(line))
        else:
            row.admission, row.price_cents = line.admission, line.price_cents


def _set_terms(event: Event, details: EventDetails) -> None:
    """Percentages are put on the rows that stand: the database allows one row per number of days."""
    wanted = {term.days_before: term.refund_percent for term in details.cancellation_terms}
    event.cancellation_terms[:] = [row for row in event.cancellation_terms if row.days_before in wanted]
    for row in event.cancellation_terms:
        row.refund_percent = wanted.pop(row.days_before)
    rows = [CancellationTerm(days_before=days, refund_percent=percent) for days, percent in wanted.items()]
    event.cancellation_terms.extend(rows)
