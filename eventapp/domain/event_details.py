"""What does an event say of itself, and which changes of that must people hear about?"""

import re
from collections.abc import Iterable
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
RESERVED_SLUGS = frozenset({"import", "kopie", "nieuw", "voorstellen"})
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
    offered_by_id: int | None = None


class Told(StrEnum):
    """What people hear about by mail."""

    TIME = "time"
    PLACE = "place"
    ONLINE = "online"
    TITLE = "title"
    TEXT = "text"


# Nobody may miss these; title and text are told when the office says so.
_ALWAYS_TOLD = {
    Told.TIME: ("starts_at", "ends_at"),
    Told.PLACE: ("form", "venue", "street", "postcode", "city"),
    Told.ONLINE: ("online_url",),
}
_TOLD_IF_ASKED = {Told.TITLE: ("title",), Told.TEXT: ("summary", "description")}
# Of these a calendar says something, so their mail brings a new entry.
IN_CALENDARS = frozenset({*_ALWAYS_TOLD, Told.TITLE})


def changed_names(before: EventDetails, after: EventDetails) -> list[str]:
    """The names of the details that differ, in the order in which EventDetails has them."""
    names = [item.name for item in fields(EventDetails)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def told_changes(before: EventDetails, after: EventDetails, *, now: datetime, with_words: bool = False) -> list[Told]:
    """Which changes those who come must hear about; none once the event is over, before and after the change.

    `with_words` also tells title and text. A link that nobody has, or a place where nobody goes, is no news.
    """
    if max(before.ends_at, after.ends_at) <= now:
        return []
    table = _ALWAYS_TOLD | (_TOLD_IF_ASKED if with_words else {})
    changed = set(changed_names(before, after))
    told = [one for one, names in table.items() if changed.intersection(names)]
    if before.form == after.form:
        told = [one for one in told if one != _NO_NEWS.get(after.form)]
    return told


# What somebody who attends this way, or an event that is only held this way, has nothing to do with.
_NO_NEWS = {EventForm.FYSIEK: Told.ONLINE, EventForm.ONLINE: Told.PLACE}


def concerning(told: Iterable[Told], attends: EventForm, *, was: EventForm, form: EventForm) -> list[Told]:
    """Of what is told: what concerns somebody who attends this way, where the event `was` and is held both ways."""
    both = was == form == EventForm.HYBRIDE
    return [one for one in told if not both or one != _NO_NEWS.get(attends)]


def to_another_day(before: EventDetails, after: EventDetails) -> bool:
    """Whether it begins on another Dutch date: then everybody who comes is asked whether they can."""
    return local_date(before.starts_at) != local_date(after.starts_at)


def is_told(name: str) -> bool:
    """Whether a change of this detail is one that people hear about."""
    return any(name in names for names in _ALWAYS_TOLD.values())


def is_told_if_asked(name: str) -> bool:
    """Whether people hear of a change of this detail only when the office says so."""
    return any(name in names for names in _TOLD_IF_ASKED.values())


def slug_for(title: str) -> str:
    """An address made of the title: "Themadag: één plan" gives "themadag-een-plan"."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    return words[: SLUG_LENGTH - 4].strip("-") or "bijeenkomst"
