"""The links that mails carry to prove an address: a page with one large button; only pressing it changes anything."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.errors import UsedLink
from eventapp.domain.registrations import Review, State
from eventapp.models import Order, Registration
from eventapp.queries import orders as order_queries
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.places import places_for
from eventapp.services import confirming, correcting, on_behalf, one_time, organisation_places
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.own_numbers import own_number
from eventapp.web.public import blueprint
from eventapp.web.visitor import remember_order


@blueprint.get("/aanmelden/bevestigen/<token>")
@audience(Audience.LINK)
def proof(token: str) -> str:
    """Who is about to be confirmed, by whoever reads this mailbox, and one button."""
    link = confirming.linked_order(token, now=now())
    order = order_queries.order_by_id(link.order_id)
    assert order is not None
    row = presenting.event_row(order.event, now=now(), url=url_for("public.event", slug=order.event.slug))
    mine = [registration for registration in order.registrations if registration.address == link.address]
    booked = link.address == order.address
    if link.used:
        ticket = mine[0].ticket if mine else None
        return render_template("public/proof_used.html", order=order, row=row, booked=booked, ticket=ticket)
    waiting = [r for r in _along(order, mine, booked=booked) if r.state in (State.AWAITING_CONFIRMATION, State.EXPIRED)]
    in_line = [r for r in waiting if _gets_in_line(r)]
    beyond = [found for r in waiting if r not in in_line and (found := organisation_places.beyond_for(r))]
    return render_template(
        "public/proof.html",
        order=order,
        row=row,
        people=waiting or mine or order.registrations,
        booked=booked,
        price_cents=sum(r.price_cents for r in waiting if r.review != Review.PENDING and r not in in_line),
        invoice_possible=may_pay_on_invoice(order.event),
        in_line=in_line,
        beyond=min(beyond, key=lambda found: found.entitlement is not None, default=None),
        sides=on_behalf.choices_for(mine[0]) if mine else [],
        chosen=mine[0].organisation_id if mine else None,
        token=token,
    )


def _gets_in_line(registration: Registration) -> bool:
    """Whether confirming leads to the waiting list, as it looks now."""
    event = registration.event
    if registration.holds or not event.waiting_list:
        return False
    beyond = organisation_places.beyond_for(registration)
    if beyond and beyond.entitlement is None and organisation_places.waits_beyond(event):
        return True
    needed = places_for(event.id, registration.category, registration.function_group, registration.attends)
    return registration.wants_waiting and needed.full is not None


def _along(order: Order, mine: list[Registration], *, booked: bool) -> list[Registration]:
    """Everybody whom the link of this mailbox is about."""
    return list(order.registrations) if booked and order.proven_at is None else mine


@blueprint.post("/aanmelden/bevestigen/<token>")
@audience(Audience.LINK)
def proof_given(token: str) -> Response | str:
    """A colleague is led to the own ticket, never to the order."""
    organisation_id = own_number(request.form.get("namens"))
    try:
        proven = confirming.prove(token, now=now(), organisation_id=organisation_id)
    except UsedLink:
        return proof(token)
    if proven.order_token:
        remember_order(proven.order_token)
    if proven.waiting_token:
        return redirect(url_for("member.waiting", token=proven.waiting_token), code=303)
    if proven.order_token:
        return redirect(url_for("member.order", token=proven.order_token), code=303)
    if proven.ticket_token:
        return redirect(url_for("member.ticket", token=proven.ticket_token), code=303)
    text = "Uw adres is bevestigd. U krijgt uw ticket per mail zodra alles rond is; u hoeft nu niets te doen."
    return render_template("shared/plain.html", title="Dank u wel", text=text)


@blueprint.get("/adres/bevestigen/<token>")
@audience(Audience.LINK)
def new_address(token: str) -> str:
    link = one_time.look(token, correcting.CHANGE_PURPOSE, now=now())
    return render_template("public/new_address.html", address=link.address, token=token)


@blueprint.post("/adres/bevestigen/<token>")
@audience(Audience.LINK)
def new_address_given(token: str) -> str:
    registration = correcting.confirm_new_address(token, now=now())
    text = (
        f"Alles voor {registration.event.title} gaat voortaan naar dit adres. Wij hebben uw gegevens opnieuw gemaild."
    )
    return render_template("shared/plain.html", title="Uw adres is gewijzigd", text=text)
