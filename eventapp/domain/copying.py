"""What of an event comes along to a new one like it? Never who came, was scanned or paid."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from eventapp.domain.event_details import EventDetails
from eventapp.domain.times import local_date, plus_local_days


class Part(StrEnum):
    """What the office can leave behind, apart from the details, which always come along."""

    PROGRAMME = "programme"
    SPEAKERS = "speakers"
    DIVISION = "division"
    QUESTIONS = "questions"
    REMINDERS = "reminders"
    MAIL_TEXTS = "mail_texts"
    EVALUATION = "evaluation"
    CERTIFICATE = "certificate"


# Names of people come along only when somebody asks for them.
UNASKED = frozenset(Part) - {Part.SPEAKERS}


def days_between(starts_at: datetime, day: date) -> int:
    """How many Dutch days everything moves to begin on this day."""
    return (day - local_date(starts_at)).days


def moved(details: EventDetails, *, title: str, days: int) -> EventDetails:
    """The same event so many days later, by Dutch clocks, with an address of its own and no link to the old meeting."""
    opens_at, closes_at = details.opens_at, details.closes_at
    return replace(
        details,
        title=title,
        slug="",
        online_url="",
        starts_at=plus_local_days(details.starts_at, days),
        ends_at=plus_local_days(details.ends_at, days),
        opens_at=plus_local_days(opens_at, days) if opens_at else None,
        closes_at=plus_local_days(closes_at, days) if closes_at else None,
    )
