"""The links that mails carry to prove an address: a page with one large button; only pressing it changes anything."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventapp.domain.errors import UsedLink
from eventapp.domain.registrations import State
from eventapp.queries import orders as order_queries
from eventapp.services import confirming, correcting, one_time, organisation_places
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.public import blueprint
from eventapp.web.visitor import remember_order


@blueprint.get("/aanmelden/bevestigen/<token>")
@audience(Audience.LINK)
def proof(token: str) -> str:
    order_id, used = confirming.linked_order(token, now=now())
    order = order_queries.order_by_id(order_id)
    assert order is not None
    row = presenting.event_row(order.event, now=now(), url=url_for("public.event", slug=order.event.slug))
    if used:
        return render_template("public/proof_used.html", order=order, row=row)
    registration = order.registrations[0]
    waiting = registration.state in (State.AWAITING_CONFIRMATION, State.EXPIRED)
    beyond = organisation_places.beyond_for(registration) if waiting else None
    return render_template(
        "public/proof.html", order=order, row=row, registration=registration, beyond=beyond, token=token
    )


@blueprint.post("/aanmelden/bevestigen/<token>")
@audience(Audience.LINK)
def proof_given(token: str) -> Response | str:
    try:
        proven = confirming.prove(token, now=now())
    except UsedLink:
        return proof(token)
    remember_order(proven.order_token)
    return redirect(url_for("member.order", token=proven.order_token), code=303)


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
