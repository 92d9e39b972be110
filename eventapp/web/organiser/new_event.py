"""A new event: first the kind, which fills in what such gatherings usually are, then the form."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import flash, render_template, request

from eventapp import formatting, wording
from eventapp.domain.errors import SlugTaken
from eventapp.domain.event_kinds import Template, template_of
from eventapp.domain.events import EventKind, RegistrationMode, Visibility
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.times import from_local, local_date
from eventapp.services import starting
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.event_form import show_refusal
from eventapp.web.organiser.forms.event import EventForm, fill_from
from eventapp.web.organiser.forms.new_event import KindForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.route("/evenementen/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_event() -> Answer:
    """Without a kind the choice of one; with it the form, begun by the kind and, with ?dag=, by the day."""
    asked = request.args.get("soort", "")
    if asked not in list(EventKind):
        sentences = {kind.value: kind_sentence(kind) for kind in EventKind}
        return render_template("organiser/event_kind.html", form=KindForm(), sentences=sentences)
    kind = EventKind(asked)
    form = EventForm(data=begun_by(kind, _day()))
    if form.validate_on_submit():
        try:
            slug = starting.start_event(form.read(), by=actor(), now=now())
        except SlugTaken as refusal:
            show_refusal(form, refusal)
        else:
            flash("Het concept is bewaard. U ziet het alleen hier; publiceren doet u als alles klopt.", "good")
            return back_to("event", slug=slug)
    page = render_template("organiser/event_form.html", form=form, event=None, begun=kind_sentence(kind))
    return page, 422 if form.errors else 200


def _day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("dag", ""))
    except ValueError:
        return None


def begun_by(kind: EventKind, day: date | None) -> dict[str, Any]:
    """What the form of a new event of this kind begins with; without a day there are no times yet."""
    data = fill_from(template_of(kind).details(kind, "", day or local_date(now())))
    return data if day else {**data, "starts_at": None, "ends_at": None}


def kind_sentence(kind: EventKind) -> str:
    """What choosing the kind fills in, in one sentence."""
    template = template_of(kind)
    parts = [f"{wording.FORMS[template.form]}, {_duration(template)}", _who(template)]
    if template.visibility == Visibility.BESLOTEN:
        parts.append(_lower(wording.VISIBILITIES[template.visibility]))
    if template.capacity:
        parts.append(formatting.count_nl(template.capacity, "plaats", "plaatsen"))
    if template.blocks:
        asked = [wording.BLOCKS[block].lower() for block in sorted(template.blocks, key=list(wording.BLOCKS).index)]
        parts.append(f"vraagt naar {formatting.listed(asked)}")
    if template.questions:
        parts.append(formatting.listed([f"vraagt “{one.label}”" for one in template.questions]))
    return "; ".join(parts) + "."


def _duration(template: Template) -> str:
    if template.days > 1:
        return formatting.count_nl(template.days, "dag", "dagen")
    day = date(2027, 1, 1)
    return formatting.time_range(from_local(day, template.begins), from_local(day, template.ends))


def _who(template: Template) -> str:
    if template.registration != RegistrationMode.HIER:
        return _lower(wording.REGISTRATION_MODES[template.registration])
    said = {Admission.GRATIS: "gratis voor", Admission.PRIJS: "tegen prijs voor"}
    found = [(words, _groups(template, admission)) for admission, words in said.items()]
    return formatting.listed([f"{words} {groups}" for words, groups in found if groups]) or "op uitnodiging"


def _groups(template: Template, admission: Admission) -> str:
    shown: Iterable[Category] = (Category.LID, Category.AMBASSADEUR, Category.NIET_LID)
    lines = [line for line in template.prices if line.admission == admission and line.category in shown]
    lines.sort(key=lambda line: (list(Category).index(line.category), sorted(line.kinds)))
    return formatting.listed([wording.price_group(line.category, line.kinds) for line in lines])


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
