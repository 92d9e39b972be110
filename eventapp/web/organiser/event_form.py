"""Making and changing an event; a published one first shows who will be told what."""

from flask import abort, flash, render_template, request

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError, NotPublishable, SlugTaken
from eventapp.domain.event_details import EventDetails, is_told, to_another_day
from eventapp.domain.events import EventKind, EventState
from eventapp.models import Event
from eventapp.services import organising
from eventapp.services.organising import ChangePreview
from eventapp.web import presenting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.event import EventForm, fill_for_kind, fill_from
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

_MUST_HAVE = "Dit is nodig voor een bijeenkomst die in de agenda staat."


@blueprint.route("/evenementen/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_event() -> Answer:
    """First the kind, which fills in who may come at what price; then the form."""
    kind = request.args.get("soort", "")
    if kind not in list(EventKind):
        return render_template("organiser/event_kind.html", kinds=list(EventKind))
    form = EventForm(data=fill_for_kind(EventKind(kind)))
    if form.validate_on_submit():
        try:
            slug = organising.create_event(form.read(), by=actor(), now=now())
        except SlugTaken as refusal:
            _show(form, refusal)
        else:
            flash("Het concept is bewaard. U ziet het alleen hier; publiceren doet u als alles klopt.", "good")
            return back_to("event", slug=slug)
    return _form_page(form, None)


@blueprint.route("/evenementen/<slug>/bewerken", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def edit_event(slug: str) -> Answer:
    """A draft is saved at once; a published event after its preview was confirmed."""
    event = event_or_404(slug)
    if event.state == EventState.CANCELLED:
        abort(404)
    form = EventForm(data=fill_from(organising.details_of(event)) | {"version": event.version})
    if not form.validate_on_submit() or "terug" in request.form:
        return _form_page(form, event)
    details = form.read()
    preview = organising.preview_change(event.id, details, now=now())
    if event.state == EventState.PUBLISHED and preview.changed and "bevestigd" not in request.form:
        return _preview_page(form, event, details, preview)
    try:
        new_slug = organising.change_event(event.id, details, version=form.version.data or 0, by=actor(), now=now())
    except DomainError as refusal:
        _show(form, refusal)
        return _form_page(form, event_or_404(slug))
    flash(_done_words(preview), "good")
    return back_to("event", slug=new_slug)


def _done_words(preview: ChangePreview) -> str:
    if not preview.changed:
        return "Er was niets gewijzigd."
    if not preview.mails:
        return "De wijzigingen zijn bewaard."
    people = formatting.count_nl(preview.mails, "mens krijgt", "mensen krijgen")
    return f"De wijzigingen zijn bewaard. {people} bericht."


def _show(form: EventForm, refusal: DomainError) -> None:
    """Beside the field that it is about when there is one, else above the form."""
    if isinstance(refusal, SlugTaken):
        form.slug.errors = ["Dit webadres is al in gebruik."]
    elif isinstance(refusal, NotPublishable):
        for name in refusal.facts["missing"]:
            field = form[name] if name in form else form.price_rows[0][1]
            field.errors = [*field.errors, _MUST_HAVE]
    else:
        form.refuse(refusal)


def _form_page(form: EventForm, event: Event | None) -> tuple[str, int]:
    page = render_template("organiser/event_form.html", form=form, event=event)
    return page, 422 if form.errors else 200


def _preview_page(form: EventForm, event: Event, details: EventDetails, preview: ChangePreview) -> str:
    before = organising.details_of(event)
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return render_template(
        "organiser/event_preview.html",
        form=form,
        event=event,
        details=details,
        before=before,
        preview=preview,
        told_names=[wording.EVENT_FIELDS[name] for name in preview.changed if preview.told and is_told(name)],
        silent_names=[wording.EVENT_FIELDS[name] for name in preview.changed if not (preview.told and is_told(name))],
        price_changes=presenting.price_changes(before.prices, details.prices),
        overfull=max(0, preview.taken - details.capacity) if details.capacity else 0,
        to_another_day=to_another_day(before, details),
        typed=typed,
    )
