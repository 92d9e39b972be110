"""Messages to many: to members, to the people of an event or of a circle; written, tried, sent or planned, followed."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request

from eventapp import wording
from eventapp.domain.errors import DomainError, NotAllowed, NotFound
from eventapp.domain.events import EventState, RegistrationMode, Visibility
from eventapp.domain.mailings import OPEN, Stream, placeholders
from eventapp.domain.registrations import State
from eventapp.models import Event, Mailing
from eventapp.queries import mailings as known
from eventapp.queries import office
from eventapp.queries.audiences import Whom, of_picked
from eventapp.queries.breakouts import breakouts_of
from eventapp.queries.circles import circle_by_id
from eventapp.queries.events import event_by_id
from eventapp.services import mailing as mailing_service
from eventapp.services.mailing import Message
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.bulk import asked_event, asked_for, nobody_ticked
from eventapp.web.organiser.circles import RUNNERS, may_run, run_or_refuse
from eventapp.web.organiser.forms.mailing import MailingForm, mailing_data
from eventapp.web.organiser.forms.registration_lists import BulkForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_GREETING = "Beste {voornaam},\n\n"


@blueprint.get("/berichten/rondsturen")
@audience(Audience.STAFF, *EDITORS)
def mailings() -> str:
    """All of them with how far they are."""
    rows = known.mailings()
    return render_template(
        "organiser/mailings.html", rows=rows, results=known.results([row.id for row in rows]), limit=known.SHOWN
    )


@blueprint.route("/berichten/rondsturen/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_announcement() -> Answer:
    """Tell members what there is; `bijeenkomst` is about which event."""
    about = next((one for one in _announced() if one.slug == request.args.get("bijeenkomst")), None)
    whom = Whom(Stream.ANNOUNCEMENT, event_id=about.id if about else None)
    text = _GREETING + (f"{about.summary}\n" if about and about.summary else "")
    return _writing(Message(whom, about.title if about else "", text))


@blueprint.route("/evenementen/<slug>/bericht", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_event_message(slug: str) -> Answer:
    """Write to who is registered; the list of registrations brings along what it was narrowed to."""
    event = event_or_404(slug)
    form_data: dict[str, Any] = {"states": [request.args.get("staat") or State.CONFIRMED.value]}
    if request.args.get("keuze") == "geen":
        form_data["undecided"] = True
    whom = Whom(Stream.EVENT, event_id=event.id)
    return _writing(Message(whom, event.title, _GREETING), data=form_data)


@blueprint.route("/aanmeldingen/samen/bericht", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_picked_message() -> Answer:
    """Write to those who were ticked in a list of registrations, or to all that its filters show."""
    form = BulkForm()
    whom = of_picked(form.registration_ids if form.is_submitted() else asked_for())
    if not whom.choice.picked:
        return nobody_ticked("Bericht sturen", asked_event())
    event = event_by_id(whom.event_id) if whom.event_id else None
    return _writing(Message(whom, event.title if event else "", _GREETING))


@blueprint.route("/kringen/<slug>/bericht", methods=["GET", "POST"])
@audience(Audience.STAFF, *RUNNERS)
@checks_own_csrf
def new_circle_message(slug: str) -> Answer:
    """Write to who is in a circle."""
    circle = run_or_refuse(slug)
    return _writing(Message(Whom(Stream.CIRCLE, circle_id=circle.id), circle.name, _GREETING))


@blueprint.route("/berichten/rondsturen/<int:mailing_id>/bewerken", methods=["GET", "POST"])
@audience(Audience.STAFF, *RUNNERS)
@checks_own_csrf
def mailing_editing(mailing_id: int) -> Answer:
    """Say it differently, or to others, until it begins to leave."""
    found = mailing_or_404(mailing_id)
    if found.state not in OPEN:
        return back_to("mailing", mailing_id=mailing_id)
    return _writing(Message(Whom.of(found), found.subject, found.text), of=found)


def mailing_or_404(mailing_id: int) -> Mailing:
    """A message that this member of staff may see. Refuses with NotFound, or NotAllowed for another's circle."""
    found = known.mailing_by_id(mailing_id)
    if found is None:
        raise NotFound()
    who = actor()
    own = found.circle_id is not None and may_run(found.circle_id, who)
    if not who.has(*EDITORS) and not own:
        raise NotAllowed()
    return found


def _writing(message: Message, *, of: Mailing | None = None, data: Mapping[str, Any] | None = None) -> Answer:
    """The form, and after it the page of the message; `of` is the one that is changed."""
    whom, mailing_id = message.whom, of.id if of else None
    shown = mailing_data(message) | {"version": of.version if of else None} | dict(data or {})
    picked = bool(whom.choice.picked)
    form = MailingForm(stream=whom.stream, allowed=_allowed(whom), picked=picked, data=shown)
    _offer(form, whom)
    if form.validate_on_submit():
        given = form.message(whom)
        try:
            if mailing_id is None:
                mailing_id = mailing_service.keep(given, by=actor(), now=now())
            else:
                seen = form.version.data or 0
                mailing_service.change(mailing_id, given, seen=seen, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Bewaard. Kijk hieronder wie het krijgt en hoe het eruitziet.", "good")
            return back_to("mailing", mailing_id=mailing_id)
    page = render_template(
        "organiser/mailing_form.html",
        form=form,
        stream=whom.stream,
        event=event_by_id(whom.event_id) if whom.event_id else None,
        circle=circle_by_id(whom.circle_id) if whom.circle_id else None,
        mailing_id=mailing_id,
        picked=sorted(whom.choice.picked),
        placeholders=[(name, wording.PLACEHOLDER_WORDS[name]) for name in _allowed(whom)],
    )
    return page, 422 if form.errors or form.form_errors else 200


def _offer(form: MailingForm, whom: Whom) -> None:
    if whom.stream == Stream.ANNOUNCEMENT:
        form.offer_events(_announced())
    if whom.stream == Stream.EVENT and not whom.choice.picked:
        event = event_by_id(whom.event_id or 0)
        assert event is not None
        form.fit_event(event, breakouts_of(event.id))


def _allowed(whom: Whom) -> tuple[str, ...]:
    """In an announcement also what an event fills in: whether there is one is chosen in the same form."""
    return placeholders(whom.stream, about_event=True)


def _announced() -> list[Event]:
    """What there is to tell members about."""
    coming = office.coming_events(now=now())
    told = (one for one in coming if one.state == EventState.PUBLISHED and one.visibility != Visibility.BESLOTEN)
    return [one for one in told if one.registration != RegistrationMode.GEEN or one.summary]
