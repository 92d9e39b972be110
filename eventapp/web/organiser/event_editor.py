"""Changing an event on one page, a section at a time; what somebody else wrote meanwhile is never overwritten."""

import json
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eventapp.domain.details_merge import topics, with_topics
from eventapp.domain.errors import AlreadyCancelled, DomainError
from eventapp.domain.event_details import EventDetails
from eventapp.domain.events import EventState
from eventapp.domain.plain_details import to_plain, values_from_plain
from eventapp.models import Event
from eventapp.services import editing
from eventapp.services.editing import Saved
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.event_page import event_page
from eventapp.web.forms import checks_own_csrf
from eventapp.web.headers import allow_framing
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.event_changes import waiting
from eventapp.web.organiser.event_form import show_refusal
from eventapp.web.organiser.event_words import said, topic_label
from eventapp.web.organiser.forms.event import fill_from
from eventapp.web.organiser.forms.event_sections import SECTIONS, SectionForm
from eventapp.web.organiser.shared import Answer, actor, event_or_404

_MINE, _THEIRS = "mijn", "hun"


@blueprint.get("/evenementen/<slug>/bewerken")
@audience(Audience.STAFF, *EDITORS)
def edit_event(slug: str) -> Answer:
    """All sections with what is kept, and what waits to be carried through."""
    return _editor(_editable(slug))


@blueprint.post("/evenementen/<slug>/bewerken/<section>")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def event_section(slug: str, section: str) -> Answer:
    """Save one section: a draft at once, of a published event for later. A conflict asks which of both it will be."""
    event, form = _editable(slug), _filled(section)
    if not form.validate_on_submit():
        return _editor(event, section, form), 422
    was = _was()
    wanted, unsaid = _chosen(was, form.values())
    if unsaid:
        return _conflict(event, section, was, _asked_again(event, was, wanted), unsaid=unsaid), 422
    try:
        saved = editing.save_section(event.id, was, wanted, by=actor(), now=now())
    except AlreadyCancelled:
        raise
    except DomainError as refusal:
        show_refusal(form, refusal)
        return _editor(_editable(slug), section, form), 422
    if saved.conflicts:
        return _conflict(_editable(slug), section, was, saved), 409
    flash(_done_words(saved, was), "good")
    address = url_for("organiser.edit_event", slug=saved.slug, bewaard=section, _anchor=section)
    return redirect(address, 303)


@blueprint.route("/evenementen/<slug>/voorbeeld", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def event_example(slug: str) -> Response:
    """The public page with what waits, and with what was typed so far in the sections that came along. Stores nothing.

    A section in which something is not right yet stands as it is kept.
    """
    event = event_or_404(slug)
    details, wrong = editing.working_details(event), False
    for section in _typed_sections() if request.method == "POST" else ():
        form = _filled(section)
        if form.validate():
            details = editing.with_values(details, form.values())
        else:
            wrong = True
    page = event_page(editing.as_it_would_read(event, details), "organiser/event_example.html", wrong=wrong)
    return allow_framing(make_response(page), "'self'")


def _editable(slug: str) -> Event:
    event = event_or_404(slug)
    if event.state == EventState.CANCELLED:
        abort(404)
    return event


def _typed_sections() -> list[str]:
    """Whose fields were sent: of one by its button, of all with something typed where our script runs."""
    return list(dict.fromkeys(request.values.getlist("onderdeel"))) or abort(404)


def _filled(section: str) -> SectionForm:
    """The form of this section with what was sent."""
    if section not in SECTIONS:
        abort(404)
    return SECTIONS[section]()


def _was() -> dict[str, Any]:
    """What the form began with, as the page that was sent says."""
    try:
        return values_from_plain(json.loads(request.form.get("was", "")))
    except (ValueError, TypeError, KeyError, AttributeError):
        abort(400)


def _chosen(was: dict[str, Any], wanted: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What was filled in, with what was chosen where it clashed; and the topics of which nothing was chosen yet."""
    unsaid = []
    for topic in topics():
        if topic[0] not in request.form.getlist("kies"):
            continue
        choice = request.form.get(f"keuze-{topic[0]}")
        if choice == _THEIRS:
            wanted |= {name: was[name] for name in topic if name in was}
        elif choice != _MINE:
            unsaid.append(topic[0])
    return wanted, unsaid


def _asked_again(event: Event, was: dict[str, Any], wanted: dict[str, Any]) -> Saved:
    """The same question, as nothing was chosen."""
    theirs = editing.with_values(editing.working_details(event), was)
    asked = tuple(topic for topic in topics() if topic[0] in request.form.getlist("kies"))
    return Saved(event.slug, theirs, editing.with_values(theirs, wanted), asked, event.state == EventState.PUBLISHED)


def _done_words(saved: Saved, was: dict[str, Any]) -> str:
    if not saved.changed:
        return "Er was niets gewijzigd."
    done = "Bewaard. Het staat klaar om door te voeren." if saved.waits else "Bewaard."
    together = any(getattr(saved.theirs, name) != value for name, value in was.items())
    return done + (" Iemand anders wijzigde hier intussen ook iets; dat is gebleven." if together else "")


def _editor(event: Event, section: str = "", typed: SectionForm | None = None) -> str:
    """The page with every section, of which one may be as it was sent."""
    details = editing.working_details(event)
    data = fill_from(details)
    forms = {key: form(formdata=None, data=data) for key, form in SECTIONS.items()}
    began = {key: _kept(details, key) for key in SECTIONS}
    if typed is not None:
        forms[section], began[section] = typed, request.form.get("was", "")
    return render_template(
        "organiser/event_editor.html",
        event=event,
        forms=forms,
        began=began,
        saved=request.args.get("bewaard", ""),
        waiting=waiting(event),
    )


def _kept(details: EventDetails, section: str) -> str:
    return json.dumps(to_plain(details, SECTIONS[section].names))


def _conflict(event: Event, section: str, was: dict[str, Any], saved: Saved, *, unsaid: Sequence[str] = ()) -> str:
    """Both versions beside each other; what was typed goes along, with what it began with or is shown here."""
    left_out = ("csrf_token", "was", "kies")
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in left_out and not name.startswith("keuze-")
    ]
    pending = editing.pending_of(event)
    return render_template(
        "organiser/event_conflict.html",
        event=event,
        section=section,
        typed=typed,
        was=_kept(with_topics(editing.with_values(saved.theirs, was), saved.theirs, saved.conflicts), section),
        clashes=[
            (topic[0], topic_label(topic), _side(saved.theirs, topic), _side(saved.mine, topic))
            for topic in saved.conflicts
        ],
        by=pending.by if pending and pending.by != actor().name else "",
        unsaid=unsaid,
    )


def _side(details: EventDetails, topic: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, said(name, details)) for name in topic]
