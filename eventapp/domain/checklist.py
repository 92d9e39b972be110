"""What is still missing before an event is published, and what would be wise to look at?"""

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.event_details import EventDetails
from eventapp.domain.events import EventForm, RegistrationMode, Visibility, missing_for_publishing
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.times import AMSTERDAM, local_date

_LUNCH = (time(12, 0), time(13, 0))


class Advice(StrEnum):
    """What does not keep anybody from publishing."""

    IN_THE_PAST = "in_the_past"
    NO_SUMMARY = "no_summary"
    NO_DESCRIPTION = "no_description"
    NO_CONTACT = "no_contact"
    NO_ROUTE = "no_route"
    NO_LINK = "no_link"
    NO_TARGET_GROUPS = "no_target_groups"
    MEMBERS_KEPT_OUT = "members_kept_out"
    OUTSIDERS_KEPT_OUT = "outsiders_kept_out"
    NO_LIMIT = "no_limit"
    OPENS_TOO_LATE = "opens_too_late"
    CLOSES_TOO_LATE = "closes_too_late"
    CLOSED_ALREADY = "closed_already"
    NO_TERMS = "no_terms"
    NO_DIETS = "no_diets"


# The detail that each of them is about; none where it is another page that asks.
ABOUT = {
    Advice.IN_THE_PAST: "starts_at",
    Advice.NO_SUMMARY: "summary",
    Advice.NO_DESCRIPTION: "description",
    Advice.NO_CONTACT: "contact",
    Advice.NO_ROUTE: "route",
    Advice.NO_LINK: "online_url",
    Advice.NO_TARGET_GROUPS: "target_groups",
    Advice.MEMBERS_KEPT_OUT: "prices",
    Advice.OUTSIDERS_KEPT_OUT: "prices",
    Advice.NO_LIMIT: "capacity",
    Advice.OPENS_TOO_LATE: "opens_at",
    Advice.CLOSES_TOO_LATE: "closes_at",
    Advice.CLOSED_ALREADY: "closes_at",
    Advice.NO_TERMS: "cancellation_terms",
}


class Checklist(NamedTuple):
    """`missing` are names of details that publishing waits for."""

    missing: Sequence[str]
    advice: Sequence[Advice]


def missing_in(details: EventDetails) -> list[str]:
    """The names of the details without which a published event would puzzle its readers."""
    return missing_for_publishing(
        title=details.title,
        starts_at=details.starts_at,
        form=details.form,
        city=details.city,
        mode=details.registration,
        external_url=details.external_url,
        prices=[line for line in details.prices if line.admission != Admission.NIET],
    )


def checklist(details: EventDetails, *, asks_diets: bool, now: datetime) -> Checklist:
    """What is missing, and what is advised, in the order of Advice."""
    advice = _of_the_event(details, now=now)
    if details.registration == RegistrationMode.HIER:
        advice += _of_registering(details, asks_diets=asks_diets, now=now)
    return Checklist(missing_in(details), [one for one in Advice if one in advice])


def _of_the_event(details: EventDetails, *, now: datetime) -> list[Advice]:
    on_site, online = details.form != EventForm.ONLINE, details.form != EventForm.FYSIEK
    found = {
        Advice.IN_THE_PAST: details.starts_at <= now,
        Advice.NO_SUMMARY: not details.summary,
        Advice.NO_DESCRIPTION: not details.description,
        Advice.NO_CONTACT: not details.contact,
        Advice.NO_ROUTE: on_site and not details.route,
        Advice.NO_LINK: online and not details.online_url and details.registration == RegistrationMode.HIER,
        Advice.NO_TARGET_GROUPS: not details.target_groups and details.visibility != Visibility.BESLOTEN,
    }
    return [one for one, holds in found.items() if holds]


def _of_registering(details: EventDetails, *, asks_diets: bool, now: datetime) -> list[Advice]:
    welcome = {line.category for line in details.prices if line.admission != Admission.NIET}
    paid = any(line.price_cents for line in details.prices)
    closed, over = details.closes_at is not None and details.closes_at <= now, details.starts_at <= now
    found = {
        # Without any line at all that is what is missing, and says enough.
        Advice.MEMBERS_KEPT_OUT: bool(welcome) and Category.LID not in welcome,
        Advice.OUTSIDERS_KEPT_OUT: bool(welcome)
        and Category.NIET_LID not in welcome
        and details.visibility == Visibility.OPENBAAR,
        Advice.NO_LIMIT: details.capacity is None,
        Advice.OPENS_TOO_LATE: details.opens_at is not None and details.opens_at >= details.starts_at,
        Advice.CLOSES_TOO_LATE: details.closes_at is not None and details.closes_at > details.starts_at,
        Advice.CLOSED_ALREADY: closed and not over,
        Advice.NO_TERMS: paid and not details.cancellation_terms,
        Advice.NO_DIETS: _has_lunch(details) and not asks_diets,
    }
    return [one for one, holds in found.items() if holds]


def _has_lunch(details: EventDetails) -> bool:
    """Whether people are together at noon, on the day of the beginning or on a later one."""
    if details.form == EventForm.ONLINE:
        return False
    if local_date(details.starts_at) != local_date(details.ends_at):
        return True
    begins, ends = (moment.astimezone(AMSTERDAM).time() for moment in (details.starts_at, details.ends_at))
    return begins <= _LUNCH[0] and ends >= _LUNCH[1]
