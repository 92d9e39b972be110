"""Coming to a hybrid event the other way: online instead of on the spot, or back."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import IllegalStep, RegistrationClosed
from eventapp.domain.events import EventForm, EventState, Window
from eventapp.domain.registrations import State
from eventapp.models import Registration
from eventapp.services import answering_questions, calendar_moves, holding, mails, offering
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction


def may_change(registration: Registration, *, now: datetime) -> bool:
    """Whether there is another way to come, and it is not too late to take it."""
    event = registration.event
    hybrid = event.form == EventForm.HYBRIDE and event.state == EventState.PUBLISHED
    return hybrid and registration.state == State.CONFIRMED and now < event.starts_at


def change(registration_id: int, attends: EventForm, *, by: Actor, now: datetime) -> bool:
    """Come in this way from now on; answers whether that differs. What is asked only of the other way is erased.

    The place goes along when the two ways have places of their own, and the calendar entry follows. Refuses with
    IllegalStep (no confirmed place, or the event has one way only), RegistrationClosed (it began, or is off), EventFull
    (no place left that way) or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        event = registration.event
        if event.state != EventState.PUBLISHED or now >= event.starts_at:
            raise RegistrationClosed(window=Window.PAST.value)
        if not may_change(registration, now=now) or attends == EventForm.HYBRIDE:
            raise IllegalStep(state=registration.state.value, to="attends")
        if registration.attends == attends:
            return False
        registration.attends = attends
        answering_questions.drop_needless(registration, now=now)
        calendar_moves.move(registration, now=now)
        mails.attends_changed(registration, now=now)
        facts = {"attends": attends.value}
        note("attends_changed", "registration", registration.id, by=by, now=now, event_id=event.id, **facts)
        holding.take(registration)
        event_id = event.id
    offering.pass_on(event_id, now=now)
    return True
