"""One person's ticket: as a page, on paper, and in the calendar."""

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from eventapp import documents, wording
from eventapp.documents.file_names import file_name
from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.cancellation import Ending
from eventapp.domain.errors import UnknownLink
from eventapp.domain.events import Visibility, Window
from eventapp.domain.handing_over import VIA
from eventapp.domain.registrations import LIVE, State
from eventapp.domain.sharing import SHARING_TEXT
from eventapp.mail import papers
from eventapp.models import Registration, Ticket
from eventapp.queries import badges, changing
from eventapp.queries import orders as order_queries
from eventapp.queries.certificates import there_among
from eventapp.queries.choices import programme_of
from eventapp.queries.money_back import money_back
from eventapp.queries.questions import gave_consent, has_open_questions
from eventapp.queries.rounds import not_chosen
from eventapp.queries.sharing import consent_of
from eventapp.queries.waiting import waits_of
from eventapp.services import attending, cancelling, handing_over, sharing, withdrawal
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.member import blueprint
from eventapp.web.member.calendars import entries_of, unless_known
from eventapp.web.member.orders import cancel_page, may_give_back
from eventapp.web.member.programme import may_choose
from eventapp.web.member.questions import may_answer
from eventapp.web.own_numbers import own_number


def ticket_or_unknown(token: str) -> Ticket:
    """The ticket behind this link, dead or alive. Refuses with UnknownLink."""
    found = order_queries.ticket_by_token(token)
    if found is None:
        raise UnknownLink()
    return found


def holder_of(registration: Registration) -> Actor:
    """Who acts with the link of a ticket."""
    return Actor("person", registration.address, registration.person_id)


@blueprint.get("/ticket/<token>")
@audience(Audience.LINK)
def ticket(token: str) -> str:
    """The ticket on a screen; one that was replaced or cancelled says so and shows no code."""
    found = ticket_or_unknown(token)
    registration = found.registration
    shares = consent_of(registration)
    return render_template(
        "member/ticket.html",
        ticket=found,
        registration=registration,
        event=registration.event,
        row=presenting.event_row(
            registration.event, now=now(), url=url_for("public.event", slug=registration.event.slug)
        ),
        paper=papers.ticket_data(found),
        valid=found.state == TicketState.VALID,
        replaced=found.state == TicketState.REPLACED,
        online=papers.attends_online(registration),
        qr=documents.qr.svg(found.code),
        handed_over=changing.endings([registration]).get(registration.id) == Ending.HANDED_OVER,
        taken_over_from=changing.taken_over_from(registration.id) if registration.source == VIA else None,
        offered=changing.open_hand_over(registration.id),
        may_hand_over=handing_over.may_offer(registration, now=now()),
        may_change_way=attending.may_change(registration, now=now()),
        money_back=money_back(registration),
        withdrawn=registration.state == State.CANCELLED and request.args.get("bewaard") == "afgemeld",
        may_register_again=registration.event.visibility != Visibility.BESLOTEN
        and registration.event.window(now()) == Window.OPEN,
        asks_date=registration.date_open and may_give_back(registration, now=now()),
        may_give_back=may_give_back(registration, now=now()),
        may_answer=may_answer(registration),
        gave_consent=gave_consent(registration.id),
        programme=programme_of(registration.id),
        may_choose=may_choose(registration),
        to_choose=not_chosen(registration.id, registration.event_id, now=now()),
        waits=waits_of(registration.id),
        open_questions=has_open_questions(registration),
        shares=shares if shares and shares.stands else None,
        sharing_words=wording.partner_consent(SHARING_TEXT, registration.event.partner_name).rstrip("."),
        has_certificate=bool(there_among([registration.id])) and found.state != TicketState.REPLACED,
    )


@blueprint.post("/ticket/<token>/partner")
@audience(Audience.LINK)
def ticket_sharing(token: str) -> BaseResponse:
    """Let the partner who offers the event know that I come, or take that back."""
    registration = ticket_or_unknown(token).registration
    partner_id = own_number(request.form.get("partner")) or 0
    agreed = request.form.get("keuze") == "ja"
    sharing.say(registration.id, partner_id, agreed=agreed, by=holder_of(registration), now=now())
    return redirect(url_for("member.ticket", token=token, bewaard="partner"), code=303)


@blueprint.route("/ticket/<token>/afmelding", methods=["GET", "POST"])
@audience(Audience.LINK)
def ticket_cancellation(token: str) -> BaseResponse | str:
    """Give this one place back: first what happens, then the button that does it."""
    registration = ticket_or_unknown(token).registration
    back = url_for("member.ticket", token=token)
    if request.method == "POST":
        cancelling.cancel_own(registration.id, by=holder_of(registration), now=now())
        return redirect(url_for("member.ticket", token=token, bewaard="afgemeld"), code=303)
    if not may_give_back(registration, now=now()):
        return redirect(back)
    return cancel_page([registration], back=back)


@blueprint.route("/ticket/<token>/klopt-niet", methods=["GET", "POST"])
@audience(Audience.LINK)
def ticket_dispute(token: str) -> BaseResponse | str:
    """ "Dit klopt niet": somebody else registered me. First what happens, then the button that does it."""
    registration = ticket_or_unknown(token).registration
    if registration.is_bookers or registration.source == VIA:
        return redirect(url_for("member.ticket", token=token))
    if request.method == "POST":
        cancelling.dispute(registration.id, now=now())
        return redirect(url_for("member.ticket", token=token, doorgegeven=""), code=303)
    if registration.state not in LIVE:
        return redirect(url_for("member.ticket", token=token))
    paid = withdrawal.paid_for(registration) > 0
    return render_template("member/dispute.html", registration=registration, event=registration.event, paid=paid)


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


@blueprint.get("/bestelling/<token>/tickets.pdf")
@audience(Audience.LINK)
def order_tickets(token: str) -> Response:
    """The tickets at the mailbox that booked in one file, a page each; colleagues elsewhere have theirs themselves."""
    order = order_queries.order_by_token(token)
    found = badges.tickets_of(order.event_id, order_id=order.id, address=order.address) if order else ()
    if not found:
        raise UnknownLink()
    name = file_name("tickets", found[0].registration.event.slug, "pdf")
    content = documents.ticket_pdf.ticket_pdf(papers.tickets_data(found, demo=current_app.config["DEMO"]))
    return _download(content, "application/pdf", name)


@blueprint.get("/ticket/<token>.ics")
@audience(Audience.LINK)
def ticket_as_calendar(token: str) -> Response:
    registration = ticket_or_unknown(token).registration
    found = entries_of([registration])
    response = unless_known(found, lambda: documents.calendar.single(*found))
    response.headers["Content-Disposition"] = _attached(file_name("", registration.event.slug, "ics"))
    return response


def _valid(token: str) -> Ticket:
    found = ticket_or_unknown(token)
    if found.state != TicketState.VALID:
        raise UnknownLink()
    return found


def _download(content: bytes, mimetype: str, name: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": _attached(name)})


def _attached(name: str) -> str:
    return f'attachment; filename="{name}"'
