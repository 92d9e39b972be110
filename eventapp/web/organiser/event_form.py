"""A new event, and how the form of an event shows a refusal."""

from flask import flash, render_template, request

from eventapp.domain.errors import DomainError, SlugTaken
from eventapp.domain.events import EventKind
from eventapp.services import organising
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.event import EventForm, fill_for_kind
from eventapp.web.organiser.shared import Answer, actor, back_to


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
            show_refusal(form, refusal)
        else:
            flash("Het concept is bewaard. U ziet het alleen hier; publiceren doet u als alles klopt.", "good")
            return back_to("event", slug=slug)
    page = render_template("organiser/event_form.html", form=form)
    return page, 422 if form.errors else 200


def show_refusal(form: DutchForm, refusal: DomainError) -> None:
    """Beside the field that it is about when there is one, else above the form."""
    if isinstance(refusal, SlugTaken) and "slug" in form:
        form["slug"].errors = ["Dit webadres is al in gebruik."]
    else:
        form.refuse(refusal)
