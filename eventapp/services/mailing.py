"""The office writes to many at once: a message is kept, tried, planned, begun once, and stopped while it can be."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import ChangedMeanwhile, MailingUnderway, NobodyChosen, NotFound
from eventapp.domain.jobs import OVER, JobKind
from eventapp.domain.mail_texts import check
from eventapp.domain.mailings import OPEN, MailingState, Stream, placeholders
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.mail.compose import Letter, post
from eventapp.mail.mailings import Reader, letter_to
from eventapp.mail.samples import to_colleague
from eventapp.models import Job, Mailing, MailingRecipient, MailState, OutboxMail, StaffMember
from eventapp.queries.association import load_association
from eventapp.queries.audiences import Whom, audience, still_chosen
from eventapp.services import jobs
from eventapp.services.audit import note
from eventapp.transaction import transaction

# After a standstill, or from an archive that was put back, somebody looks first whether it still holds.
_TOO_LATE = timedelta(hours=24)
# On its way, or in the outbox for as far as it did not leave.
_GOING = (MailingState.SENDING, MailingState.SENT)


class Message(NamedTuple):
    """For whom, and what it says."""

    whom: Whom
    subject: str
    text: str


def keep(message: Message, *, by: Actor, now: datetime) -> int:
    """Keep a new one as a draft; answers its id. Refuses with UnknownPlaceholder."""
    _check(message)
    with transaction() as session:
        mailing = Mailing(**_values(message), created_at=now, written_by=by.name)
        session.add(mailing)
        session.flush()
        note("mailing_written", "mailing", mailing.id, by=by, now=now, event_id=mailing.event_id)
        return mailing.id


def change(mailing_id: int, message: Message, *, seen: int, by: Actor, now: datetime) -> None:
    """Say something else, or to others; what is planned stays planned.

    `seen` is the version that the writer started from. Refuses with UnknownPlaceholder, NotFound, MailingUnderway and
    ChangedMeanwhile.
    """
    _check(message)
    with transaction():
        _move(mailing_id, OPEN, seen=seen, **_values(message), written_by=by.name)
        note("mailing_changed", "mailing", mailing_id, by=by, now=now, event_id=message.whom.event_id)


def decide(mailing_id: int, *, at: datetime | None, seen: int, by: Actor, now: datetime) -> None:
    """It goes: at this moment, or at once without one that is still to come.

    Refuses with NotFound, MailingUnderway, ChangedMeanwhile when it is not what was `seen`, and NobodyChosen.
    """
    with transaction():
        mailing = _get(mailing_id)
        if not any(left_out is None for _, left_out in audience(Whom.of(mailing), now=now)):
            raise NobodyChosen()
        if at is None or at <= now:
            _begin(mailing_id, OPEN, seen=seen, by=by, now=now, decided_at=now)
        else:
            planned = {"state": MailingState.SCHEDULED, "scheduled_at": at, "decided_at": now}
            _move(mailing_id, OPEN, seen=seen, **planned)
            note("mailing_planned", "mailing", mailing_id, by=by, now=now, event_id=mailing.event_id)


def call_off(mailing_id: int, *, by: Actor, now: datetime) -> None:
    """Stop it. What was planned becomes a draft again; what is on its way goes no further, also not what waits in the
    outbox. Refuses with NotFound, and MailingUnderway when nothing of it is left to stop.
    """
    with transaction():
        state = _get(mailing_id).state
        if state == MailingState.SENT and not _waits(mailing_id):
            raise MailingUnderway()
        if state == MailingState.SCHEDULED:
            _move(mailing_id, (MailingState.SCHEDULED,), state=MailingState.DRAFT, scheduled_at=None, decided_at=None)
        else:
            _move(mailing_id, _GOING, state=MailingState.CALLED_OFF, ended_at=now)
        note("mailing_called_off", "mailing", mailing_id, by=by, now=now)


def go_on(mailing_id: int, *, by: Actor, now: datetime) -> None:
    """Take up again what broke off; nobody gets it twice. Refuses with NotFound, and MailingUnderway while it lasts."""
    with transaction() as session:
        mailing = _get(mailing_id)
        job = session.get(Job, mailing.job_id) if mailing.job_id else None
        if mailing.state != MailingState.SENDING or (job is not None and job.state not in OVER):
            raise MailingUnderway()
        _move(mailing_id, (MailingState.SENDING,), job_id=_job(mailing_id, by=by, now=now))


def discard(mailing_id: int, *, by: Actor, now: datetime) -> None:
    """Throw a draft away. Refuses with NotFound, and MailingUnderway when it is more than a draft."""
    with transaction() as session:
        mailing = _get(mailing_id)
        if mailing.state != MailingState.DRAFT:
            raise MailingUnderway()
        session.delete(mailing)
        note("mailing_discarded", "mailing", mailing_id, by=by, now=now, event_id=mailing.event_id)


def start_due(*, now: datetime) -> int:
    """Begin with what was planned for now; answers how many. Any number of workers begin each once.

    What was planned more than a day ago is a draft again: the world it was written for may be another.
    """
    due = sa.select(Mailing.id).where(Mailing.state == MailingState.SCHEDULED, Mailing.scheduled_at <= now)
    ids = list(db.session.scalars(due.order_by(Mailing.scheduled_at, Mailing.id)))
    db.session.rollback()
    return sum(_start(mailing_id, now=now) for mailing_id in ids)


def _start(mailing_id: int, *, now: datetime) -> bool:
    try:
        with transaction():
            planned = _get(mailing_id).scheduled_at
            if planned is not None and planned < now - _TOO_LATE:
                draft = MailingState.DRAFT
                _move(mailing_id, (MailingState.SCHEDULED,), state=draft, scheduled_at=None, decided_at=None)
                note("mailing_called_off", "mailing", mailing_id, by=SYSTEM, now=now)
                return False
            _begin(mailing_id, (MailingState.SCHEDULED,), seen=None, by=SYSTEM, now=now)
    except (MailingUnderway, NotFound):
        # Another worker was first, or the office took it back in this very moment.
        return False
    return True


def example(mailing_id: int, person_id: int | None, *, now: datetime) -> Letter | None:
    """The message as this person would get it, or as the first of them would; None when it would reach nobody.

    Stores nothing, and no link in it acts for that person. Refuses with NotFound.
    """
    mailing = _get(mailing_id)
    reached = [one for one, left_out in audience(Whom.of(mailing), now=now) if left_out is None]
    chosen = next((one for one in reached if one.person_id == person_id), reached[0] if reached else None)
    if chosen is None:
        return None
    whom, who = Whom.of(mailing), {chosen.person_id: chosen.address}
    registrations = still_chosen(whom, who, now=now).get(chosen.person_id, ()) if chosen.registration_id else ()
    reader = Reader(
        person_id=chosen.person_id,
        address=chosen.address,
        name=chosen.name,
        given_name=chosen.given_name,
        ground=chosen.ground,
        organisation=chosen.organisation,
        registrations=registrations,
        example=True,
    )
    return letter_to(mailing, reader, association=load_association(), now=now)


def send_proof(mailing_id: int, person_id: int | None, *, by: Actor, now: datetime) -> str:
    """Mail it to whoever asks, as this person would get it; answers the address.

    Refuses with NotFound and NobodyChosen.
    """
    with transaction() as session:
        colleague = session.get(StaffMember, by.id) if by.kind == "staff" else None
        if colleague is None:
            raise NotFound()
        made = example(mailing_id, person_id, now=now)
        if made is None:
            raise NobodyChosen()
        post(to_colleague(made, colleague.address, colleague.name), purpose=f"proof-{new_token()}")
        return colleague.address


def _check(message: Message) -> None:
    whom = message.whom
    allowed = placeholders(whom.stream, about_event=whom.event_id is not None)
    for text in (message.subject, message.text):
        check(text, allowed)


def _values(message: Message) -> dict[str, Any]:
    whom = message.whom
    return {
        "stream": whom.stream,
        "event_id": whom.event_id,
        "circle_id": whom.circle_id,
        "topic": whom.topic if whom.stream == Stream.ANNOUNCEMENT else None,
        "choice": whom.choice.facts(),
        "subject": message.subject,
        "text": message.text,
    }


def _get(mailing_id: int) -> Mailing:
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True)
    if mailing is None:
        raise NotFound()
    return mailing


def _begin(
    mailing_id: int, states: Sequence[MailingState], *, seen: int | None, by: Actor, now: datetime, **values: Any
) -> None:
    _move(mailing_id, states, seen=seen, state=MailingState.SENDING, started_at=now, **values)
    _move(mailing_id, (MailingState.SENDING,), job_id=_job(mailing_id, by=by, now=now))
    note("mailing_begun", "mailing", mailing_id, by=by, now=now, event_id=_get(mailing_id).event_id)


def _waits(mailing_id: int) -> bool:
    """Whether some of its mails did not leave yet."""
    waiting = OutboxMail.state.in_((MailState.WAITING, MailState.SENDING))
    own = sa.select(MailingRecipient.mail_id).where(MailingRecipient.mailing_id == mailing_id)
    return bool(db.session.scalar(sa.select(sa.exists().where(OutboxMail.id.in_(own), waiting))))


def _job(mailing_id: int, *, by: Actor, now: datetime) -> int:
    return jobs.enqueue(JobKind.MAILING, {"mailing": mailing_id}, by=by, now=now)


def _move(mailing_id: int, states: Sequence[MailingState], *, seen: int | None = None, **values: Any) -> None:
    """One conditional update decides between all who want something of it at once."""
    this = sa.update(Mailing).where(Mailing.id == mailing_id, Mailing.state.in_(states))
    if seen is not None:
        this = this.where(Mailing.version == seen)
    moved = this.values(**values, version=Mailing.version + 1).returning(Mailing.id)
    if db.session.scalar(moved.execution_options(synchronize_session=False)) is None:
        mailing = _get(mailing_id)
        raise MailingUnderway() if mailing.state not in states else ChangedMeanwhile()
    db.session.expire_all()
