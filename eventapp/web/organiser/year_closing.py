"""Verantwoording: closing a year, so that its figures stand, and opening it again."""

from flask import flash, render_template

from eventapp.domain.actors import Role
from eventapp.domain.errors import DomainError
from eventapp.queries.account import year_of
from eventapp.queries.year_closings import closing_of
from eventapp.services import year_closings
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import blueprint
from eventapp.web.organiser.account import year_or_404
from eventapp.web.organiser.forms.account import YearClosingForm, YearReopeningForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.route("/verantwoording/<int:year>/afsluiting", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.COORDINATOR)
@checks_own_csrf
def year_closing(year: int) -> Answer:
    """Which meetings wait to be fixed, before the button that closes the year."""
    found = year_or_404(year)
    if closing_of(year):
        return back_to("account", jaar=year)
    year_closings.check_over(found)
    waiting = year_closings.unfixed(found, now=now())
    form = YearClosingForm(waiting=bool(waiting))
    if form.validate_on_submit():
        try:
            year_closings.close(found, seen_then=form.seen.data or "", by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{year} is afgesloten: de cijfers staan vast.", "good")
            return back_to("account", jaar=year)
    form.seen.data = year_closings.seen(waiting)
    page = render_template("organiser/year_closing.html", year=found, waiting=waiting, form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/verantwoording/<int:year>/heropening", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.BEHEERDER)
@checks_own_csrf
def year_reopening(year: int) -> Answer:
    """Open it again, with a reason."""
    found = year_of(year, now=now())
    if closing_of(year) is None:
        return back_to("account", jaar=found.year)
    form = YearReopeningForm()
    if form.validate_on_submit():
        year_closings.reopen(year, reason=form.reason.data, by=actor(), now=now())
        flash(f"{year} is weer open: de cijfers volgen wat er nu bekend is.", "good")
        return back_to("account", jaar=year)
    page = render_template("organiser/year_reopening.html", year=found, form=form)
    return page, 422 if form.errors else 200
