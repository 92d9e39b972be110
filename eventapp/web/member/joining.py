"""The personal page to join an online meeting; the meeting's own address is given only to who presses the button."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventapp.domain.admission import TicketState
from eventapp.domain.errors import NotFound, UnknownLink
from eventapp.models import Ticket
from eventapp.queries import orders as order_queries
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint


def _ticket(token: str) -> Ticket:
    found = order_queries.ticket_by_token(token)
    if found is None or found.state != TicketState.VALID:
        raise UnknownLink()
    return found


@blueprint.get("/deelnemen/<token>")
@audience(Audience.LINK)
def join(token: str) -> str:
    registration = _ticket(token).registration
    row = presenting.event_row(registration.event, now=now(), url=url_for("public.event", slug=registration.event.slug))
    return render_template(
        "member/join.html", registration=registration, event=registration.event, row=row, token=token
    )


@blueprint.post("/deelnemen/<token>")
@audience(Audience.LINK)
def joined(token: str) -> Response:
    address = _ticket(token).registration.event.online_url
    if not address:
        raise NotFound()
    return redirect(address, code=303)
