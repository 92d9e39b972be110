"""Changes to a published event that wait: shown, carried through with one mail to everybody concerned, or dropped."""

from typing import Any

from flask import abort, flash, render_template, request

from eventapp import formatting, wording
from eventapp.domain.checklist import missing_in
from eventapp.domain.errors import DomainError
from eventapp.domain.event_details import is_told, is_told_if_asked, to_another_day
from eventapp.models import Event
from eventapp.services import editing, organising
from eventapp.services.editing import Pending
from eventapp.services.organising import ChangePreview
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.event_words import Difference, differences, said, topic_label
from eventapp.web.organiser.forms.event_changes import CarryThroughForm
from eventapp.web.organiser.forms.event_sections import SECTION_OF
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_EVENT, _PENDING = "nu", "straks"
# Another postcode alone is a correction.
_PLACE = frozenset({"venue", "street", "city"})


@blueprint.route("/evenementen/<slug>/wijzigingen", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def event_changes(slug: str) -> Answer:
    """What waits and who will be told what; its button carries it through."""
    event = event_or_404(slug)
    event_id, pending, form = event.id, editing.pending_of(event), CarryThroughForm()
    if pending is None:
        return back_to("event", slug=slug)
    if form.validate_on_submit():
        words = bool(form.with_words.data)
        preview = organising.preview_change(event_id, pending.after, now=now(), with_words=words)
        try:
            slug = editing.carry_through(event_id, seen=form.seen.data, with_words=words, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
            event = event_or_404(slug)
            pending = editing.pending_of(event)
        else:
            flash(_done_words(preview), "good")
            return back_to("event", slug=slug)
    if pending is None:
        abort(409)
    return _page(event, pending, form), 422 if form.errors else 200


@blueprint.post("/evenementen/<slug>/wijzigingen/keuze")
@audience(Audience.STAFF, *EDITORS)
def event_changes_choice(slug: str) -> Answer:
    """Where the event itself was changed meanwhile: which of both it will be."""
    event = event_or_404(slug)
    pending = editing.pending_of(event)
    asked = [topic[0] for topic in pending.conflicts] if pending else []
    chosen = {name: request.form.get(f"keuze-{name}") for name in asked}
    if set(chosen.values()) <= {_EVENT, _PENDING}:
        stays = [name for name, choice in chosen.items() if choice == _EVENT]
        editing.choose(event.id, stays, seen=request.form.get("seen", ""), by=actor(), now=now())
    else:
        flash("Kies bij elk onderdeel wat het wordt.", "bad")
    return back_to("event_changes", slug=slug)


@blueprint.post("/evenementen/<slug>/wijzigingen/verwijdering")
@audience(Audience.STAFF, *EDITORS)
def event_changes_removal(slug: str) -> Answer:
    """Throw away what waits."""
    editing.discard(event_or_404(slug).id, by=actor(), now=now())
    flash("De wijzigingen zijn weggegooid. De bijeenkomst is gebleven zoals zij was.", "good")
    return back_to("event", slug=slug)


def waiting(event: Event) -> dict[str, Any] | None:
    """What the pages of an event show of the changes that wait for it."""
    pending = editing.pending_of(event)
    if pending is None:
        return None
    rows = differences(pending.before, pending.after, pending.changed)
    return {"rows": rows, "by": pending.by, "at": pending.at, "conflicts": pending.conflicts}


def _done_words(preview: ChangePreview) -> str:
    if not preview.mails:
        return "De wijzigingen zijn doorgevoerd."
    people = formatting.count_nl(preview.mails, "mens krijgt", "mensen krijgen")
    return f"De wijzigingen zijn doorgevoerd. {people} bericht."


def _page(event: Event, pending: Pending, form: CarryThroughForm) -> str:
    before, after = pending.before, pending.after
    quiet = organising.preview_change(event.id, after, now=now())
    loud = organising.preview_change(event.id, after, now=now(), with_words=True)
    form.seen.data = pending.seen
    return render_template(
        "organiser/event_changes.html",
        event=event,
        form=form,
        pending=pending,
        told=_rows(pending, is_told),
        if_asked=_rows(pending, is_told_if_asked),
        silent=_rows(pending, lambda name: not is_told(name) and not is_told_if_asked(name) and name != "prices"),
        quiet=quiet,
        route_stays=bool(after.route) and bool(_PLACE.intersection(quiet.changed)) and "route" not in quiet.changed,
        loud=loud,
        groups=[(group, [wording.TOLD[told] for told in group.told]) for group in quiet.groups],
        price_changes=presenting.price_changes(before.prices, after.prices),
        overfull=max(0, quiet.taken - after.capacity) if after.capacity else 0,
        to_another_day=to_another_day(before, after),
        missing=[(wording.CHECK_MISSING[name], SECTION_OF[name]) for name in missing_in(after)],
        clashes=[
            (topic[0], topic_label(topic), [(n, said(n, before)) for n in topic], [(n, said(n, after)) for n in topic])
            for topic in pending.conflicts
        ],
    )


def _rows(pending: Pending, wanted: Any) -> list[Difference]:
    return differences(pending.before, pending.after, [name for name in pending.changed if wanted(name)])
