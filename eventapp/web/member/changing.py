"""Changing one's mind about how and when: online or on the spot, and whether a new date suits."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField

from eventapp import wording
from eventapp.domain.admission import TicketState
from eventapp.domain.errors import DomainError, EventFull
from eventapp.domain.events import EventForm
from eventapp.models import Registration
from eventapp.services import attending, date_confirming
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, checks_own_csrf, choices
from eventapp.web.member import blueprint
from eventapp.web.member.orders import may_give_back
from eventapp.web.member.tickets import holder_of, ticket_or_unknown

Answer = str | Response | tuple[str, int]
_WAYS = {EventForm.FYSIEK: "Ik kom naar de locatie", EventForm.ONLINE: "Ik doe online mee"}


class AttendsForm(DutchForm):
    attends = RadioField(wording.HOW_ATTENDING, choices=choices(_WAYS))


@blueprint.route("/ticket/<token>/deelname", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def ticket_attends(token: str) -> Answer:
    """On the spot or online, for an event where one can choose."""
    registration = _coming(token)
    if registration is None or not attending.may_change(registration, now=now()):
        return redirect(url_for("member.ticket", token=token))
    form = AttendsForm(data={"attends": registration.attends.value})
    if form.validate_on_submit():
        try:
            attending.change(registration.id, EventForm(form.attends.data), by=holder_of(registration), now=now())
        except EventFull:
            form.attends.errors = [_full(EventForm(form.attends.data))]
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("member.ticket", token=token, bewaard="deelname"), 303)
    page = _page("member/attends.html", ticket_or_unknown(token).registration, token, form=form)
    return page, 422 if form.errors else 200


def _full(attends: EventForm) -> str:
    where = "op de locatie" if attends == EventForm.FYSIEK else "online"
    return f"Alle plaatsen {where} zijn bezet. Uw aanmelding blijft zoals zij was."


@blueprint.route("/ticket/<token>/datum", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def ticket_date(token: str) -> Answer:
    """After the event went to another day: "kunt u ook dan?", with a yes, and a no that withdraws for free."""
    registration = _coming(token)
    if registration is None or not registration.event.moved_since(registration.created_at):
        return redirect(url_for("member.ticket", token=token))
    form = DutchForm()
    if form.validate_on_submit():
        date_confirming.confirm_date(registration.id, by=holder_of(registration), now=now())
        return redirect(url_for("member.ticket", token=token, bewaard="datum"), 303)
    may_give_back_too = may_give_back(registration, now=now())
    return _page("member/new_date.html", registration, token, form=form, may_give_back=may_give_back_too)


def _coming(token: str) -> Registration | None:
    """Who comes with this ticket; None when it is no longer good, which its own page explains."""
    ticket = ticket_or_unknown(token)
    return ticket.registration if ticket.state == TicketState.VALID else None


def _page(template: str, registration: Registration, token: str, **more: object) -> str:
    event = registration.event
    return render_template(
        template,
        registration=registration,
        event=event,
        row=presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug)),
        place=presenting.place_lines(event),
        token=token,
        **more,
    )
