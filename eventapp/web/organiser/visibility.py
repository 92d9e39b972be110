"""An event for which nobody registers with us: what the association did there, and how many people were counted."""

from flask import flash, render_template

from eventapp.domain.account import is_agenda_item
from eventapp.domain.errors import NotFound
from eventapp.queries.visibility import visibility_of
from eventapp.services import visibility
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.account import VisibilityForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.route("/evenementen/<slug>/zichtbaarheid", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def event_visibility(slug: str) -> Answer:
    """The form for both, which the account of the year counts."""
    event = event_or_404(slug)
    if not is_agenda_item(event.kind, event.registration):
        raise NotFound()
    contribution, heads = visibility_of(event.id)
    form = VisibilityForm(data={"contribution": contribution, "heads": heads})
    if form.validate_on_submit():
        said = form.contribution.data or ""
        visibility.describe(event.id, contribution=said, heads=form.heads.data, by=actor(), now=now())
        flash("Bewaard. Het telt mee in de verantwoording zodra de bijeenkomst voorbij is.", "good")
        return back_to("event", slug=slug)
    page = render_template("organiser/visibility.html", event=event_or_404(slug), form=form)
    return page, 422 if form.errors else 200
