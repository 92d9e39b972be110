"""Who was there: corrections on the whole list, by keyboard if one likes, and fixing it once the event is over."""

from flask import abort, flash, render_template, request

from eventapp import formatting, wording
from eventapp.domain.actors import Role
from eventapp.domain.errors import ChangedMeanwhile, DomainError, NotAllowed, NotFound
from eventapp.domain.looks import PeopleList
from eventapp.domain.presence import WAS_THERE, counted
from eventapp.models import Breakout, Event
from eventapp.queries.attendance import attendees, corrections_of, everybody
from eventapp.queries.breakouts import breakout_by_slug, breakouts_of
from eventapp.queries.evaluation import thanks, to_thank
from eventapp.services import fixing
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.circles import may_settle
from eventapp.web.organiser.forms.presence import SCANS, CorrectionsForm, FixingForm, ReopeningForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_PATH = "/evenementen/<slug>/presentie"


@blueprint.route(_PATH, methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS, Role.KRINGCOORDINATOR)
@lists_people(PeopleList.PRESENCE)
@checks_own_csrf
def presence(slug: str) -> Answer:
    """Everybody with a choice of status, of the event or with ?sessie= of one breakout; saved all at once."""
    event, form = _event(slug), CorrectionsForm()
    session = request.args.get("sessie", "")
    breakout = breakout_by_slug(event.id, session) if session else None
    if session and breakout is None:
        raise NotFound()
    if form.validate_on_submit():
        try:
            wishes = form.wishes()
        except ValueError:
            abort(400)
        try:
            stale = fixing.correct(
                event.id, wishes, session=session, reason=form.reason.data or "", by=actor(), now=now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            _say(len(wishes) - len(stale), len(stale))
            return back_to("presence", slug=slug, sessie=session or None)
    return _page(event_or_404(slug), breakout, form), 422 if form.errors else 200


def _event(slug: str) -> Event:
    """The event; who coordinates circles settles the meetings of the own ones only."""
    event = event_or_404(slug)
    if not may_settle(event, actor()):
        raise NotAllowed()
    return event


def _say(changed: int, stale: int) -> None:
    flash(f"{formatting.count_nl(changed, 'status', 'statussen')} bijgewerkt.", "good")
    if stale:
        words = formatting.count_nl(stale, "status was", "statussen waren")
        flash(f"{words} intussen al gewijzigd en bleven zoals ze zijn. Kijk die na.", "wait")


def _page(event: Event, breakout: Breakout | None, form: CorrectionsForm) -> str:
    people = everybody(event, breakout, now=now())
    names_people(len(people))
    listed = [one for one in people if one.status]
    fixed = event.presence_fixed_at is not None and breakout is None
    return render_template(
        "organiser/presence.html",
        event=event,
        breakout=breakout,
        breakouts=[(one.slug, one.title) for one in breakouts_of(event.id)],
        form=form,
        chosen=form.chosen() if form.is_submitted() else {},
        listed=listed,
        others=[one for one in people if not one.status],
        counts=wording.presence_counts(counted(one.status for one in listed)),
        differing=[one for one in people if fixed and one.status != one.now_status],
        scans=SCANS,
        keys={key: status.value for key, status in wording.PRESENCE_KEYS.items()},
        may_fix=fixing.may_fix(event, now=now()) and breakout is None,
        corrections=corrections_of(event.id),
    )


@blueprint.route(f"{_PATH}/vaststelling", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS, Role.KRINGCOORDINATOR)
@checks_own_csrf
def presence_fixing(slug: str) -> Answer:
    """Say in numbers what is fixed, then fix it; when it changed meanwhile, the new numbers are shown."""
    event = _event(slug)
    if not fixing.may_fix(event, now=now()):
        return back_to("presence", slug=slug)
    form = FixingForm()
    if form.validate_on_submit():
        try:
            counts = fixing.fix(event.id, seen=form.seen.data or "", by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
            if not isinstance(refusal, ChangedMeanwhile):
                return back_to("presence", slug=slug)
        else:
            flash(f"De presentie is vastgesteld: {wording.presence_counts(counts)}.", "good")
            return back_to("presence", slug=slug)
    event = event_or_404(slug)
    people = attendees(event, now=now())
    were_there = [one.registration_id for one in people if one.status in WAS_THERE]
    form.seen.data = fixing.seen_now(event, now=now())
    page = render_template(
        "organiser/presence_fix.html",
        event=event,
        form=form,
        counts=[(wording.PRESENCE[status], number) for status, number in counted(one.status for one in people).items()],
        there=len(were_there),
        thanked=to_thank(were_there) if thanks(event, now=now()) else 0,
    )
    return page, 409 if form.errors else 200


@blueprint.route(f"{_PATH}/heropening", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS, Role.KRINGCOORDINATOR)
@checks_own_csrf
def presence_reopening(slug: str) -> Answer:
    """Open it again, with a reason."""
    event, form = _event(slug), ReopeningForm()
    if event.presence_fixed_at is None:
        return back_to("presence", slug=slug)
    if form.validate_on_submit():
        try:
            fixing.unfix(event.id, reason=form.reason.data or "", by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("De presentie is weer open. Stel haar opnieuw vast als alles klopt.", "good")
            return back_to("presence", slug=slug)
    page = render_template("organiser/presence_reopen.html", event=event_or_404(slug), form=form)
    return page, 422 if form.errors else 200
