"""Booking somebody in from another system of the association, which is trusted like the office."""

from flask import current_app

from eventapp import wording
from eventapp.domain.actors import Actor, Scope
from eventapp.domain.errors import (
    AlreadyRegistered,
    BadAnswer,
    BreakoutFull,
    ChangedMeanwhile,
    ChoiceRefused,
    DomainError,
    EventFull,
    InvoiceNotPossible,
    NoFreePlaceLeft,
    NotAdmitted,
    NotFound,
    OrganisationFull,
    PaymentNotPossible,
    RegistrationClosed,
    UnknownBreakout,
)
from eventapp.links import Links
from eventapp.services.booking_by_api import ApiBooking, Booked, book
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.bearer import current_bearer, reachable_event
from eventapp.web.api.operations import operation
from eventapp.web.api.refusals import OTHER_EVENT, UNKNOWN_EVENT, Refusal, Refused, of
from eventapp.web.api.schemas.registrations import BookedOut, BookingIn
from eventapp.web.clock import now

# Beside which field a refusal stands that is about what was chosen or answered.
_FIELDS: dict[type[DomainError], str] = {
    BadAnswer: "answers",
    ChoiceRefused: "sessions",
    InvoiceNotPossible: "invoice",
    UnknownBreakout: "sessions",
}
_REFUSES = (
    UNKNOWN_EVENT,
    OTHER_EVENT,
    *(of(error, 422) for error in _FIELDS),
    of(AlreadyRegistered),
    of(BreakoutFull),
    of(ChangedMeanwhile),
    of(EventFull),
    of(NoFreePlaceLeft),
    of(NotAdmitted),
    of(OrganisationFull),
    of(PaymentNotPossible),
    of(RegistrationClosed),
)


@blueprint.post("/events/<slug>/registrations")
@audience(Audience.TOKEN, scopes=(Scope.REGISTRATIONS_WRITE,))
@operation("Register somebody", status=201, refuses=_REFUSES)
def book_in(slug: str, wanted: BookingIn) -> BookedOut:
    """The caller vouches for the address and may name the category; without one the mail domain decides.

    What is free is confirmed at once and has a ticket; a price is asked by mail, at `order_url` or on an invoice.
    """
    bearer, settings = current_bearer(), current_app.config
    if bearer.event_id is not None:
        reachable_event(slug)
    booking = ApiBooking(
        slug=slug,
        address=wanted.email,
        given_name=wanted.given_name,
        infix=wanted.infix,
        family_name=wanted.family_name,
        organisation_name=wanted.organisation,
        function=wanted.function,
        category=wanted.category,
        sessions=tuple(wanted.sessions),
        counts=wanted.counts,
        answers=wanted.answers,
        invoice=wanted.invoice.buyer if wanted.invoice else None,
    )
    by = Actor("api", bearer.name, bearer.id)
    try:
        booked = book(booking, by=by, now=now(), can_pay=bool(settings["MOLLIE_API_KEY"]))
    except NotFound as error:
        raise Refused(UNKNOWN_EVENT) from error
    except tuple(_FIELDS) as error:
        raise _not_so(error) from error
    return _answer(booked, Links(settings["PUBLIC_BASE_URL"]))


def _not_so(error: DomainError) -> Refused:
    """What was chosen or answered cannot be: 422 beside the field, as for anything that does not fit."""
    refusal = Refusal(422, error.code, "Some fields are not understood")
    return Refused(refusal, errors={_FIELDS[type(error)]: [wording.refusal(error)]})


def _answer(booked: Booked, links: Links) -> BookedOut:
    ticket = {"ticket_code": booked.ticket_code} if booked.ticket_code else {}
    return BookedOut(
        token=booked.order_token,
        state=booked.state,
        category=booked.category,
        price_cents=booked.price_cents,
        order_url=links.order(booked.order_token),
        **ticket,
    )
