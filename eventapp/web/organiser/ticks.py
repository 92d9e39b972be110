"""Who was there, ticked off a paper list: the whole list as boxes, by keyboard where there is JavaScript."""

from flask import Response, abort, flash, render_template, request

from eventapp import formatting
from eventapp.domain.errors import NotFound, PresenceFixed
from eventapp.domain.looks import PeopleList
from eventapp.queries.door_lists import expected_at
from eventapp.services import marking
from eventapp.services.fixing import may_fix
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import AT_DOOR, EDITORS, blueprint
from eventapp.web.organiser.forms.door import TicksForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.route("/evenementen/<slug>/afvinken", methods=["GET", "POST"])
@audience(Audience.STAFF, *AT_DOOR)
@lists_people(PeopleList.TICKS)
@checks_own_csrf
def ticks(slug: str) -> Answer:
    """Everybody with a box. A page with JavaScript sends each tick at once and stays where it is."""
    event, form = event_or_404(slug), TicksForm()
    at_once = request.accept_mimetypes.best == "application/json"
    if form.validate_on_submit():
        try:
            ticked, taken_back = marking.tick(
                event.id, form.came(), not_after_all=form.not_after_all(), by=actor(), now=now()
            )
        except NotFound:
            abort(400)
        except PresenceFixed:
            return back_to("ticks", slug=slug)
        if at_once:
            return Response(status=204)
        words = formatting.count_nl(ticked, "vinkje", "vinkjes")
        flash(f"Bewaard: {words} erbij{f', {taken_back} eraf' if taken_back else ''}.", "good")
        return back_to("ticks", slug=slug)
    event = event_or_404(slug)
    people = expected_at(event.id)
    # Once it is fixed the page says only that.
    names_people(0 if event.presence_fixed_at else len(people))
    came = sum(one.came_at is not None for one in people)
    page = render_template(
        "organiser/ticks.html",
        event=event,
        form=form,
        people=people,
        came=came,
        may_fix=may_fix(event, now=now()) and actor().has(*EDITORS),
    )
    return page, 422 if form.errors else 200
