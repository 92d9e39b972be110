"""How does an event read? Rows of the agenda, the words for prices and places, and the facts of its page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from eventapp import formatting, wording
from eventapp.domain.events import EventForm, RegistrationMode, Window
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import CATEGORY_ORDER, Admission, Category, PriceLine
from eventapp.models import Event
from eventapp.queries.agenda import AgendaEvent
from eventapp.queries.events import Glance

# Few left: then the number helps somebody decide. Above it a number is noise.
FEW_PLACES = 25
_MENTIONED = (Category.LID, Category.AMBASSADEUR, Category.NIET_LID)


class EventRow(NamedTuple):
    """One event as a row of the agenda; every word ready to print."""

    slug: str
    url: str
    title: str
    day: str
    weekday: str
    month: str
    datetime: str
    kind_word: str
    where: str
    audience: str
    price_text: str
    places_text: str
    state: str
    time_text: str
    partner_text: str


def event_row(event: Event | AgendaEvent, *, now: datetime, url: str) -> EventRow:
    block = formatting.day_block(event.starts_at)
    state = row_state(event, now=now)
    same_day = formatting.local_date(event.starts_at) == formatting.local_date(event.ends_at)
    return EventRow(
        slug=event.slug,
        url=url,
        title=event.title,
        day=block.day,
        weekday=block.weekday,
        month=block.month,
        datetime=formatting.iso(event.starts_at),
        kind_word=wording.KINDS[event.kind],
        where=where(event),
        audience=audience(event),
        price_text=price_text(event.price_lines) if event.registration == RegistrationMode.HIER else "",
        places_text=places_text(event, now=now),
        state=state,
        time_text=(
            formatting.time_range(event.starts_at, event.ends_at)
            if same_day
            else formatting.when(event.starts_at, event.ends_at)
        ),
        partner_text=wording.offered_by(event.partner_name),
    )


def row_state(event: Event | AgendaEvent, *, now: datetime) -> str:
    """normal, full, cancelled, past or elsewhere: how the row looks."""
    state = {
        Window.CANCELLED: "cancelled",
        Window.PAST: "past",
        Window.ELSEWHERE: "elsewhere",
        Window.NONE: "elsewhere",
    }
    window = event.window(now)
    if window in state:
        return state[window]
    return "full" if event.places.full else "normal"


def where(event: Event | AgendaEvent) -> str:
    """Place or "online", short."""
    if event.form == EventForm.ONLINE:
        return "online"
    place = event.city or event.venue
    return f"{place} en online" if event.form == EventForm.HYBRIDE else place


def audience(event: Event | AgendaEvent) -> str:
    """For whom, in a few words: "voor bestuurders en raden van toezicht"."""
    groups = [wording.TARGET_GROUPS_PLURAL[row.code] for row in sorted(event.target_groups, key=lambda r: r.code)]
    return f"voor {formatting.listed(groups)}" if groups else ""


def price_text(lines: Iterable[PriceLine]) -> str:
    """The prices in words: "Gratis voor leden en gemeenten; € 95 voor niet-leden"."""
    said = list(lines)
    admitted = [line for line in said if line.admits and line.category in _MENTIONED]
    if not admitted:
        return "Op uitnodiging"
    if _one_for_all(said, admitted):
        cents = admitted[0].price_cents
        return "Gratis voor iedereen" if cents == 0 else formatting.money_short(cents)
    admitted.sort(key=lambda line: (line.price_cents, _MENTIONED.index(line.category), sorted(line.kinds)))
    parts = []
    for cents, group in groupby(admitted, key=lambda line: line.price_cents):
        who = formatting.listed([_who(line) for line in group])
        parts.append(f"{'gratis' if cents == 0 else formatting.money_short(cents)} voor {who}")
    text = "; ".join(parts)
    return text[0].upper() + text[1:]


def _one_for_all(said: list[PriceLine], admitted: list[PriceLine]) -> bool:
    """Whether whoever comes in pays the same, strangers too, and no kind of organisation is kept out."""
    outsiders = any(line.category == Category.NIET_LID and not line.kinds for line in admitted)
    kept_out = any(line.kinds and not line.admits for line in said)
    return outsiders and not kept_out and len({line.price_cents for line in admitted}) == 1


def _who(line: PriceLine) -> str:
    return wording.price_group(line.category, line.kinds)


def price_rows(lines: Iterable[PriceLine]) -> list[tuple[str, str]]:
    """Every group the event speaks to, with what it says."""
    words = {
        Admission.GRATIS: "gratis",
        Admission.UITNODIGING: "op uitnodiging",
        Admission.NIET: "niet toegankelijk",
    }
    return [
        (_capitalised(_who(line)), words.get(line.admission) or formatting.money(line.price_cents))
        for line in lines
        if line.kinds or line.admission != Admission.NIET
    ]


def price_changes(before: Iterable[PriceLine], after: Iterable[PriceLine]) -> list[tuple[str, str]]:
    """Every group for which the lines differ: what was said to it, and what will be.

    To a whole category nothing means "niet"; some kinds of it then get what another line says to them.
    """
    old, new = list(before), list(after)
    was, becomes = dict(price_rows(old)), dict(price_rows(new))
    nothing = {
        _capitalised(_who(line)): "geen eigen regel" if line.kinds else "niet" for line in in_order([*old, *new])
    }
    return [
        (group, f"was {was.get(group, none)}, wordt {becomes.get(group, none)}")
        for group, none in nothing.items()
        if was.get(group) != becomes.get(group)
    ]


def in_order(lines: Iterable[PriceLine]) -> list[PriceLine]:
    """By category; what is said to some kinds of organisations stands below what is said to all."""
    return sorted(lines, key=lambda line: (CATEGORY_ORDER[line.category], sorted(line.kinds)))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def free_places_text(event: Event) -> str:
    """How many of one member come in free, and what then; empty without a limit, or where members do not come free."""
    rule = event.free_places
    free = any(line.category == Category.LID and line.admission == Admission.GRATIS for line in event.price_lines)
    if rule.per_organisation is None or not free:
        return ""
    number = rule.per_organisation
    words = {BeyondFree.REFUSED: "meer kan niet", BeyondFree.WAITS: "wie daarna komt, komt op de wachtlijst"}
    then = words.get(rule.beyond) or f"daarna {formatting.money_short(rule.beyond_cents)}"
    return f"Per lidorganisatie {'is 1 plaats' if number == 1 else f'zijn {number} plaatsen'} gratis; {then}"


def places_text(event: Event | AgendaEvent | Glance, *, now: datetime) -> str:
    """Places as words, only where they help: "nog 12 plaatsen", "vol", "wachtlijst"."""
    if event.window(now) != Window.OPEN:
        later = {Window.NOT_YET: _opens(event), Window.CLOSED: "aanmelding gesloten", Window.NONE: "vrije toegang"}
        return later.get(event.window(now), "")
    left = event.places.left
    if left is None or left > FEW_PLACES:
        return ""
    if left == 0:
        return "wachtlijst" if event.waiting_list else "vol"
    return f"nog {formatting.count_nl(left, 'plaats', 'plaatsen')}"


def _opens(event: Event | AgendaEvent | Glance) -> str:
    return f"aanmelden vanaf {formatting.day_month(event.opens_at)}" if event.opens_at else ""


def host(url: str) -> str:
    """Where a link leads, in short: "ikc-dag.example"."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def place_lines(event: Event) -> list[str]:
    """Venue and address under each other."""
    return [line for line in (event.venue, event.street, f"{event.postcode} {event.city}".strip()) if line]


def by_month(events: Sequence[AgendaEvent], *, now: datetime, url) -> list[tuple[str, list[EventRow]]]:
    """The agenda in months: (name of the month, its rows)."""
    return [
        (month, [event_row(event, now=now, url=url(event)) for event in group])
        for month, group in groupby(events, key=lambda event: formatting.month_year(event.starts_at))
    ]
