"""One breakout in the back office: what it is, who presents it, and that it does not take place after all."""

from flask import flash, render_template

from eventapp import formatting
from eventapp.domain.errors import DomainError, NotFound
from eventapp.models import Breakout, Event
from eventapp.queries import breakouts as programme_queries
from eventapp.services import programming, speaking
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.programme import BreakoutForm, SpeakerForm, fill_from_breakout
from eventapp.web.organiser.programme import is_over
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_PATH = "/evenementen/<slug>/programma/deelsessies"


@blueprint.route(f"{_PATH}/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_breakout(slug: str) -> Answer:
    """A breakout more; a round comes first."""
    event = event_or_404(slug)
    if not programme_queries.rounds_of(event.id):
        flash("Maak eerst een ronde; daarin komt de deelsessie.", "info")
        return back_to("new_round", slug=slug)
    form = _form(event, None, {})
    if form.validate_on_submit():
        try:
            programming.add_breakout(event.id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De deelsessie staat erbij.", "good")
            return back_to("programme", slug=slug)
    return _page(event_or_404(slug), form, None)


@blueprint.route(f"{_PATH}/<code>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def breakout(slug: str, code: str) -> Answer:
    """Say it differently; in other rounds, whoever chose it is told and chooses again."""
    event = event_or_404(slug)
    found = _breakout_or_404(event, code)
    breakout_id = found.id
    form = _form(event, found, fill_from_breakout(found, _others(event, found)))
    if form.validate_on_submit():
        try:
            told = programming.change_breakout(breakout_id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De deelsessie is bewaard." + _told(told), "good")
            return back_to("programme", slug=slug)
    return _page(event_or_404(slug), form, code)


@blueprint.route(f"{_PATH}/<code>/annulering", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def breakout_cancellation(slug: str, code: str) -> Answer:
    """Say in numbers what it does that a breakout does not take place, then do it."""
    event = event_or_404(slug)
    found = _breakout_or_404(event, code)
    form = DutchForm()
    if form.validate_on_submit():
        told = programming.cancel_breakout(found.id, by=actor(), now=now())
        flash("De deelsessie gaat niet door." + _told(told), "good")
        return back_to("programme", slug=slug)
    people = programme_queries.concerned_by(found.id)
    return render_template("organiser/breakout_cancel.html", event=event, breakout=found, form=form, people=people)


@blueprint.post(f"{_PATH}/<code>/verwijdering")
@audience(Audience.STAFF, *EDITORS)
def breakout_removal(slug: str, code: str) -> Answer:
    """Take a breakout away that nobody ever chose."""
    programming.remove_breakout(_breakout_or_404(event_or_404(slug), code).id, by=actor(), now=now())
    flash("De deelsessie is verwijderd.", "good")
    return back_to("programme", slug=slug)


@blueprint.post(f"{_PATH}/<code>/sprekers")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def speakers(slug: str, code: str) -> Answer:
    """Somebody who presents it, with a ticket that says where and when."""
    event = event_or_404(slug)
    found = _breakout_or_404(event, code)
    breakout_id = found.id
    form = SpeakerForm()
    if form.validate_on_submit():
        try:
            speaking.add_speaker(breakout_id, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{form.address.data} spreekt hier. De mail met zaal en tijd is onderweg.", "good")
            return back_to("breakout", slug=slug, code=code)
    event = event_or_404(slug)
    found = _breakout_or_404(event, code)
    shown = _form(event, found, fill_from_breakout(found, _others(event, found)), empty=True)
    return _page(event, shown, code, speaker_form=form)


@blueprint.post(f"{_PATH}/<code>/sprekers/<int:registration_id>/einde")
@audience(Audience.STAFF, *EDITORS)
def speaker_end(slug: str, code: str, registration_id: int) -> Answer:
    """They present it no more; the registration stays."""
    found = _breakout_or_404(event_or_404(slug), code)
    speaking.remove_speaker(found.id, registration_id, by=actor(), now=now())
    flash("Deze persoon spreekt hier niet meer. De aanmelding zelf blijft staan.", "good")
    return back_to("breakout", slug=slug, code=code)


def _told(told: int) -> str:
    return f" {formatting.count_nl(told, 'mens krijgt', 'mensen krijgen')} daarover bericht." if told else ""


def _breakout_or_404(event: Event, code: str) -> Breakout:
    found = programme_queries.breakout_by_slug(event.id, code)
    if found is None:
        raise NotFound()
    return found


def _others(event: Event, found: Breakout | None) -> list[Breakout]:
    everything = programme_queries.breakouts_of(event.id)
    return [one for one in everything if not one.cancelled_at and (found is None or one.id != found.id)]


def _form(event: Event, found: Breakout | None, data: dict, *, empty: bool = False) -> BreakoutForm:
    """The form for this event; `empty` leaves what another form on the page sent out of it."""
    rounds = programme_queries.rounds_of(event.id)
    words = [(one.id, f"{one.title}, {formatting.time_range(one.starts_at, one.ends_at)}") for one in rounds]
    titles = {one.id: one.title for one in rounds}
    others = [(one.id, _named(one, titles)) for one in _others(event, found)]
    sent = {"formdata": None} if empty else {}
    return BreakoutForm(words, others, data=data, **sent)


def _named(found: Breakout, rounds: dict[int, str]) -> str:
    return f"{found.title} ({', '.join(title for one, title in rounds.items() if one in found.facts().rounds)})"


def _page(
    event: Event, form: BreakoutForm, code: str | None, *, speaker_form: SpeakerForm | None = None
) -> tuple[str, int]:
    found = _breakout_or_404(event, code) if code else None
    page = render_template(
        "organiser/breakout_form.html",
        event=event,
        form=form,
        breakout=found,
        presenters=programme_queries.presenters_of(event.id).get(found.id, []) if found else [],
        speaker_form=speaker_form or SpeakerForm(formdata=None),
        concerned=programme_queries.concerned_by(found.id) if found else 0,
        touched=found is not None and programme_queries.touched(found.id),
        over=is_over(event),
    )
    return page, 422 if form.errors or (speaker_form and speaker_form.errors) else 200
