"""Writes one booking that was decided beforehand: its rows together, the place last, in as little time as it takes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile
from eventapp.domain.names import name_key
from eventapp.domain.questions import Value
from eventapp.extensions import db
from eventapp.mail.compose import Letter, outbox_values
from eventapp.models import AuditEntry, Event, Order, OutboxMail, Person, PersonAddress, Registration, Ticket
from eventapp.services import answering_questions, choosing, drafting, holding, inviting, mails
from eventapp.services.audit import log_values
from eventapp.services.ready_rows import ReadyRows, Row
from eventapp.transaction import transaction

Columns = dict[str, Any]


class Draft(NamedTuple):
    """A booking by columns, of which nothing is written: making objects of them takes longer than the database does.

    `person_id` is that of who is known already; `person` holds a name in any case. Without a ticket there is something
    to pay.
    """

    person_id: int | None
    person: Columns
    order: Columns
    registration: Columns
    ticket: Columns | None

    def as_objects(self, event: Event) -> tuple[Registration, Ticket | None]:
        """The same as objects, in no session: what mails and questions ask of them is there."""
        person = Person(id=self.person_id, **self.person)
        order = Order(**self.order, booker=person)
        ticket = Ticket(**self.ticket) if self.ticket else None
        registration = Registration(**self.registration, order=order, person=person)
        set_committed_value(registration, "event", event)
        return registration, ticket


class Prepared(NamedTuple):
    """A booking as it is to be written. The words of `letter` hold for this version of the event.

    There is no letter when an invoice is all that is written about. `of_organisation`: it takes one of the places that
    an organisation has free.
    """

    event_version: int
    draft: Draft
    letter: Letter | None
    of_organisation: bool
    answers_invitation: bool
    choices: Mapping[int, int | None]
    answers: Mapping[int, Value]

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to do but to write its rows and take a place."""
        more = self.of_organisation or self.answers_invitation or self.choices or self.answers
        return self.draft.registration["counts"] and not (more or self.draft.order["on_invoice_at"])


def keep(prepared: Prepared, *, by: Actor, now: datetime) -> None:
    """Write it, with the mail and the log, and take its place.

    Refuses with ChangedMeanwhile when the event is not as it was read, with EventFull, BreakoutFull or
    OrganisationFull, and with ChoiceRefused or BadAnswer for what cannot be chosen or answered so.
    IntegrityError rises when the same person was written in the same moment.
    """
    draft = prepared.draft
    event_id: int = draft.registration["event_id"]
    # From the question on until the end nobody changes or cancels the event; see locks.keep_event.
    booked = ReadyRows(_booked(draft), asked=_VERSION, of={"event_asked": event_id})
    told = ReadyRows(_told(prepared, by=by, now=now))
    with transaction():
        version, ids = booked.write()
        if version != prepared.event_version:
            raise ChangedMeanwhile()
        told.write(_of(ids))
        registration_id = ids["registration"]
        # The update of the places is where everybody meets, so it comes last.
        if not (prepared.is_plain and holding.take_whole(registration_id, event_id)):
            _take_more(prepared, db.session.get_one(Registration, registration_id), by=by, now=now)


_VERSION = sa.select(Event.version).where(Event.id == sa.bindparam("event_asked")).with_for_update(read=True)


def _take_more(prepared: Prepared, registration: Registration, *, by: Actor, now: datetime) -> None:
    if prepared.answers_invitation:
        inviting.count_answer(registration, now=now)
    if prepared.answers:
        answering_questions.keep_answers(registration, prepared.answers, now=now)
    if prepared.choices:
        choosing.put(registration, prepared.choices, now=now)
    if registration.order.on_invoice_at:
        drafting.draft_for(registration.order_id, by=by, now=now)
        mails.asks_money(registration, now=now, key="first")
    holding.take(registration)


def _booked(draft: Draft) -> list[Row]:
    """Who comes, on which order, with which ticket. Somebody we know is not written again."""
    event, who = {"event_id": draft.registration["event_id"]}, {"person_id": draft.person_id}
    order, registration = draft.order | event, draft.registration
    if draft.person_id:
        rows = [
            Row("order", Order, order | {"booker_id": draft.person_id}),
            Row("registration", Registration, registration | who, (("order_id", "order"),)),
        ]
    else:
        key = name_key(*(draft.person[part] for part in ("given_name", "infix", "family_name")))
        address = {"address": registration["address"], "name_key": key}
        whose = (("person_id", "person"),)
        rows = [
            Row("person", Person, draft.person),
            Row("address", PersonAddress, address, whose),
            Row("order", Order, order, (("booker_id", "person"),)),
            Row("registration", Registration, registration, (("order_id", "order"), *whose)),
        ]
    if draft.ticket:
        rows.append(Row("ticket", Ticket, draft.ticket, (("registration_id", "registration"),)))
    return rows


def _told(prepared: Prepared, *, by: Actor, now: datetime) -> list[Row]:
    """What is said about it: to whoever comes, and in the log."""
    draft = prepared.draft
    event = {"event_id": draft.registration["event_id"]}
    rows = []
    if prepared.letter:
        values = outbox_values(prepared.letter) | event
        rows.append(Row("mail", OutboxMail, values, later=("purpose", "attachments", "registration_id")))
    acts = ("booked_by_api", "confirmed") if draft.ticket else ("booked_by_api",)
    for name, act in zip(_LINES, acts, strict=False):
        values = log_values(act, "registration", by=by, now=now, **event, **draft.registration["reason"])
        rows.append(Row(name, AuditEntry, values, later=("subject_id",)))
    return rows


# What the lines of the log are called among the rows.
_LINES = ("first_line", "second_line")


def _of(ids: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """What these rows tell once the others are written."""
    registration_id, ticket_id = ids["registration"], ids.get("ticket")
    mail: dict[str, Any] = {"purpose": f"pay-order-{ids['order']}-first", "attachments": []}
    if ticket_id:
        purpose, papers = f"confirmed-{registration_id}-{ticket_id}", mails.ticket_papers(registration_id, ticket_id)
        mail = {"purpose": purpose, "attachments": papers}
    subject = {"subject_id": registration_id}
    return {"mail": mail | {"registration_id": registration_id}} | dict.fromkeys(_LINES, subject)
