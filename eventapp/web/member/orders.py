"""An order: how it stands, what to do now, and giving a place back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp import formatting, wording
from eventapp.domain.actors import Actor
from eventapp.domain.cancellation import Ending, Settlement, own_cancellation_possible
from eventapp.domain.errors import DomainError, NotFound, UnknownLink
from eventapp.domain.payments import ALIVE
from eventapp.domain.registrations import LIVE, Review, State
from eventapp.mail.papers import doing
from eventapp.models import Invoice, Order, Registration
from eventapp.queries import bank_refunds
from eventapp.queries import orders as order_queries
from eventapp.queries.changing import endings
from eventapp.queries.choices import Part, programmes_of
from eventapp.queries.invoices import invoices_of_order
from eventapp.queries.on_invoice import may_pay_on_invoice, payable
from eventapp.queries.waiting import waits_for_the_day
from eventapp.services import cancelling, correcting, handing_over, withdrawal
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.money import gateway
from eventapp.web.terms import agreed_rows

TONES = {State.CONFIRMED: "good", State.CANCELLED: "bad", State.EXPIRED: "quiet"}


class PersonRow(NamedTuple):
    """One person of the order, every word ready."""

    registration: Registration
    name: str
    state_word: str
    tone: str
    facts: list[tuple[str, str]]
    ticket_token: str
    can_cancel: bool
    can_hand_over: bool
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
    back, ended = "betaald" in request.args, endings(found.registrations)
    chosen = programmes_of([registration.id for registration in found.registrations])
    due = payable(found)
    waiting = [r for r, _ in due if r.state == State.AWAITING_PAYMENT]
    due_cents = sum(cents for _, cents in due)
    under_way = attempt is not None and attempt.status in ALIVE
    return render_template(
        "member/order.html",
        order=found,
        event=found.event,
        row=presenting.event_row(found.event, now=now(), url=url_for("public.event", slug=found.event.slug)),
        people=[_person(one, ended.get(one.id), chosen[one.id], now=now()) for one in found.registrations],
        due_cents=due_cents,
        now_cents=attempt.amount_cents if attempt and under_way else due_cents,
        waiting=bool(waiting),
        online_possible=gateway() is not None,
        invoice_possible=bool(waiting) and found.on_invoice_at is None and may_pay_on_invoice(found.event),
        awaiting_proof=any(_awaits_booker(registration) for registration in found.registrations),
        awaiting_office=any(waits_for_office(r) and r.state in LIVE for r in found.registrations),
        until=min((r.expires_at for r in waiting if r.expires_at), default=None),
        colleagues=any(registration.person_id != found.booker_id for registration in found.registrations),
        may_cancel_all=sum(may_give_back(r, now=now()) for r in found.registrations) > 1,
        waits={r.id: entry.token for r in found.registrations if r.is_bookers and (entry := waits_for_the_day(r.id))},
        checking=back and under_way,
        attempt=attempt,
        failed="betaling" in request.args,
        place=presenting.place_lines(found.event),
        by_bank=bank_refunds.back_by_bank(found.id),
        bills=[_bill(invoice) for invoice in invoices_of_order(found.id)],
    )


def _bill(invoice: Invoice) -> tuple[str, str, str]:
    """What it is called, where it stands, and the token of its page."""
    if invoice.number is None:
        return "Factuurgegevens aanvullen", "De factuur komt nog.", invoice.token
    title = f"{wording.INVOICE_KINDS[invoice.kind]} {invoice.number}"
    return title, f"{wording.INVOICE_STATES[invoice.state]}, {formatting.money(invoice.gross_cents)}.", invoice.token


def _awaits_booker(registration: Registration) -> bool:
    """Whether it waits for the link in the mailbox of whoever booked."""
    unproven = registration.proven_at is None and registration.order.proven_at is None
    return registration.state == State.AWAITING_CONFIRMATION and unproven


def _person(registration: Registration, ended: Ending | None, programme: Sequence[Part], *, now: datetime) -> PersonRow:
    person = registration.person
    at_office = waits_for_office(registration)
    facts = [("E-mail", registration.address)]
    # What somebody says of a membership is not so before the office says so too, proven or not.
    claims = registration.review == Review.PENDING
    facts.insert(0, ("Categorie", wording.BEING_CHECKED if claims else wording.CATEGORIES[registration.category]))
    if registration.organisation_name:
        facts.insert(0, ("Organisatie", registration.organisation_name))
    if registration.price_cents:
        facts.append(("Prijs (incl. btw)", formatting.money(registration.price_cents)))
    facts.extend((part.round, doing(part)) for part in programme)
    return PersonRow(
        registration=registration,
        name=formatting.full_name(person.given_name, person.infix, person.family_name),
        state_word=wording.ENDINGS[ended] if ended else _state_word(registration),
        tone=TONES.get(registration.state, "wait"),
        facts=facts,
        ticket_token=registration.ticket.token if registration.ticket and registration.is_bookers else "",
        can_cancel=may_give_back(registration, now=now),
        can_hand_over=handing_over.may_offer(registration, now=now),
        can_resend=registration.state in LIVE and not at_office,
    )


def _state_word(registration: Registration) -> str:
    if waits_for_office(registration):
        return wording.AT_OFFICE
    asked = registration.state == State.AWAITING_CONFIRMATION and registration.order.proven_at is not None
    return wording.AWAITING_COLLEAGUE if asked else wording.STATES[registration.state]


def waits_for_office(registration: Registration) -> bool:
    """Whether the person did all they can, and the office decides about what they claim."""
    return registration.review == Review.PENDING and registration.proven_at is not None


def may_give_back(registration: Registration, *, now: datetime) -> bool:
    """Whether a page offers to give the place back."""
    return own_cancellation_possible(registration.state, starts_at=registration.event.starts_at, now=now)


@blueprint.route("/bestelling/<token>/afmelding/<int:registration_id>", methods=["GET", "POST"])
@audience(Audience.LINK)
def own_cancellation(token: str, registration_id: int) -> Response | str:
    """Give a place back: first what happens, then the button that does it."""
    registration = registration_in(token, registration_id)
    back = url_for("member.order", token=token)
    if request.method == "POST":
        cancelling.cancel_own(registration.id, by=booker_of(registration.order), now=now())
        return redirect(back, code=303)
    if not may_give_back(registration, now=now()):
        return redirect(back)
    return cancel_page([registration], back=back)


@blueprint.route("/bestelling/<token>/afmelding", methods=["GET", "POST"])
@audience(Audience.LINK)
def order_cancellation(token: str) -> Response | str:
    """Give back every place of the order that still can be: first who that are, then the button that does it."""
    found = _order(token)
    back = url_for("member.order", token=token)
    if request.method == "POST":
        cancelling.cancel_own_order(found.id, by=booker_of(found), now=now())
        return redirect(back, code=303)
    people = [registration for registration in found.registrations if may_give_back(registration, now=now())]
    if not people:
        return redirect(back)
    return cancel_page(people, back=back)


def cancel_page(people: Sequence[Registration], *, back: str, template: str = "member/cancel.html", **more: Any) -> str:
    """Who is about to be withdrawn, and beforehand, in euros and dates, what that does to the money."""
    money = withdrawal.preview_together(people, now=now())
    by_office = [one for one in people if money.each[one.id].settlement == Settlement.OFFICE]
    return render_template(
        template,
        people=people,
        event=people[0].event,
        back=back,
        price_cents=sum(registration.price_cents for registration in people),
        money=money,
        by_office=by_office,
        by_office_cents=sum(money.each[registration.id].by_terms_cents for registration in by_office),
        rows=agreed_rows(people),
        **more,
    )


def booker_of(order: Order) -> Actor:
    """Who acts with the link of the order."""
    return Actor("person", order.address, order.booker_id)


def registration_in(token: str, registration_id: int) -> Registration:
    """One of those in this order, of nobody else's. Refuses with UnknownLink or NotFound."""
    found = next((r for r in _order(token).registrations if r.id == registration_id), None)
    if found is None:
        raise NotFound()
    return found


@blueprint.post("/bestelling/<token>/bericht/<int:registration_id>")
@audience(Audience.LINK)
def resend(token: str, registration_id: int) -> Response:
    """Mail me again what I need now."""
    registration = registration_in(token, registration_id)
    try:
        correcting.resend(registration.id, by=booker_of(registration.order), now=now())
    except DomainError:
        return redirect(url_for("member.order", token=token), code=303)
    return redirect(url_for("member.order", token=token, gemaild=""), code=303)
