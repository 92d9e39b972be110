"""What kinds of gatherings are there, and can one register for this one now?"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class EventKind(StrEnum):
    THEMADAG = "themadag"
    LEDENBIJEENKOMST = "ledenbijeenkomst"
    INSPIRATIEBIJEENKOMST = "inspiratiebijeenkomst"
    KENNISKRING = "kenniskring"
    ALV = "alv"
    WERKBEZOEK = "werkbezoek"
    WEBINAR = "webinar"
    PARTNERACTIVITEIT = "partneractiviteit"
    REGIONALE_ACTIVITEIT = "regionale-activiteit"
    OVERLEG = "overleg"
    EXTERN = "extern"
    MASTERCLASS = "masterclass"
    KOPGROEP = "kopgroep"
    REGIOTOUR = "regiotour"
    TRAINING = "training"
    STUDIEREIS = "studiereis"
    PLATFORM = "platformbijeenkomst"
    ADVIESRAAD = "adviesraad"
    KENNISTAFEL = "kennistafel"
    LEERSESSIE = "leersessie"
    CONGRES = "congres"


class EventState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    OPENBAAR = "openbaar"
    LEDEN = "leden"
    BESLOTEN = "besloten"


class RegistrationMode(StrEnum):
    HIER = "hier"
    ELDERS = "elders"
    GEEN = "geen"


class EventForm(StrEnum):
    FYSIEK = "fysiek"
    ONLINE = "online"
    HYBRIDE = "hybride"


class Field(StrEnum):
    PEDAGOGIEK = "pedagogiek"
    HR = "hr"
    FINANCIEN = "financien"
    HUISVESTING = "huisvesting"
    ICT = "ict"
    ALGEMEEN = "algemeen"


class TargetGroup(StrEnum):
    RVT = "rvt"
    BESTUURDER = "bestuurder"
    DIRECTEUR = "directeur"
    ORGANISATIEDESKUNDIGE = "organisatiedeskundige"
    KWALITEITSMEDEWERKER = "kwaliteitsmedewerker"
    MEDEWERKER = "medewerker"
    OVERIG = "overig"


class Window(StrEnum):
    """Whether somebody can register now, and if not, why not."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    PAST = "past"
    CANCELLED = "cancelled"
    DRAFT = "draft"
    ELSEWHERE = "elsewhere"
    NONE = "none"


# When the office may still register somebody.
BY_HAND = frozenset({Window.OPEN, Window.NOT_YET, Window.CLOSED})


class Schedule(NamedTuple):
    """The times that decide about registering; all aware UTC."""

    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def window(state: EventState, mode: RegistrationMode, schedule: Schedule, *, now: datetime) -> Window:
    """Whether registering is possible at `now`. Without a closing time it ends when the event starts."""
    if state == EventState.DRAFT:
        return Window.DRAFT
    if state == EventState.CANCELLED:
        return Window.CANCELLED
    if schedule.ends_at <= now:
        return Window.PAST
    if mode != RegistrationMode.HIER:
        return Window.ELSEWHERE if mode == RegistrationMode.ELDERS else Window.NONE
    if schedule.opens_at and now < schedule.opens_at:
        return Window.NOT_YET
    if now >= min(schedule.closes_at or schedule.starts_at, schedule.starts_at):
        return Window.CLOSED
    return Window.OPEN


def is_public(state: EventState, visibility: Visibility) -> bool:
    """Whether strangers may see it, on its page and in the agenda. Members' events are shown: the form says who may."""
    return visibility != Visibility.BESLOTEN and state != EventState.DRAFT


def missing_for_publishing(
    *,
    title: str,
    starts_at: datetime | None,
    form: EventForm,
    city: str,
    mode: RegistrationMode,
    external_url: str,
    prices: Sequence[object],
) -> list[str]:
    """Names of the fields without which a published event would puzzle its readers; empty when it is ready."""
    missing = []
    if not title:
        missing.append("title")
    if starts_at is None:
        missing.append("starts_at")
    if form != EventForm.ONLINE and not city:
        missing.append("city")
    if mode == RegistrationMode.ELDERS and not external_url.startswith("https://"):
        missing.append("external_url")
    if mode == RegistrationMode.HIER and not prices:
        missing.append("prices")
    return missing
