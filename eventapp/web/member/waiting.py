"""One's own page of a waiting list: at which place one stands, and the answer to an offer."""

from functools import partial

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.actors import Actor
from eventapp.domain.errors import OfferLapsed, UnknownLink
from eventapp.domain.registrations import State
from eventapp.domain.waiting import EntryState
from eventapp.models import Registration, WaitingEntry
from eventapp.queries.choices import Part, programme_of
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.waiting import entry_by_token, length_of_line
from eventapp.services import offering, queueing
from eventapp.services.mails import is_alone
from eventapp.web import money, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.on_invoice import can_pay


def _entry(token: str) -> WaitingEntry:
    found = entry_by_token(token)
    if found is None:
        raise UnknownLink()
    return found


@blueprint.get("/wachtlijst/<token>")
@audience(Audience.LINK)
def waiting(token: str) -> str:
    """How it stands with this wait. Looking changes nothing, also not when the offer is over."""
    return _page(_entry(token))


@blueprint.post("/wachtlijst/<token>/toezegging")
@audience(Audience.LINK)
def offer_accepted(token: str) -> Response | tuple[str, int]:
    """Take the place; whoever has to pay, and booked it, goes on to the checkout, or to say whom the invoice is for."""
    entry = _entry(token)
    by = _person(entry.registration)
    try:
        taken = offering.accept(token, by=by, now=now(), can_pay=can_pay(entry.registration.event))
    except OfferLapsed:
        return _page(_entry(token)), 409
    if taken.state != State.AWAITING_PAYMENT or not taken.is_bookers or taken.order.on_invoice_at:
        return redirect(url_for("member.waiting", token=token), code=303)
    if request.form.get("wijze") == "factuur" or money.gateway() is None:
        return redirect(url_for("member.on_invoice", token=taken.order.token), code=303)
    return money.to_checkout(taken.order_id, partial(url_for, "member.order", token=taken.order.token))


@blueprint.post("/wachtlijst/<token>/afzegging")
@audience(Audience.LINK)
def offer_declined(token: str) -> Response | tuple[str, int]:
    """No thanks, or no longer waiting. Twice is once: the page says how it stands."""
    entry = _entry(token)
    try:
        offering.decline(token, by=_person(entry.registration), now=now())
    except OfferLapsed:
        return _page(_entry(token)), 409
    return redirect(url_for("member.waiting", token=token), code=303)


def _person(registration: Registration) -> Actor:
    return Actor("person", registration.address, registration.person_id)


def _page(entry: WaitingEntry) -> str:
    registration, event = entry.registration, entry.registration.event
    over = entry.state == EntryState.OFFERED and entry.until is not None and entry.until < now()
    state = EntryState.LAPSED if over else entry.state
    waits = state == EntryState.WAITING
    return render_template(
        "member/waiting.html",
        entry=entry,
        state=state.value,
        registration=registration,
        event=event,
        row=presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug)),
        position=queueing.position(entry) if waits else 0,
        length=length_of_line(entry) if waits else 0,
        replaces=_replaced(entry) if state == EntryState.OFFERED else [],
        ticket=registration.ticket,
        pays_own=registration.is_bookers,
        online_possible=money.gateway() is not None,
        invoice_possible=may_pay_on_invoice(event),
        alone=is_alone(registration),
    )


def _replaced(entry: WaitingEntry) -> list[Part]:
    """What somebody does now in the rounds of the breakout that is on offer."""
    if entry.breakout is None:
        return []
    filled = entry.breakout.facts().rounds
    return [part for part in programme_of(entry.registration_id) if part.round_id in filled and part.title]
