"""One's own answers, for who registered and for who was registered by somebody else.

A ticket's link may be in more hands than one: whoever booked has it too. What was said about needs and photos is
therefore shown only to a browser that proved the address of the registration itself; others can say it anew.
"""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain import care as care_rules
from eventapp.domain import questions
from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.care import CARE_BLOCKS, Block
from eventapp.domain.errors import DomainError, UnknownLink
from eventapp.domain.events import EventState
from eventapp.domain.retention import CARE_DAYS, erased_on
from eventapp.models import CareAnswer, PhotoChoice, Registration
from eventapp.queries import orders as order_queries
from eventapp.queries import questions as question_queries
from eventapp.services import answering_questions
from eventapp.services.answering_questions import Filled
from eventapp.web import presenting
from eventapp.web.access import Audience, audience, current_address
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.member import blueprint
from eventapp.web.personal import KNOWN, SHOWN, PersonalForm, care_data
from eventapp.web.questions import asking


@blueprint.route("/ticket/<token>/gegevens", methods=["GET", "POST"])
@audience(Audience.LINK)
@checks_own_csrf
def ticket_questions(token: str) -> Response | str | tuple[str, int]:
    """What the event asks of this person; saving can bring up a question that depends on an answer."""
    registration = _registration(token)
    form = _form(registration)
    if not form.is_submitted():
        return _page(token, registration, form)
    good = form.validate()
    if not (form.check_answers() & form.check_consent() & good):
        return _page(token, registration, form), 422
    filled = Filled(
        answers=form.answers(),
        care=form.care(),
        consent="consent" in form and bool(form.consent.data),
        photo=form.photo_choice(),
    )
    try:
        answering_questions.save_answers(registration.id, filled, by=_person(registration), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(token, _registration(token), form), 409
    return redirect(url_for("member.ticket_questions", token=token, bewaard=1), code=303)


@blueprint.post("/ticket/<token>/gegevens/intrekking")
@audience(Audience.LINK)
def care_withdrawal(token: str) -> Response:
    """Erase what somebody needs, and with it the consent."""
    registration = _registration(token)
    answering_questions.withdraw_care(registration.id, by=_person(registration), now=now())
    return redirect(url_for("member.ticket_questions", token=token, gewist=1), code=303)


@blueprint.post("/ticket/<token>/gegevens/foto-intrekking")
@audience(Audience.LINK)
def photo_withdrawal(token: str) -> Response:
    """No photos after all."""
    registration = _registration(token)
    answering_questions.withdraw_photo(registration.id, by=_person(registration), now=now())
    return redirect(url_for("member.ticket_questions", token=token, ingetrokken=1), code=303)


def may_answer(registration: Registration) -> bool:
    """Whether the event has not begun, and asks this person anything."""
    event = registration.event
    coming = event.state != EventState.CANCELLED and event.starts_at > now()
    return coming and question_queries.asks_something(registration)


def _registration(token: str) -> Registration:
    ticket = order_queries.ticket_by_token(token)
    if ticket is None or ticket.state != TicketState.VALID:
        raise UnknownLink()
    return ticket.registration


def _person(registration: Registration) -> Actor:
    return Actor("person", registration.address, registration.person_id)


def _form(registration: Registration) -> PersonalForm:
    care, photo = question_queries.care_of(registration.id), question_queries.photo_of(registration.id)
    form = asking(
        PersonalForm,
        question_queries.questions_of(registration.event_id),
        question_queries.who_is(registration),
        question_queries.answers_of(registration.id),
        **_before(care, photo, own=_is_own(registration)),
    )
    form.keep_only(_blocks(registration))
    return form


def _before(care: CareAnswer | None, photo: PhotoChoice | None, *, own: bool) -> dict[str, object]:
    """What the form begins with of what only the person may see."""
    if not own:
        return {"care_before": KNOWN if care else ""}
    shown = {**care_data(care.care), "care_before": SHOWN} if care else {}
    return {**shown, **({"photo": "ja" if photo.agreed else "nee"} if photo else {})}


def _is_own(registration: Registration) -> bool:
    """Whether this browser signed in with the very address of the registration."""
    return bool(registration.address) and current_address() == registration.address


def _blocks(registration: Registration) -> frozenset[Block]:
    return care_rules.blocks_for(question_queries.blocks_of(registration.event_id), registration.attends)


def _page(token: str, registration: Registration, form: PersonalForm) -> str:
    event, blocks = registration.event, _blocks(registration)
    care, photo = question_queries.care_of(registration.id), question_queries.photo_of(registration.id)
    saved = request.args.get("bewaard") is not None and not form.is_submitted()
    return render_template(
        "member/questions.html",
        form=form,
        registration=registration,
        event=event,
        row=presenting.event_row(event, now=now(), url=url_for("public.event", slug=event.slug)),
        token=token,
        may_answer=may_answer(registration),
        care=care,
        photo=photo,
        own=_is_own(registration),
        asks_care=bool(blocks & CARE_BLOCKS),
        erased_on=erased_on(event.ends_at, CARE_DAYS),
        saved=saved,
        one_more=saved and _one_more(registration),
    )


def _one_more(registration: Registration) -> bool:
    """Whether an answer brought up a question that is not answered yet."""
    left = questions.unanswered(
        question_queries.rules_of(registration.event_id),
        question_queries.who_is(registration),
        question_queries.answers_of(registration.id),
    )
    return any(rule.condition.question_id for rule in left)
