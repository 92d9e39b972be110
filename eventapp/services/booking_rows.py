"""Writes one booking that was decided beforehand: row by row, with the place last, in as little time as it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile
from eventapp.domain.names import name_key
from eventapp.domain.questions import Value
from eventapp.extensions import db
from eventapp.mail.compose import Letter, outbox_values
from eventapp.models import AuditEntry, Event, Order, OutboxMail, Person, PersonAddress, Registration, Ticket
from eventapp.services import answering_questions, choosing, drafting, holding, inviting, mails
from eventapp.services.audit import log_values
from eventapp.services.ready_rows import ReadyRow, unsaid
from eventapp.straight import ReadyStatement
from eventapp.transaction import transaction


@dataclass(frozen=True)
class Prepared:
    """A booking as it is to be written. `registration` with its order and person, and `ticket`, are in no session.

    Without a ticket there is something to pay. The words of `letter` hold for this version of the event; None when an
    invoice is all that is written about.
    """

    event_version: int
    registration: Registration
    ticket: Ticket | None
    letter: Letter | None
    answers_invitation: bool
    choices: Mapping[int, int | None]
    answers: Mapping[int, Value]


def keep(prepared: Prepared, *, by: Actor, now: datetime) -> None:
    """Write it, with the mail and the log, and take its place.

    Refuses with ChangedMeanwhile when the event is not as it was read, with EventFull, BreakoutFull or
    OrganisationFull, and with ChoiceRefused or BadAnswer for what cannot be chosen or answered so.
    IntegrityError rises when the same person was written in the same moment.
    """
    draft = prepared.registration
    rows = _Rows.of(prepared, by=by, now=now)
    with transaction():
        _keep_version(draft.event_id, prepared.event_version)
        ids = rows.write()
        registration = _as_loaded(rows.unsaved, ids)
        if prepared.answers_invitation:
            inviting.count_answer(registration, now=now)
        if prepared.answers:
            answering_questions.keep_answers(registration, prepared.answers, now=now)
        if prepared.choices:
            choosing.put(registration, prepared.choices, now=now)
        if draft.order.on_invoice_at:
            drafting.draft_for(ids["order_id"], by=by, now=now)
            mails.asks_money(registration, now=now, key="first")
        # The update of the places is where everybody meets, so it comes last.
        holding.take(registration)


def _keep_version(event_id: int, version: int) -> None:
    """Nobody changes or cancels the event before this transaction ends; see locks.keep_event."""
    if _VERSION.scalar({"event_id": event_id}) != version:
        raise ChangedMeanwhile()


@dataclass(frozen=True)
class _Rows:
    """Everything to write, made ready before anybody waits for it.

    There is a person to write when this is nobody we know, with the id of whoever it is otherwise.
    """

    known_person_id: int | None
    person: tuple[ReadyRow, ReadyRow] | None
    order: ReadyRow
    registration: ReadyRow
    unsaved: Registration
    ticket: ReadyRow | None
    mail: ReadyRow | None
    log: tuple[ReadyRow, ...]

    @staticmethod
    def of(prepared: Prepared, *, by: Actor, now: datetime) -> "_Rows":
        draft = prepared.registration
        columns, event = _set_columns(draft), {"event_id": draft.event_id}
        acts = ("booked_by_api", "confirmed") if prepared.ticket else ("booked_by_api",)
        return _Rows(
            known_person_id=draft.person.id,
            person=None if draft.person.id else _person_rows(draft),
            order=ReadyRow(Order, _set_columns(draft.order) | event),
            registration=ReadyRow(Registration, columns),
            unsaved=_whole(columns),
            ticket=ReadyRow(Ticket, _set_columns(prepared.ticket)) if prepared.ticket else None,
            mail=ReadyRow(OutboxMail, outbox_values(prepared.letter) | event) if prepared.letter else None,
            log=tuple(
                ReadyRow(AuditEntry, log_values(act, "registration", by=by, now=now, **event, **draft.reason))
                for act in acts
            ),
        )

    def write(self) -> dict[str, int]:
        """Write all of it; answers the ids that the registration has by now."""
        person_id = self.known_person_id or self._write_person()
        order_id = self.order.write(booker_id=person_id)
        registration_id = self.registration.write(order_id=order_id, person_id=person_id)
        purpose, papers = f"pay-order-{order_id}-first", list[dict[str, Any]]()
        if self.ticket:
            ticket_id = self.ticket.write(registration_id=registration_id)
            purpose = f"confirmed-{registration_id}-{ticket_id}"
            papers = mails.ticket_papers(registration_id, ticket_id)
        if self.mail:
            self.mail.write(purpose=purpose, attachments=papers, registration_id=registration_id)
        for row in self.log:
            row.write(subject_id=registration_id)
        return {"id": registration_id, "order_id": order_id, "person_id": person_id}

    def _write_person(self) -> int:
        assert self.person is not None
        person, address = self.person
        person_id = person.write()
        address.write(person_id=person_id)
        return person_id


def _person_rows(draft: Registration) -> tuple[ReadyRow, ReadyRow]:
    person = draft.person
    key = name_key(person.given_name, person.infix, person.family_name)
    return ReadyRow(Person, _set_columns(person)), ReadyRow(PersonAddress, {"address": draft.address, "name_key": key})


def _whole(columns: Mapping[str, Any]) -> Registration:
    """With every default, so that nobody asks the database for the rest of it while all others wait."""
    registration = Registration(**columns)
    for name, value in unsaid(Registration, columns).items():
        set_committed_value(registration, name, value)
    return registration


def _as_loaded(unsaved: Registration, ids: Mapping[str, int]) -> Registration:
    """The row just written as the session would load it, without asking the database: it holds nothing yet."""
    # One of an earlier try that was undone: SQLite gives its id again.
    if undone := db.session.identity_map.get(identity_key(Registration, ids["id"])):
        db.session.expunge(undone)
    for name, value in ids.items():
        set_committed_value(unsaved, name, value)
    make_transient_to_detached(unsaved)
    set_committed_value(unsaved, "holds", [])
    db.session.add(unsaved)
    return unsaved


_VERSION = ReadyStatement(
    sa.select(Event.version).where(Event.id == sa.bindparam("event_id")).with_for_update(read=True)
)


def _set_columns(row: Any) -> dict[str, Any]:
    """What was set, by column; the rest has its default."""
    return {name: value for name, value in vars(row).items() if name in row.__table__.c}
