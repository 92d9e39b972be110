"""Somebody goes along to another event: registered there, withdrawn here."""

from datetime import datetime

from eventapp.domain.actors import Actor
from eventapp.domain.errors import IllegalStep, PriceAgreed, RegistrationClosed
from eventapp.domain.events import EventForm, Window
from eventapp.domain.registrations import State
from eventapp.models import Event, Registration
from eventapp.services import cancelling, holding
from eventapp.services.adding import Ground, ManualBooking, add_by_hand
from eventapp.services.locks import keep_event, lock_order_of
from eventapp.transaction import transaction


def move(registration_id: int, event_id: int, *, by: Actor, now: datetime) -> None:
    """Give a free, confirmed place at another event and take back the one here; both mails go out.

    A price that was agreed does not go along, and who comes free goes to nothing that costs: PriceAgreed. Refuses with
    IllegalStep for who has no confirmed place, RegistrationClosed when it is over here, and as `add_by_hand` does:
    AlreadyRegistered, RegistrationClosed, EventFull, OrganisationFull or NotFound.
    """
    with transaction():
        target = keep_event(event_id)
        registration = lock_order_of(registration_id)
        if registration.state != State.CONFIRMED:
            raise IllegalStep(state=registration.state.value, to="moved")
        if registration.price_cents:
            raise PriceAgreed()
        if registration.event.ends_at <= now:
            raise RegistrationClosed(window=Window.PAST.value)
        if any(line.price_cents for line in target.price_lines if line.category == registration.category):
            raise PriceAgreed()
        ground = Ground(registration.organisation_id, dict(registration.reason))
        # Of two who move in opposite directions both begin with the same row.
        for row in sorted(filter(None, map(holding.whole_row, (registration.event_id, event_id)))):
            holding.lock(row)
        add_by_hand(_as_booking(registration, target), by=by, now=now, ground=ground, event=target)
        cancelling.take_back(registration_id, by=by, now=now, back_cents=0)


def _as_booking(registration: Registration, event: Event) -> ManualBooking:
    person = registration.person
    return ManualBooking(
        event_id=event.id,
        person_id=person.id,
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
