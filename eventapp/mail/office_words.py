"""What does the office itself say in this mail? Its last text for the kind and the event, filled in for who gets it."""

from eventapp import formatting
from eventapp.domain.association import Association
from eventapp.domain.mail_texts import PLACEHOLDERS, Worded, Words, worded
from eventapp.mail.papers import ONLINE, attends_online, place
from eventapp.models import Event, Registration
from eventapp.queries.mail_texts import words_for

_NOTHING = Worded("", (), ())


def said_in(
    kind: str,
    name: str,
    registration: Registration | None,
    event: Event | None,
    *,
    association: Association,
    office: Words | None,
) -> Worded:
    """The office's words in a mail of this kind to `name`; nothing in kinds that are ours alone.

    `office` is tried instead of what it keeps.
    """
    if kind not in PLACEHOLDERS:
        return _NOTHING
    words = office if office is not None else words_for(kind, event.id if event else None)
    return _NOTHING if words.is_ours else worded(words, _values(name, registration, event, association))


def _values(
    name: str, registration: Registration | None, event: Event | None, association: Association
) -> dict[str, str]:
    values = {"naam": name, "voornaam": _given_name(name, registration), "vereniging": association.name}
    if event:
        values |= event_values(event, online=registration is not None and attends_online(registration))
    if registration:
        values["organisatie"] = registration.organisation_name
    return values


def event_values(event: Event, *, online: bool) -> dict[str, str]:
    """What can be filled in of an event, for somebody who comes or joins online."""
    return {
        "evenement": event.title,
        "datum": formatting.long_date(event.starts_at),
        "tijd": formatting.time_range(event.starts_at, event.ends_at),
        "plaats": ONLINE.lower() if online else place(event),
    }


def _given_name(name: str, registration: Registration | None) -> str:
    """The given name when the mail goes to the person of the registration, else all of the name."""
    person = registration.person if registration else None
    if person and formatting.full_name(person.given_name, person.infix, person.family_name) == name:
        return person.given_name or name
    return name
