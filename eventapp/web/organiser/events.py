"""Events in the back office: the list, one event's overview, and its publishing, cancelling and deleting."""

from flask import abort, flash, render_template, url_for

from eventapp import formatting, wording
from eventapp.domain.care import Block
from eventapp.domain.checklist import ABOUT, checklist
from eventapp.domain.errors import NotPublishable
from eventapp.domain.events import EventState
from eventapp.domain.registrations import State
from eventapp.models import Event
from eventapp.queries import logbook, office, questions
from eventapp.queries.changing import moved_answers
from eventapp.queries.proposals import waiting_proposals
from eventapp.services import calling_off, organising, withdrawal
from eventapp.services.withdrawal import EventCancellation
from eventapp.web import presenting
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.event_changes import waiting
from eventapp.web.organiser.forms.event_sections import SECTION_OF
from eventapp.web.organiser.forms.small import CancelEventForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404
from eventapp.web.terms import terms_text


@blueprint.get("/evenementen")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
def events() -> Answer:
    """Coming events, drafts and what is over, one under the other; of who has a role for some, those."""
    own = actor().own(*READERS)
    return render_template(
        "organiser/events.html",
        coming=office.coming_events(now=now(), own=own),
        drafts=office.draft_events(own),
        past=office.past_events(now=now(), own=own),
        waiting=office.waiting_events(),
        proposals=waiting_proposals(),
    )


@blueprint.get("/evenementen/<slug>")
@audience(Audience.STAFF, *READERS)
def event(slug: str) -> Answer:
    """State, places, counts per state, and the way to everything about one event."""
    return _overview(slug)


def _overview(slug: str, missing: list[str] | None = None) -> str:
    found = event_or_404(slug)
    counts = office.counts_by_state(found.id)
    return render_template(
        "organiser/event.html",
        event=found,
        counts=[(state, counts[state]) for state in State if state in counts],
        registered=sum(counts.values()),
        prices=presenting.in_order(found.price_lines),
        terms=terms_text(found),
        date_answers=moved_answers(found),
        free_places=presenting.free_places_text(found),
        log=logbook.of("event", found.id),
        missing=[wording.EVENT_FIELDS.get(name, name) for name in missing or []],
        over=found.ends_at <= now(),
        waiting=waiting(found),
        checklist=_checklist(found) if found.state == EventState.DRAFT else [],
        public_url=url_for("public.event", slug=slug),
    )


def _checklist(found: Event) -> list[tuple[str, str, str, str]]:
    """Tone, word, sentence and the page to look at, of all that is missing or advised."""
    asks_diets = Block.DIET in questions.blocks_of(found.id)
    checked = checklist(organising.details_of(found), asks_diets=asks_diets, now=now())
    missing = [("bad", "Nodig", wording.CHECK_MISSING[name], _section(found, name)) for name in checked.missing]
    advised = [("wait", "Advies", wording.CHECK_ADVICE[one], _section(found, ABOUT.get(one))) for one in checked.advice]
    return [*missing, *advised] or [("good", "Klaar", "Alles is ingevuld.", "")]


def _section(found: Event, detail: str | None) -> str:
    """Where this detail is filled in; what is no detail is a question."""
    if detail is None:
        return url_for("organiser.questions", slug=found.slug)
    return url_for("organiser.edit_event", slug=found.slug, _anchor=SECTION_OF[detail])


@blueprint.post("/evenementen/<slug>/publicatie")
@audience(Audience.STAFF, *EDITORS)
def publication(slug: str) -> Answer:
    """Put a draft in the agenda, or say which fields it still needs."""
    found = event_or_404(slug)
    try:
        organising.publish_event(found.id, by=actor(), now=now())
    except NotPublishable as refusal:
        return _overview(slug, refusal.facts["missing"]), 422
    flash("De bijeenkomst staat in de agenda.", "good")
    return back_to("event", slug=slug)


@blueprint.route("/evenementen/<slug>/annulering", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def event_cancellation(slug: str) -> Answer:
    """Say in numbers what cancelling does, ask for the word, and do it."""
    found = event_or_404(slug)
    if found.state != EventState.PUBLISHED:
        abort(404)
    effect, waits = withdrawal.preview_event(found.id), waiting(found)
    form = CancelEventForm(word_needed=effect.moves_something)
    if form.validate_on_submit():
        done = calling_off.cancel_event(found.id, reason=form.reason.data or "", by=actor(), now=now())
        flash(f"De bijeenkomst is geannuleerd. {cancel_sentence(done)}", "good")
        return back_to("event", slug=slug)
    page = render_template(
        "organiser/event_cancel.html",
        event=found,
        form=form,
        effect=effect,
        sentence=cancel_sentence(effect),
        waiting=waits,
    )
    return page, 422 if form.is_submitted() else 200


def cancel_sentence(effect: EventCancellation) -> str:
    """For example "32 mensen krijgen bericht, € 1.140 wordt terugbetaald en € 290 gaat per bank terug."."""
    if not effect.moves_something:
        return "Er is niemand aangemeld: niemand krijgt bericht."
    told = formatting.count_nl(effect.people, "mens krijgt", "mensen krijgen") + " bericht"
    parts = [told]
    if effect.refund_cents:
        parts.append(f"{formatting.money_short(effect.refund_cents)} wordt terugbetaald")
    if effect.by_bank_cents:
        parts.append(f"{formatting.money_short(effect.by_bank_cents)} gaat per bank terug")
    if effect.unpaid_invoices:
        credited = formatting.count_nl(effect.unpaid_invoices, "onbetaalde factuur wordt", "onbetaalde facturen worden")
        parts.append(f"{credited} gecrediteerd")
    return f"{', '.join(parts)}."


@blueprint.route("/evenementen/<slug>/verwijdering", methods=["POST"])
@audience(Audience.STAFF, *EDITORS)
def event_removal(slug: str) -> Answer:
    """Throw away a draft that nobody touched."""
    found = event_or_404(slug)
    title = found.title
    organising.delete_draft(found.id, by=actor(), now=now())
    flash(f"Het concept “{title}” is verwijderd.", "good")
    return back_to("events")
