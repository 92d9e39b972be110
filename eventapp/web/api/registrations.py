"""Booking somebody in from another system of the association, which is trusted like the office."""

from flask import Response, current_app, request

from eventapp import wording
from eventapp.domain.actors import Actor, Scope
from eventapp.domain.errors import (
    BadAnswer,
    ChoiceRefused,
    DomainError,
    InvoiceNotPossible,
    NotFound,
    UnknownBreakout,
)
from eventapp.links import Links
from eventapp.services.booking_by_api import ApiBooking, Booked, book
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.bearer import current_bearer, reachable_event
from eventapp.web.api.refusals import Refused
from eventapp.web.api.schemas import BookedOut, BookingIn
from eventapp.web.clock import now

# Beside which field a refusal stands that is not about the breakouts.
_FIELDS: dict[type[DomainError], str] = {BadAnswer: "answers", InvoiceNotPossible: "invoice"}


@blueprint.post("/events/<slug>/registrations")
@audience(Audience.TOKEN, scopes=(Scope.REGISTRATIONS_WRITE,))
def book_in(slug: str) -> Response:
    wanted = BookingIn.model_validate_json(request.get_data())
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
        raise Refused(404, "unknown_event", "There is no event with this address") from error
    except (BadAnswer, ChoiceRefused, InvoiceNotPossible, UnknownBreakout) as error:
        raise _not_so(error) from error
    answer = _answer(booked, Links(settings["PUBLIC_BASE_URL"]))
    return Response(answer.model_dump_json(exclude_unset=True), status=201, content_type="application/json")


def _not_so(error: DomainError) -> Refused:
    """What was chosen or answered cannot be: 422 beside the field, as for anything that does not fit."""
    field = _FIELDS.get(type(error), "sessions")
    return Refused(422, error.code, "Some fields are not understood", errors={field: [wording.refusal(error)]})


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
