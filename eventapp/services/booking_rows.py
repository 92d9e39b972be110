"""Writes one booking that was decided beforehand: row by row, with the place last, in as little time as it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile
from eventapp.domain.questions import Value
from eventapp.extensions import db
from eventapp.mail.compose import Letter, post
from eventapp.models import Event, Order, Person, PersonAddress, Registration, Ticket
from eventapp.services import answering_questions, choosing, holding, inviting, mails
from eventapp.services.audit import note_all
from eventapp.transaction import transaction


@dataclass(frozen=True)
class Prepared:
    """A booking as it is to be written. `registration` with its order and person, and `ticket`, are in no session.

    Without a ticket there is something to pay. The words of `letter` hold for this version of the event.
    """

    event_version: int
    registration: Registration
    ticket: Ticket | None
    letter: Letter
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
    with transaction():
        _keep_version(draft.event_id, prepared.event_version)
        person_id = draft.person.id or _add_person(draft)
        order_id = _insert(Order, draft.order, event_id=draft.event_id, booker_id=person_id)
        registration_id = _insert(Registration, draft, order_id=order_id, person_id=person_id)
        _post(prepared, registration_id, order_id)
        _log(prepared, registration_id, by=by, now=now)
        registration = _as_loaded(draft, id=registration_id, order_id=order_id, person_id=person_id)
        if prepared.answers_invitation:
            inviting.count_answer(registration, now=now)
        if prepared.answers:
            answering_questions.keep_answers(registration, prepared.answers, now=now)
        if prepared.choices:
            choosing.put(registration, prepared.choices, now=now)
        # The update of the places is where everybody meets, so it comes last.
        holding.take(registration)


def _keep_version(event_id: int, version: int) -> None:
    """Nobody changes or cancels the event before this transaction ends; see locks.keep_event."""
    if db.session.scalar(_VERSION, {"event_id": event_id}) != version:
        raise ChangedMeanwhile()


def _add_person(draft: Registration) -> int:
    person_id = _insert(Person, draft.person)
    _insert(PersonAddress, PersonAddress.of(draft.person, draft.address), person_id=person_id)
    return person_id


def _post(prepared: Prepared, registration_id: int, order_id: int) -> None:
    purpose, papers = f"pay-order-{order_id}-first", None
    if prepared.ticket:
        ticket_id = _insert(Ticket, prepared.ticket, registration_id=registration_id)
        purpose = f"confirmed-{registration_id}-{ticket_id}"
        papers = mails.ticket_papers(registration_id, ticket_id)
    event_id = prepared.registration.event_id
    post(prepared.letter, purpose=purpose, attachments=papers, event_id=event_id, registration_id=registration_id)


def _as_loaded(draft: Registration, **ids: int) -> Registration:
    """The row just written as the session would load it, without asking the database: it holds nothing yet."""
    # One of an earlier try that was undone: SQLite gives its id again.
    if undone := db.session.identity_map.get(identity_key(Registration, ids["id"])):
        db.session.expunge(undone)
    loaded = Registration(**_set_columns(draft), **ids)
    make_transient_to_detached(loaded)
    set_committed_value(loaded, "holds", [])
    db.session.add(loaded)
    return loaded


def _log(prepared: Prepared, registration_id: int, *, by: Actor, now: datetime) -> None:
    draft = prepared.registration
    acts = ["booked_by_api", "confirmed"] if prepared.ticket else ["booked_by_api"]
    facts = {"event_id": draft.event_id, **draft.reason}
    note_all(acts, "registration", registration_id, by=by, now=now, **facts)


_VERSION: Any = sa.select(Event.version).where(Event.id == sa.bindparam("event_id")).with_for_update(read=True)


def _insert(model: type[Any], row: Any, **ids: int) -> int:
    """Insert what was set on a row that is in no session; answers its id."""
    new_id: int = db.session.connection().scalar(_insert_statement(model.__table__), _set_columns(row) | ids)
    return new_id


def _set_columns(row: Any) -> dict[str, Any]:
    """What was set, by column; the rest has its default."""
    return {name: value for name, value in vars(row).items() if name in row.__table__.c}


@cache
def _insert_statement(table: sa.Table) -> Any:
    return sa.insert(table).returning(table.c.id)
