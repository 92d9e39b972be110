"""What does one person read of a message to many, and what can hold it back at the very last moment?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp import formatting, wording
from eventapp.domain.association import Association
from eventapp.domain.events import EventState, Visibility
from eventapp.domain.mail_texts import Words, worded
from eventapp.domain.mailings import (
    CALLED_OFF_SINCE,
    NOBODY_ANY_MORE,
    OPTED_OUT_SINCE,
    Ground,
    MailingState,
    Stream,
)
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.mail.compose import Letter, Recipient, letter, links
from eventapp.mail.office_words import event_values
from eventapp.mail.papers import attends_online
from eventapp.models import Circle, Mailing, MailingRecipient, OutboxMail, PersonAddress, Registration
from eventapp.queries.circles import open_membership
from eventapp.queries.mail_preferences import refuses

ANNOUNCEMENT, GROUP_MESSAGE = "announcement", "group_message"
# Where the links of an example lead.
_NOWHERE = "voorbeeld"
KINDS = (ANNOUNCEMENT, GROUP_MESSAGE)


class Reader(NamedTuple):
    """Who reads it. `organisation` is for whom they come or work; `token` opens what they want of announcements.

    `registrations` are those it is about, of each event one. In an `example`, which others read too, no link acts for
    this person.
    """

    person_id: int
    address: str
    name: str
    given_name: str
    ground: Ground
    organisation: str = ""
    registrations: tuple[Registration, ...] = ()
    token: str = ""
    example: bool = False


def letter_to(mailing: Mailing, reader: Reader, *, association: Association, now: datetime) -> Letter:
    """The message in the words of the office, filled in for this reader."""
    circle, first = mailing.circle, reader.registrations[0] if reader.registrations else None
    event = mailing.event or (first.event if first else None)
    values = {
        "naam": reader.name,
        "voornaam": reader.given_name or reader.name,
        "organisatie": reader.organisation,
        "vereniging": association.name,
    }
    if reader.registrations:
        values |= _of_all([event_values(one.event, online=attends_online(one)) for one in reader.registrations])
    elif event:
        values |= event_values(event, online=False)
    if circle:
        values["kring"] = circle.name
    announces = mailing.stream == Stream.ANNOUNCEMENT
    return letter(
        ANNOUNCEMENT if announces else GROUP_MESSAGE,
        Recipient(reader.address, reader.name, first),
        now=now,
        association=association,
        said=worded(Words(mailing.subject, mailing.text), values),
        event=event,
        about=[(one.event, one) for one in reader.registrations] or ([(event, None)] if event else []),
        registered=wording.registered_for([(one.state, one.event.title) for one in reader.registrations]),
        circle=circle,
        ground=reader.ground,
        organisation=reader.organisation,
        preferences=links().preferences(_NOWHERE if reader.example else reader.token) if announces else "",
        own_pages=_own_pages(reader, circle, now=now),
    )


def _of_all(events: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What can be filled in of several events in one mail: "Themadag en Webinar", what is the same once."""
    return {name: formatting.listed(list(dict.fromkeys(each[name] for each in events))) for name in events[0]}


def _own_pages(reader: Reader, circle: Circle | None, *, now: datetime) -> list[tuple[str, str]]:
    """Where this person answers, changes or withdraws: the addresses, and what they are called."""
    tickets = [(one.event.title, one.ticket) for one in reader.registrations if one.ticket]
    if tickets:
        named = len(reader.registrations) > 1
        return [
            (
                links().ticket(_NOWHERE if reader.example else ticket.token),
                wording.own_ticket_for(title) if named else wording.OWN_TICKET,
            )
            for title, ticket in tickets
        ]
    member = open_membership(circle.id, reader.person_id, local_date(now)) if circle else None
    if member:
        return [(links().circle_member(_NOWHERE if reader.example else member.token), wording.OWN_CIRCLE)]
    return []


def why_withheld(mail: OutboxMail) -> str:
    """What keeps a mail of a message to many from leaving though it was written; '' when nothing does."""
    row = db.session.scalar(sa.select(MailingRecipient).where(MailingRecipient.mail_id == mail.id))
    if row is None:
        # A proof has no row; that of who was merged with another person of the same message went up in theirs.
        return NOBODY_ANY_MORE if mail.purpose.startswith("mailing-") else ""
    mailing = row.mailing
    off = (
        mailing.stream == Stream.ANNOUNCEMENT
        and mailing.event
        and (mailing.event.state != EventState.PUBLISHED or mailing.event.visibility == Visibility.BESLOTEN)
    )
    if off or mailing.state in (MailingState.CALLED_OFF, MailingState.STOPPED):
        return CALLED_OFF_SINCE
    if row.person.erased_at is not None:
        return NOBODY_ANY_MORE
    if mailing.topic is None:
        return ""
    own = sa.select(PersonAddress.address).where(PersonAddress.person_id == row.person_id)
    refused = refuses({mail.to_address, *db.session.scalars(own)}, mailing.topic)
    return OPTED_OUT_SINCE if refused else ""
