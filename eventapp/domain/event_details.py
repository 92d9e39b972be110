"""What does an event say of itself, and which changes of that must people hear about?"""

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from eventapp.domain.cancellation import Term
from eventapp.domain.events import EventForm, EventKind, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.names import fold
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import PriceLine
from eventapp.domain.times import local_date

# Addresses of the back office that an event's own address must not hide.
RESERVED_SLUGS = frozenset({"nieuw"})
SLUG_LENGTH = 80


@dataclass(frozen=True)
class EventDetails:
    """Everything an organiser fills in; `capacity` None is unlimited, `prices` says nothing of who may not come."""

    title: str
    kind: EventKind
    form: EventForm
    starts_at: datetime
    ends_at: datetime
    slug: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    venue: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    route: str = ""
    online_url: str = ""
    summary: str = ""
    description: str = ""
    contact: str = ""
    visibility: Visibility = Visibility.OPENBAAR
    registration: RegistrationMode = RegistrationMode.HIER
    external_url: str = ""
    capacity: int | None = None
    free_per_organisation: int | None = None
    beyond_free: BeyondFree = BeyondFree.REFUSED
    beyond_free_cents: int = 0
    target_groups: frozenset[TargetGroup] = frozenset()
    fields: frozenset[Field] = frozenset()
    prices: frozenset[PriceLine] = field(default_factory=frozenset)
    cancellation_terms: tuple[Term, ...] = ()
    hand_over_to_anybody: bool = False
    invoice_allowed: bool = True
    confirm_on_invoice: bool = True


class Told(StrEnum):
    """What people hear about by mail, with a new calendar entry."""

    TIME = "time"
    PLACE = "place"
    ONLINE = "online"


_TOLD = {
    Told.TIME: ("starts_at", "ends_at"),
    Told.PLACE: ("form", "venue", "street", "postcode", "city"),
    Told.ONLINE: ("online_url",),
}


def changed_names(before: EventDetails, after: EventDetails) -> list[str]:
    """The names of the details that differ, in the order in which EventDetails has them."""
    names = [item.name for item in fields(EventDetails)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def told_changes(before: EventDetails, after: EventDetails, *, now: datetime) -> list[Told]:
    """Which changes those who come must hear about; none once the event is over, before and after the change."""
    if max(before.ends_at, after.ends_at) <= now:
        return []
    changed = set(changed_names(before, after))
    return [told for told, names in _TOLD.items() if changed.intersection(names)]


def to_another_day(before: EventDetails, after: EventDetails) -> bool:
    """Whether it begins on another Dutch date: then everybody who comes is asked whether they can."""
    return local_date(before.starts_at) != local_date(after.starts_at)


def is_told(name: str) -> bool:
    """Whether a change of this detail is one that people hear about."""
    return any(name in names for names in _TOLD.values())


def slug_for(title: str) -> str:
    """An address made of the title: "Themadag: één plan" gives "themadag-een-plan"."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    return words[: SLUG_LENGTH - 4].strip("-") or "bijeenkomst"
