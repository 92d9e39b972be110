"""How does an entry of the demo's programme become an event with its prices, groups, fields and places?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.domain.event_kinds import default_lines
from eventapp.domain.events import EventForm, EventKind, EventState, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import Admission, Category, PriceLine
from eventapp.domain.times import local_date
from eventapp.domain.tokens import new_token
from eventapp.models import Capacity, Event, EventField, EventPrice, EventTargetGroup

CONTACT = "Secretariaat, secretariaat@kindcentra.example"
_MADE_BEFORE, _PUBLISHED_BEFORE = timedelta(days=80), timedelta(days=70)


@dataclass(frozen=True)
class Place:
    """Where people go, and how they get there."""

    venue: str
    street: str
    postcode: str
    city: str
    route: str


@dataclass(frozen=True)
class Crowd:
    """How many registrations the demo has: from members, from outsiders, withdrawn ones, and members in line."""

    members: int = 0
    outsiders: int = 0
    withdrawn: int = 0
    ambassadors: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Entry:
    """One line of the programme. `{year}`, `{next_year}` and `{date}` in title and slug follow from its day.

    `prices` changes what the kind says beforehand: cents, 0 for free, None for by invitation. `narrowed` is what it
    says to some kinds of organisations only.
    """

    slug: str
    title: str
    kind: EventKind
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    form: EventForm = EventForm.FYSIEK
    place: Place | None = None
    online_url: str = ""
    size: int | None = None
    free_per_organisation: int | None = None
    beyond_free_cents: int = 0
    prices: Mapping[Category, int | None] = field(default_factory=dict)
    narrowed: tuple[PriceLine, ...] = ()
    groups: tuple[TargetGroup, ...] = ()
    fields: tuple[Field, ...] = (Field.ALGEMEEN,)
    visibility: Visibility = Visibility.OPENBAAR
    registration: RegistrationMode = RegistrationMode.HIER
    external_url: str = ""
    state: EventState = EventState.PUBLISHED
    cancel_reason: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    crowd: Crowd = Crowd()


def make_event(entry: Entry, calendar: DemoCalendar) -> Event:
    """The event with everything that hangs on it, and nobody registered yet."""
    made_at = min(calendar.now, entry.starts_at) - _MADE_BEFORE
    published_at = min(calendar.now, entry.starts_at) - _PUBLISHED_BEFORE
    cancelled = entry.state == EventState.CANCELLED
    event = Event(
        slug=_filled(entry.slug, entry.starts_at),
        title=_filled(entry.title, entry.starts_at),
        kind=entry.kind,
        state=entry.state,
        visibility=entry.visibility,
        registration=entry.registration,
        external_url=entry.external_url,
        form=entry.form,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        opens_at=entry.opens_at,
        closes_at=entry.closes_at,
        summary=entry.summary,
        description=_flowed(entry.description),
        online_url=entry.online_url,
        free_per_organisation=entry.free_per_organisation,
        beyond_free=BeyondFree.PAYS if entry.beyond_free_cents else BeyondFree.REFUSED,
        beyond_free_cents=entry.beyond_free_cents,
        contact=CONTACT,
        calendar_uid=f"{new_token()[:24]}@aanmelden.kindcentra.example",
        created_at=made_at,
        updated_at=made_at,
        published_at=None if entry.state == EventState.DRAFT else published_at,
        cancelled_at=calendar.now - timedelta(days=2) if cancelled else None,
        cancel_reason=entry.cancel_reason,
    )
    if entry.place:
        event.venue, event.street, event.postcode = entry.place.venue, entry.place.street, entry.place.postcode
        event.city, event.route = entry.place.city, _flowed(entry.place.route)
    event.target_groups = [EventTargetGroup(code=group) for group in entry.groups]
    event.fields = [EventField(code=code) for code in entry.fields]
    event.capacities = [Capacity(size=entry.size, taken=0, waiting=0, allowance=0)]
    if entry.registration == RegistrationMode.HIER:
        event.prices = [EventPrice.of(line) for line in _lines(entry)]
    return event


def _filled(text: str, starts_at: datetime) -> str:
    day: date = local_date(starts_at)
    return text.format(year=day.year, next_year=day.year + 1, date=day.isoformat())


def _flowed(text: str) -> str:
    """Paragraphs as they are stored: the line breaks within them are only those of the source."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _lines(entry: Entry) -> list[PriceLine]:
    general = [
        _line(line.category, entry.prices) if line.category in entry.prices else line
        for line in default_lines(entry.kind)
    ]
    return [*general, *entry.narrowed]


def _line(category: Category, prices: Mapping[Category, int | None]) -> PriceLine:
    cents = prices[category]
    if cents is None:
        return PriceLine(category, Admission.UITNODIGING)
    return PriceLine(category, Admission.PRIJS, cents) if cents else PriceLine(category, Admission.GRATIS)
