"""An order: how it stands, what to do now, and giving a place back."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.cancellation import own_cancellation_possible
from eventapp.domain.errors import DomainError, NotFound, UnknownLink
from eventapp.domain.payments import ALIVE
from eventapp.domain.registrations import LIVE, Review, State
from eventapp.models import Order, Registration
from eventapp.queries import orders as order_queries
from eventapp.services import cancelling, correcting
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint

TONES = {State.CONFIRMED: "good", State.CANCELLED: "bad", State.EXPIRED: "quiet"}


@dataclass(frozen=True)
class PersonRow:
    """One person of the order, every word ready."""

    registration: Registration
    name: str
    state_word: str
    tone: str
    facts: list[tuple[str, str]]
    ticket_token: str
    can_cancel: bool
    can_resend: bool


def _order(token: str) -> Order:
    order = order_queries.order_by_token(token)
    if order is None:
        raise UnknownLink()
    return order


@blueprint.get("/bestelling/<token>")
@audience(Audience.LINK)
def order(token: str) -> str:
    """What I booked. Looking changes nothing, also not on the way back from the checkout."""
    found = _order(token)
    attempt = order_queries.latest_attempt(found.id)
    back = "betaald" in request.args
    first = found.registrations[0]
    return render_template(
        "member/order.html",
        order=found,
        event=found.event,
        row=presenting.event_row(found.event, now=now(), url=url_for("public.event", slug=found.event.slug)),
        people=[_person(registration, now=now()) for registration in found.registrations],
        awaiting_payment=any(r.state == State.AWAITING_PAYMENT for r in found.registrations),
        awaiting_proof=first.state == State.AWAITING_CONFIRMATION and first.proven_at is None,
        awaiting_office=first.review == Review.PENDING and first.proven_at is not None,
        until=max((r.expires_at for r in found.registrations if r.expires_at), default=None),
        checking=back and attempt is not None and attempt.status in ALIVE,
        attempt=attempt,
        failed="betaling" in request.args,
        place=presenting.place_lines(found.event),
    )


def _person(registration: Registration, *, now: datetime) -> PersonRow:
    person = registration.person
    at_office = waits_for_office(registration)
    facts = [("E-mail", registration.address)]
    if not at_office:
        facts.insert(0, ("Categorie", wording.CATEGORIES[registration.category]))
    if registration.organisation_name:
        facts.insert(0, ("Organisatie", registration.organisation_name))
    if registration.price_cents:
        facts.append(("Prijs (incl. btw)", formatting.money(registration.price_cents)))
    return PersonRow(
        registration=registration,
        name=formatting.full_name(person.given_name, person.infix, person.family_name),
        state_word=wording.AT_OFFICE if at_office else wording.STATES[registration.state],
        tone=TONES.get(registration.state, "wait"),
        facts=facts,
        ticket_token=registration.ticket.token if registration.ticket else "",
        can_cancel=may_give_back(registration, now=now),
        can_resend=registration.state in LIVE and not at_office,
    )


def waits_for_office(registration: Registration) -> bool:
    """Whether the person did all they can, and the office decides about what they claim."""
    return registration.review == Review.PENDING and registration.proven_at is not None


def may_give_back(registration: Registration, *, now: datetime) -> bool:
    """Whether a page offers to give the place back."""
    return own_cancellation_possible(
        registration.state,
        paid_cents=registration.price_cents if registration.state == State.CONFIRMED else 0,
        starts_at=registration.event.starts_at,
        now=now,
    )


@blueprint.route("/bestelling/<token>/afmelding/<int:registration_id>", methods=["GET", "POST"])
@audience(Audience.LINK)
def own_cancellation(token: str, registration_id: int) -> Response | str:
    """Give a place back: first what happens, then the button that does it."""
    registration = _registration(token, registration_id)
    if request.method == "POST":
        by = Actor("person", registration.address, registration.person_id)
        cancelling.cancel_own(registration.id, by=by, now=now())
        return redirect(url_for("member.order", token=token), code=303)
    back = url_for("member.order", token=token)
    return render_template("member/cancel.html", registration=registration, event=registration.event, back=back)


def _registration(token: str, registration_id: int) -> Registration:
    found = next((r for r in _order(token).registrations if r.id == registration_id), None)
    if found is None:
        raise NotFound()
    return found


@blueprint.post("/bestelling/<token>/bericht/<int:registration_id>")
@audience(Audience.LINK)
def resend(token: str, registration_id: int) -> Response:
    """Mail me again what I need now."""
    registration = _registration(token, registration_id)
    by = Actor("person", registration.address, registration.person_id)
    try:
        correcting.resend(registration.id, by=by, now=now())
    except DomainError:
        return redirect(url_for("member.order", token=token), code=303)
    return redirect(url_for("member.order", token=token, gemaild=""), code=303)
