"""Somebody goes along to another event: registered there, withdrawn here."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import IllegalStep, PriceAgreed
from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.models import Event, Registration
from eventapp.services import cancelling
from eventapp.services.adding import ManualBooking, add_by_hand
from eventapp.services.locks import keep_event, lock_order_of
from eventapp.transaction import transaction


def move(registration_id: int, event_id: int, *, by: Actor, now: datetime) -> None:
    """Give a free, confirmed place at another event and take back the one here; both mails go out.

    A price that was agreed does not go along: PriceAgreed. Refuses with IllegalStep for who has no confirmed place, and
    as `add_by_hand` does: AlreadyRegistered, RegistrationClosed, EventFull, OrganisationFull or NotFound.
    """
    with transaction():
        keep_event(event_id)
        registration = lock_order_of(registration_id)
        if registration.state != State.CONFIRMED:
            raise IllegalStep(state=registration.state.value, to="moved")
        if registration.price_cents:
            raise PriceAgreed()
        add_by_hand(_as_booking(registration, keep_event(event_id)), by=by, now=now)
        cancelling.cancel_registration(registration_id, by=by, now=now, back_cents=0)


def _as_booking(registration: Registration, event: Event) -> ManualBooking:
    person = registration.person
    return ManualBooking(
        event_id=event.id,
        address=registration.address,
        given_name=person.given_name,
        infix=person.infix,
        family_name=person.family_name,
        category=registration.category,
        organisation_name=registration.organisation_name,
        function=registration.function,
        function_group=registration.function_group,
        attends=registration.attends if event.form == EventForm.HYBRIDE else event.form,
        price_cents=0,
        counts=registration.counts,
    )
