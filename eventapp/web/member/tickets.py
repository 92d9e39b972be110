"""One person's ticket: as a page, on paper, and in the calendar."""

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventapp import documents
from eventapp.documents.file_names import file_name
from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.errors import UnknownLink
from eventapp.mail import papers
from eventapp.mail.compose import links
from eventapp.models import Ticket
from eventapp.queries import orders as order_queries
from eventapp.services import cancelling
from eventapp.web import current_association, presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.member.orders import may_give_back


def _ticket(token: str) -> Ticket:
    found = order_queries.ticket_by_token(token)
    if found is None:
        raise UnknownLink()
    return found


@blueprint.get("/ticket/<token>")
@audience(Audience.LINK)
def ticket(token: str) -> str:
    """The ticket on a screen; one that was replaced or cancelled says so and shows no code."""
    found = _ticket(token)
    registration = found.registration
    return render_template(
        "member/ticket.html",
        ticket=found,
        registration=registration,
        event=registration.event,
        row=presenting.event_row(
            registration.event, now=now(), url=url_for("public.event", slug=registration.event.slug)
        ),
        place=presenting.place_lines(registration.event),
        valid=found.state == TicketState.VALID,
        replaced=found.state == TicketState.REPLACED,
        online=bool(registration.event.online_url) and registration.attends != "fysiek",
        qr=documents.qr.svg(found.code),
        may_give_back=may_give_back(registration, now=now()),
    )


@blueprint.route("/ticket/<token>/afmelding", methods=["GET", "POST"])
@audience(Audience.LINK)
def ticket_cancellation(token: str) -> BaseResponse | str:
    """Give this one place back: first what happens, then the button that does it."""
    registration = _ticket(token).registration
    back = url_for("member.ticket", token=token)
    if request.method == "POST":
        by = Actor("person", registration.address, registration.person_id)
        cancelling.cancel_own(registration.id, by=by, now=now())
        return redirect(back, code=303)
    return render_template("member/cancel.html", registration=registration, event=registration.event, back=back)


@blueprint.get("/ticket/<token>.pdf")
@audience(Audience.LINK)
def ticket_as_pdf(token: str) -> Response:
    found = _valid(token)
    name = file_name("ticket", found.registration.event.slug, "pdf")
    return _download(
        documents.ticket_pdf.ticket_pdf([papers.ticket_data(found, demo=current_app.config["DEMO"])]),
        "application/pdf",
        name,
    )


@blueprint.get("/ticket/<token>.ics")
@audience(Audience.LINK)
def ticket_as_calendar(token: str) -> Response:
    registration = _ticket(token).registration
    entry = papers.calendar_entry(registration, association=current_association(), links=links())
    return _download(documents.calendar.single(entry), "text/calendar", file_name("", registration.event.slug, "ics"))


def _valid(token: str) -> Ticket:
    found = _ticket(token)
    if found.state != TicketState.VALID:
        raise UnknownLink()
    return found


def _download(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
