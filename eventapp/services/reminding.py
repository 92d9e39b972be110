"""Who is coming hears of it once more: some days before and, online, an hour before. Each reminder goes out once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain import reminders
from eventapp.domain.actors import Actor
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.registrations import State
from eventapp.domain.reminders import Plan, Reminder
from eventapp.domain.times import from_local, local_date
from eventapp.extensions import db
from eventapp.mail.compose import write
from eventapp.mail.papers import attends_online
from eventapp.models import Event, EventReminders, OutboxMail, Registration
from eventapp.queries.circles import membership_at
from eventapp.queries.mail_texts import reminders_of
from eventapp.queries.rounds import not_chosen
from eventapp.services import mails
from eventapp.services.audit import note
from eventapp.transaction import transaction

# Everybody else waits while mails are written, so they are written some at a time.
_AT_A_TIME = 50


def set_reminders(event_id: int, days: Iterable[int], *, online: bool, by: Actor, now: datetime) -> None:
    """Say when this event reminds who is coming."""
    with transaction() as session:
        plan = Plan(reminders.tidy(days), online)
        session.merge(EventReminders(event_id=event_id, days=" ".join(map(str, plan.days)), online=plan.online))
        note("reminders_set", "event", event_id, by=by, now=now, event_id=event_id, days=list(plan.days), online=online)


def remind_due(*, now: datetime) -> int:
    """Remind everybody of what is near. Answers how many mails were written; a run that breaks off repeats none.

    Not who registered within a day before the reminder, nor anybody when the event was moved within that day: they
    just heard of it.
    """
    within = now + timedelta(days=reminders.MOST_DAYS + 1)
    coming = sa.select(Event).where(Event.state == EventState.PUBLISHED, Event.starts_at.between(now, within))
    found = db.session.scalars(coming.order_by(Event.starts_at, Event.id)).all()
    due = [
        (event.id, event.starts_at, one)
        for event in found
        for one in reminders.due(reminders_of(event.id), event.starts_at, now=now)
        if not one.heard_lately(event.moved_at)
    ]
    db.session.rollback()
    return sum(_remind(event_id, starts_at, one, now=now) for event_id, starts_at, one in due)


def _remind(event_id: int, starts_at: datetime, reminder: Reminder, *, now: datetime) -> int:
    ids = list(db.session.scalars(_not_reminded(event_id, reminder)))
    db.session.rollback()
    batches = [ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME)]
    return sum(_write(batch, starts_at, reminder, now=now) for batch in batches)


def _not_reminded(event_id: int, reminder: Reminder) -> sa.Select[int]:
    purpose = sa.literal("reminder-") + sa.cast(Registration.id, sa.String) + sa.literal(f"-{reminder.key}")
    done = sa.exists().where(OutboxMail.purpose == purpose)
    coming = sa.select(Registration.id).join(Event, Event.id == Registration.event_id)
    coming = coming.where(Registration.event_id == event_id, Registration.state == State.CONFIRMED, ~done)
    if reminder.joins:
        online = sa.or_(Event.form == EventForm.ONLINE, Registration.attends == EventForm.ONLINE)
        coming = coming.where(Event.form != EventForm.FYSIEK, online)
    return coming.order_by(Registration.id)


def _write(ids: Sequence[int], starts_at: datetime, reminder: Reminder, *, now: datetime) -> int:
    """What changed since the list was made is looked at again: who withdrew, and an event that moved or is off."""
    with transaction() as session:
        rows = sa.select(Registration).where(Registration.id.in_(ids)).order_by(Registration.id)
        rows = rows.options(joinedload(Registration.person), joinedload(Registration.event))
        found = session.scalars(rows.execution_options(populate_existing=True)).all()
        return sum(_one(one, reminder, now=now) for one in found if _still(one, starts_at, reminder))


def _still(registration: Registration, starts_at: datetime, reminder: Reminder) -> bool:
    event = registration.event
    stands = event.state == EventState.PUBLISHED and event.starts_at == starts_at
    comes = registration.state == State.CONFIRMED and registration.ticket is not None
    fits = not reminder.joins or attends_online(registration)
    return stands and comes and fits and not reminder.heard_lately(registration.confirmed_at)


def _one(registration: Registration, reminder: Reminder, *, now: datetime) -> bool:
    event = registration.event
    days = (local_date(event.starts_at) - local_date(now)).days
    return write(
        "join_soon" if reminder.joins else "reminder",
        mails.to_person(registration),
        purpose=f"reminder-{registration.id}-{reminder.key}",
        now=now,
        attachments=[{"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"}],
        useless_at=_useless_at(event, days, now=now),
        event=event,
        ticket=registration.ticket,
        days=days,
        programme=mails.programme_rows(registration),
        chooses=bool(not_chosen(registration.id, registration.event_id, now=now)),
        member=membership_at(registration),
    )


def _useless_at(event: Event, days: int, *, now: datetime) -> datetime:
    """The mail says "morgen" or "vandaag", which is no longer so at midnight."""
    midnight = from_local(local_date(now) + timedelta(days=1), time())
    return event.starts_at if days > 1 else min(event.starts_at, midnight)
