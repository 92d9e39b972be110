"""What does somebody who registers say? The form as it was sent, and the booking it asks for."""

from flask import request

from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.pricing import Category
from eventapp.models import Event
from eventapp.queries.places import places_for
from eventapp.queries.questions import questions_of
from eventapp.queries.rounds import open_rounds
from eventapp.services import organisation_places
from eventapp.services.bookings import Booking
from eventapp.web.clock import now
from eventapp.web.public import forms, prefilling, together
from eventapp.web.public.forms import RegistrationForm
from eventapp.web.public.grounds import Ground
from eventapp.web.visitor import visitor_key


def form_for(event: Event, ground: Ground | None = None, *, waits: bool = False) -> RegistrationForm:
    """The form with what this event asks of somebody like this; breakouts are for who gets a place."""
    rounds = [] if waits or event.places.full else open_rounds(event.id, now=now())
    category = ground.category if ground else None
    asked = questions_of(event.id)
    how, partner = attends_at(event), event.offered_by
    return forms.registration_form(asked, rounds, category=category, attends=how, partner=partner)


def attends_at(event: Event) -> EventForm:
    """How they attend: as the event is or, at a hybrid one, as they say."""
    if event.form != EventForm.HYBRIDE:
        return event.form
    online = request.form.get("attends") == EventForm.ONLINE.value
    return EventForm.ONLINE if online else EventForm.FYSIEK


def form_on(event: Event, ground: Ground) -> RegistrationForm:
    """What was posted once more, now that it is known as what somebody comes, and whether they get in line."""
    form = form_for(event, ground)
    form.validate()
    alone_in_line = not form.coming and _must_wait(event, form, ground)
    if alone_in_line:
        form = form_for(event, ground, waits=True)
        form.validate()
    form.offer(ground.bases)
    form.offer_sides(ground.sides)
    if not form.coming:
        form.waits.data = "1" if alone_in_line else ""
    return form


def _must_wait(event: Event, form: RegistrationForm, ground: Ground) -> bool:
    """Whether what this person needs is full and has a line to stand in."""
    if not event.waiting_list:
        return False
    beyond = organisation_places.beyond_at(event, ground.price) if ground.price else None
    if beyond and beyond.entitlement is None and organisation_places.waits_beyond(event):
        return True
    group = TargetGroup(form.function_group.data) if form.function_group.data else None
    # Whom only the address will tell is in no pool yet that asks for a category.
    found = places_for(event.id, ground.category or Category.NIET_LID, group, attends_at(event))
    return found.full is not None


def booking_of(event: Event, form: RegistrationForm, ground: Ground) -> Booking:
    """What the form asks for, once it is known on what ground; only after `validate`."""
    return Booking(
        event_id=event.id,
        address=form.email.data,
        given_name=form.given_name.data,
        infix=form.infix.data,
        family_name=form.family_name.data,
        organisation_name=form.organisation.data,
        function=form.function.data,
        function_group=TargetGroup(form.function_group.data) if form.function_group.data else None,
        attends=attends_at(event),
        basis=ground.basis,
        wants_waiting=form.waits.data == "1" and event.waiting_list,
        submission_key=form.submission_key.data or None,
        visitor_key=visitor_key(),
        organisation_id=ground.side.organisation_id if ground.side else None,
        tenant=prefilling.tenant_of(form),
        colleagues=together.colleagues_of(form),
        answers=form.answers(),
        choices=form.chosen(),
        shares_with=int(form.shares.data) if form.shares and form.shares.data else None,
    )
