"""The event went to another day: somebody says to come then as well."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import IllegalStep, RegistrationClosed
from eventapp.domain.events import EventState, Window
from eventapp.domain.registrations import State
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction


def confirm_date(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Yes, I can come on the new day too. Twice is once, and so is a yes that nobody asked for.

    Withdrawing stays free: the terms were agreed for another day. Refuses with IllegalStep (no confirmed place),
    RegistrationClosed (it began, or is off) or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        event = registration.event
        if registration.state != State.CONFIRMED:
            raise IllegalStep(state=registration.state.value, to="date_confirmed")
        if event.state != EventState.PUBLISHED or now >= event.starts_at:
            raise RegistrationClosed(window=Window.PAST.value)
        if registration.date_open:
            registration.date_confirmed_at = now
            note("date_confirmed", "registration", registration.id, by=by, now=now, event_id=event.id)
