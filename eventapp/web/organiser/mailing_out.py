"""One message to many: who gets it, how it reads for each, sending or planning it, stopping it, and what came of it."""

from flask import flash, render_template, request

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError, NotFound
from eventapp.domain.jobs import OVER
from eventapp.domain.looks import PeopleList
from eventapp.domain.mailings import OPEN, Candidate, Delivery, LeftOut, MailingState
from eventapp.models import Mailing
from eventapp.queries import mailings as known
from eventapp.queries.audiences import Whom
from eventapp.queries.audiences import audience as reached
from eventapp.queries.breakouts import breakouts_of
from eventapp.services import mailing as mailing_service
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.circles import RUNNERS
from eventapp.web.organiser.forms.mailing import SendForm
from eventapp.web.organiser.mailings import mailing_or_404
from eventapp.web.organiser.shared import Answer, actor, back_to, in_frame
from eventapp.web.own_numbers import own_number

_ONE = "/berichten/rondsturen/<int:mailing_id>"
# Of who is on a list that is still to be made, so many are shown.
_SHOWN = 200


@blueprint.get(_ONE)
@audience(Audience.STAFF, *RUNNERS)
@lists_people(PeopleList.MAILS)
def mailing(mailing_id: int) -> Answer:
    """Before it leaves whom it reaches, with an example; afterwards what came of it."""
    found = mailing_or_404(mailing_id)
    if found.state in OPEN:
        return _before(found, SendForm(data={"moment": found.scheduled_at, "version": found.version}))
    return _after(found)


@blueprint.post(f"{_ONE}/verzending")
@audience(Audience.STAFF, *RUNNERS)
@lists_people(PeopleList.MAILS)
@checks_own_csrf
def mailing_sending(mailing_id: int) -> Answer:
    """Now, or at the moment that was filled in."""
    found, form = mailing_or_404(mailing_id), SendForm()
    at = form.moment.data if form.step.data == "plannen" else None
    if form.validate_on_submit():
        try:
            mailing_service.decide(mailing_id, at=at, seen=form.version.data or 0, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            planned = at is not None and at > now()
            flash(
                f"Gepland voor {formatting.moment(at)}." if at and planned else "Het bericht gaat de deur uit.", "good"
            )
            return back_to("mailing", mailing_id=mailing_id)
    if found.state not in OPEN:
        return back_to("mailing", mailing_id=mailing_id)
    return _before(mailing_or_404(mailing_id), form)


@blueprint.get(f"{_ONE}/voorbeeld")
@audience(Audience.STAFF, *RUNNERS)
def mailing_example(mailing_id: int) -> Answer:
    """The message as one person reads it, for the frame in the page. Stores nothing."""
    mailing_or_404(mailing_id)
    made = mailing_service.example(mailing_id, own_number(request.args.get("persoon")), now=now())
    if made is None:
        raise NotFound()
    return in_frame(made)


@blueprint.post(f"{_ONE}/proef")
@audience(Audience.STAFF, *RUNNERS)
def mailing_proof(mailing_id: int) -> Answer:
    """To whoever is at work, as one person would get it."""
    mailing_or_404(mailing_id)
    person_id = own_number(request.form.get("persoon"))
    address = mailing_service.send_proof(mailing_id, person_id, by=actor(), now=now())
    flash(f"Uw proef is onderweg naar {address}.", "good")
    return back_to("mailing", mailing_id=mailing_id, persoon=person_id)


@blueprint.post(f"{_ONE}/intrekking")
@audience(Audience.STAFF, *RUNNERS)
def mailing_calling_off(mailing_id: int) -> Answer:
    """What was planned is a draft again; what is on its way goes no further."""
    planned = mailing_or_404(mailing_id).state == MailingState.SCHEDULED
    mailing_service.call_off(mailing_id, by=actor(), now=now())
    flash("Het bericht is weer een concept." if planned else "Gestopt. Wat al weg is, is weg.", "good")
    return back_to("mailing", mailing_id=mailing_id)


@blueprint.post(f"{_ONE}/vervolg")
@audience(Audience.STAFF, *RUNNERS)
def mailing_going_on(mailing_id: int) -> Answer:
    """Take up again what broke off."""
    mailing_or_404(mailing_id)
    mailing_service.go_on(mailing_id, by=actor(), now=now())
    flash("Het versturen gaat verder waar het was.", "good")
    return back_to("mailing", mailing_id=mailing_id)


@blueprint.post(f"{_ONE}/verwijdering")
@audience(Audience.STAFF, *RUNNERS)
def mailing_discarding(mailing_id: int) -> Answer:
    """Throw a draft away; then back to what it was for."""
    found = mailing_or_404(mailing_id)
    circle, event = found.circle, None if actor().has_everywhere(*EDITORS) else found.event
    back = ("circle", circle.slug) if circle else ("registrations", event.slug) if event else None
    mailing_service.discard(mailing_id, by=actor(), now=now())
    flash("Het concept is weg.", "good")
    return back_to(back[0], slug=back[1]) if back else back_to("mailings")


def _before(found: Mailing, form: SendForm) -> Answer:
    everybody = reached(Whom.of(found), now=now())
    gets = [one for one, left_out in everybody if left_out is None]
    asked = own_number(request.values.get("persoon"))
    names_people(min(len(gets), _SHOWN))
    page = render_template(
        "organiser/mailing.html",
        mailing=found,
        rows=_rows(found),
        form=form,
        gets=gets[:_SHOWN],
        total=len(gets),
        skipped=_skipped(everybody),
        example=next((one for one in gets if one.person_id == asked), gets[0] if gets else None),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _after(found: Mailing) -> str:
    code = request.args.get("uitkomst", "")
    result = Delivery(code) if code in list(Delivery) else None
    job = known.job_of(found)
    page = known.fates(found, result=result, page=max(1, request.args.get("pagina", 1, type=int)))
    names_people(len(page.rows))
    return render_template(
        "organiser/mailing_sent.html",
        mailing=found,
        rows=_rows(found),
        counts=known.results([found.id])[found.id],
        result=result,
        page=page,
        running=found.state == MailingState.SENDING and job is not None and job.state not in OVER,
        job=job,
    )


def _rows(found: Mailing) -> list[tuple[str, str]]:
    """For whom it is, in words."""
    choice = found.chosen
    known_breakouts = breakouts_of(found.event_id) if choice.breakout_id and found.event_id else []
    breakout = next((one.title for one in known_breakouts if one.id == choice.breakout_id), "")
    about = [("Bijeenkomst", found.event.title)] if found.event else []
    about += [("Kring", found.circle.name)] if found.circle else []
    topic = [("Onderwerp", wording.FIELDS[found.topic])] if found.topic else []
    return [*about, *topic, *wording.chosen(choice, breakout=breakout)]


def _skipped(everybody: list[tuple[Candidate, LeftOut | None]]) -> list[tuple[str, int]]:
    reasons = [left_out for _, left_out in everybody if left_out]
    return [(wording.LEFT_OUT[reason], reasons.count(reason)) for reason in LeftOut if reason in reasons]
