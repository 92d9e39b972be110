"""The personal page to join an online meeting; the meeting's own address is given only to who presses the button."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eventapp.domain.admission import TicketState
from eventapp.domain.errors import UnknownLink
from eventapp.domain.events import EventState
from eventapp.domain.joining import OPENS_BEFORE
from eventapp.queries import orders as order_queries
from eventapp.services import joining
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint


@blueprint.get("/deelnemen/<token>")
@audience(Audience.LINK)
def join(token: str) -> str:
    """As whom, to what and when, with the button while the meeting is open; else why there is none."""
    ticket = order_queries.ticket_by_token(token)
    if ticket is None or ticket.state == TicketState.REPLACED:
        raise UnknownLink()
    registration = ticket.registration
    event, at = registration.event, now()
    state = joining.state_of(registration, now=at)
    withdrawn = ticket.state != TicketState.VALID and event.state != EventState.CANCELLED
    return render_template(
        "member/join.html",
        registration=registration,
        event=event,
        row=presenting.event_row(event, now=at, url=url_for("public.event", slug=event.slug)),
        token=token,
        state="withdrawn" if withdrawn else state.value,
        opens_at=event.starts_at - OPENS_BEFORE,
    )


@blueprint.post("/deelnemen/<token>")
@audience(Audience.LINK)
def joined(token: str) -> Response:
    """Lead on to the meeting; where there is none to go to now, back to the page that says why."""
    address = joining.join(token, now=now())
    return redirect(address or url_for("member.join", token=token), code=303)
