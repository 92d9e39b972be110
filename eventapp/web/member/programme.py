"""One's own programme: choosing breakouts, changing one's mind, and standing in line for a fuller one."""

from typing import NamedTuple

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.errors import AlreadyInLine, BreakoutFull, ChoiceRefused, DomainError, UnknownLink
from eventapp.domain.events import EventState
from eventapp.domain.times import local_date
from eventapp.models import Registration, WaitingEntry
from eventapp.queries import orders as order_queries
from eventapp.queries.choices import programme_of
from eventapp.queries.rounds import choices_of, open_rounds, rounds_of
from eventapp.queries.waiting import waits_of
from eventapp.services import choosing, queueing
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.member import blueprint
from eventapp.web.own_numbers import own_number
from eventapp.web.programme import ChoosingForm, data_of, with_rounds


class ProgrammeForm(ChoosingForm):
    """The rounds in which this person can choose."""


class Wait(NamedTuple):
    """A breakout that one stands in line for; `position` is 0 when it is on offer."""

    entry: WaitingEntry
    title: str
    position: int


@blueprint.route("/ticket/<token>/programma", methods=["GET", "POST"])
@checks_own_csrf
@audience(Audience.LINK)
def programme(token: str) -> Response | str | tuple[str, int]:
    """Every round with what there is in it; one button keeps the choice for all of them together."""
    registration = _registration(token)
    form = _form(registration)
    if not form.is_submitted() or not may_choose(registration):
        return _page(token, registration, form)
    if not (form.validate() & form.check_choices()):
        return _page(token, registration, form), 422
    try:
        choosing.choose(registration.id, form.chosen(), by=_person(registration), now=now())
    except (BreakoutFull, ChoiceRefused) as refusal:
        registration = _registration(token)
        form = _form(registration)
        form.refuse_choice(refusal)
        return _page(token, registration, form), 409
    return redirect(url_for("member.programme", token=token, bewaard=1), code=303)


@blueprint.post("/ticket/<token>/programma/wachtlijst")
@audience(Audience.LINK)
def programme_line(token: str) -> Response | tuple[str, int]:
    """Stand in line for a full breakout besides what one does in that round now."""
    registration = _registration(token)
    wanted = own_number(request.form.get("deelsessie")) or 0
    try:
        queueing.wait_for_breakout(registration.id, wanted, by=_person(registration), now=now())
    except (AlreadyInLine, ChoiceRefused) as refusal:
        registration = _registration(token)
        return _page(token, registration, _form(registration, posted=False), refusal), 409
    return redirect(url_for("member.programme", token=token, _anchor="wachtlijsten"), code=303)


def may_choose(registration: Registration) -> bool:
    """Whether the event has not begun, and there is anything to choose for this person."""
    event = registration.event
    coming = event.state == EventState.PUBLISHED and event.starts_at > now()
    return coming and bool(open_rounds(event.id, now=now()))


def _registration(token: str) -> Registration:
    ticket = order_queries.ticket_by_token(token)
    if ticket is None or ticket.state != TicketState.VALID:
        raise UnknownLink()
    return ticket.registration


def _person(registration: Registration) -> Actor:
    return Actor("person", registration.address, registration.person_id)


def _form(registration: Registration, *, posted: bool = True) -> ProgrammeForm:
    """With what stands already; a round in which one presents is not asked."""
    standing = choices_of(registration.id)
    asked = [
        one
        for one in open_rounds(registration.event_id, now=now())
        if one.id not in standing or not standing[one.id].speaks
    ]
    made = with_rounds(ProgrammeForm, asked)
    form: ProgrammeForm = made(data=data_of(standing)) if posted else made(formdata=None, data=data_of(standing))
    form.standing = {round_id: row.breakout_id for round_id, row in standing.items()}
    return form


def _page(token: str, registration: Registration, form: ProgrammeForm, refusal: DomainError | None = None) -> str:
    event = registration.event
    waits = [entry for entry in waits_of(registration.id) if entry.breakout is not None]
    if refusal:
        form.refuse(refusal)
    return render_template(
        "member/programme.html",
        form=form,
        token=token,
        registration=registration,
        event=event,
        row=presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug)),
        may_choose=may_choose(registration),
        speaks=[part for part in programme_of(registration.id) if part.speaks],
        parts=programme_of(registration.id),
        later=[one for one in rounds_of(event.id) if not one.facts.open(now())],
        waits=[_wait(entry) for entry in waits],
        awaited={entry.breakout_id for entry in waits},
        may_wait=local_date(now()) < local_date(event.starts_at),
        saved="bewaard" in request.args and not form.is_submitted(),
    )


def _wait(entry: WaitingEntry) -> Wait:
    assert entry.breakout is not None
    return Wait(entry, entry.breakout.title, 0 if entry.until else queueing.position(entry))
