"""Meetings of a circle from a rule, its next season, and the school holidays they are planned around."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from eventapp import formatting, wording
from eventapp.domain.actors import Role
from eventapp.domain.errors import DomainError
from eventapp.domain.events import EventState
from eventapp.domain.school_holidays import empty_years, school_year
from eventapp.domain.series import Planned, a_year_later, days_of, planned
from eventapp.domain.times import local_date
from eventapp.queries import circles as circle_queries
from eventapp.services import circle_series as series_services
from eventapp.services import school_holidays
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.circles import circle_or_404
from eventapp.web.organiser.forms.circles import HolidayForm, SeasonForm, SeriesForm, TakeInForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.route("/kringen/<slug>/reeks", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def circle_series(slug: str) -> Answer:
    """The rule, then the days it gives with what speaks against them, then the meetings."""
    found = circle_or_404(slug)
    form = SeriesForm(data={"form": found.form.value, "first": local_date(now())})
    if not form.validate_on_submit():
        page = render_template("organiser/circle_series.html", circle=found, form=form, rows=None, warning="")
        return page, 422 if form.errors else 200
    step = request.form.get("step")
    if step == "bewaren" and (planned_now := _planned(slug, found.id, form)):
        return planned_now
    rows = _rows(found.id, form)
    if step == "tonen":
        form.days.data = [one.day.isoformat() for one in rows if one.proposed]
    rule = form.rule()
    warning = wording.years_without_holidays(empty_years(rule.first, rule.last, circle_queries.holidays()))
    page = render_template(
        "organiser/circle_series.html",
        circle=circle_or_404(slug),
        form=form,
        rows=None if step == "wijzigen" else rows,
        warning=warning,
    )
    return page, 422 if form.errors else 200


def _planned(slug: str, found_id: int, form: SeriesForm) -> Response | None:
    """Plan what was ticked; None, with the refusal on the form, when that cannot be."""
    series = form.series(_rows(found_id, form))
    try:
        number = series_services.plan_series(found_id, series, publish=bool(form.publish.data), by=actor(), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return None
    flash(f"{formatting.count_nl(number, 'bijeenkomst', 'bijeenkomsten')} gepland.", "good")
    return back_to("circle", slug=slug)


def _rows(circle_id: int, form: SeriesForm) -> list[Planned]:
    taken = series_services.days_taken(circle_id)
    return planned(days_of(form.rule()), circle_queries.holidays(), region=form.region.data, taken=taken)


@blueprint.route("/kringen/<slug>/bijeenkomsten/toevoegen", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def circle_taking_in(slug: str) -> Answer:
    """Events that stand in the agenda by themselves become meetings of the circle."""
    found = circle_or_404(slug)
    form = TakeInForm()
    form.offer(circle_queries.without_circle(found.kind, now=now()))
    if form.validate_on_submit():
        try:
            number = series_services.take_in(found.id, form.meetings.data or [], by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{formatting.count_nl(number, 'bijeenkomst', 'bijeenkomsten')} toegevoegd.", "good")
            return back_to("circle", slug=slug)
    page = render_template("organiser/circle_taking_in.html", circle=circle_or_404(slug), form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/kringen/<slug>/volgend-seizoen", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def circle_next_season(slug: str) -> Answer:
    """The same circle once more, 52 weeks on."""
    found = circle_or_404(slug)
    meetings = [one for one in circle_queries.meetings_of(found.id) if one.state == EventState.PUBLISHED]
    days = a_year_later(local_date(one.starts_at) for one in meetings)
    rows = {
        event.id: planned([day], circle_queries.holidays(), region="", taken=())[0]
        for event, day in zip(meetings, days, strict=True)
    }
    form = SeasonForm(data={"meetings": [key for key, row in rows.items() if row.proposed], "with_members": True})
    form.meetings.choices = [
        SelectChoice(event.id, f"{formatting.long_date(rows[event.id].day)}: {event.title}") for event in meetings
    ]
    if form.validate_on_submit():
        try:
            new_slug = series_services.next_season(
                found.id,
                season=form.season.data,
                meetings=form.meetings.data or [],
                with_members=bool(form.with_members.data),
                by=actor(),
                now=now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Het nieuwe seizoen staat klaar, met de bijeenkomsten als concept.", "good")
            return back_to("circle", slug=new_slug)
    notes = {key: f"Valt in de {row.holiday.lower()}" for key, row in rows.items() if row.holiday}
    empty = empty_years(min(days), max(days), circle_queries.holidays()) if days else []
    warning = wording.years_without_holidays(empty)
    page = render_template(
        "organiser/circle_season.html",
        circle=circle_or_404(slug),
        form=form,
        notes=notes,
        warning=warning,
    )
    return page, 422 if form.errors else 200


@blueprint.route("/instellingen/schoolvakanties", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.BEHEERDER, *EDITORS)
@checks_own_csrf
def holidays() -> Answer:
    """The table a series is planned around, and the way to add to it."""
    form = HolidayForm()
    if form.validate_on_submit():
        school_holidays.add(form.holiday(), by=actor(), now=now())
        flash("De vakantie is toegevoegd.", "good")
        return back_to("holidays")
    this_year = school_year(local_date(now()))
    known = circle_queries.holidays()
    empty = [year for year in (this_year, this_year + 1) if year not in {school_year(one.first) for one in known}]
    page = render_template(
        "organiser/holidays.html",
        form=form,
        rows=circle_queries.holiday_rows(),
        to_take_over=school_holidays.years_to_take_over(),
        warning=wording.years_without_holidays(empty),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/instellingen/schoolvakanties/<int:year>/overname")
@audience(Audience.STAFF, Role.BEHEERDER, *EDITORS)
def holidays_taken_over(year: int) -> Response:
    """Every published holiday of a school year, with its source."""
    number = school_holidays.take_over(year, by=actor(), now=now())
    flash(f"{formatting.count_nl(number, 'vakantie', 'vakanties')} overgenomen.", "good")
    return back_to("holidays")


@blueprint.post("/instellingen/schoolvakanties/<int:holiday_id>/verwijdering")
@audience(Audience.STAFF, Role.BEHEERDER, *EDITORS)
def holiday_removed(holiday_id: int) -> Response:
    """Take one away."""
    school_holidays.remove(holiday_id, by=actor(), now=now())
    flash("De vakantie is weggehaald.", "good")
    return back_to("holidays")
