"""Geld: months that are closed, closing a month or a year, and opening one again."""

from datetime import date

from flask import flash, render_template

from eventapp import formatting, wording
from eventapp.domain.actors import Role
from eventapp.domain.closed_periods import BookPeriod
from eventapp.domain.errors import AlreadyClosed, NotFound, PeriodNotOver
from eventapp.domain.times import local_date
from eventapp.queries import closed_periods as known
from eventapp.queries import settlements
from eventapp.services import closed_periods
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.forms.bookkeeping import ReopenForm
from eventapp.web.organiser.shared import Answer, actor, back_to


@blueprint.get("/geld/afsluiting")
@audience(Audience.STAFF, *MONEY)
def closing() -> Answer:
    """What is closed, and what can be."""
    return render_template(
        "organiser/closing.html",
        choices=_choices(local_date(now())),
        history=known.history(),
        may_close=actor().has(Role.PENNINGMEESTER),
        may_reopen=actor().has(),
        month_word=formatting.month_year,
    )


def _choices(today: date) -> list[tuple[BookPeriod, str]]:
    """Every year that is over and has open months, and those months; the earliest first."""
    found: list[tuple[BookPeriod, str]] = []
    for month in known.open_months(today):
        whole = (BookPeriod(month.year), f"heel {month.year}")
        if month.year < today.year and whole not in found:
            found.append(whole)
        found.append((BookPeriod(month.year, month.month), formatting.month_year(month)))
    return found


@blueprint.get("/geld/afsluiting/<period>")
@audience(Audience.STAFF, Role.PENNINGMEESTER)
def closing_preview(period: str) -> Answer:
    """What is still open of it, before the button that closes it."""
    wanted = _period_or_404(period)
    wanted.check_over(local_date(now()))
    return render_template(
        "organiser/closing_preview.html",
        period=wanted,
        words=_words(wanted),
        closed=known.closed_months(wanted.first, wanted.last),
        still=known.still_open(wanted.last),
        differences=sum(one.on <= wanted.last for one in settlements.differences()),
        month_word=formatting.month_year,
    )


@blueprint.post("/geld/afsluiting/<period>")
@audience(Audience.STAFF, Role.PENNINGMEESTER)
def closing_done(period: str) -> Answer:
    """Close it."""
    wanted = _period_or_404(period)
    try:
        closed_periods.close(wanted, by=actor(), now=now())
    except (AlreadyClosed, PeriodNotOver) as refusal:
        flash(wording.refusal(refusal), "bad")
    else:
        flash(f"Afgesloten: {_words(wanted)}. Er wordt op die dagen niets meer geboekt.", "good")
    return back_to("closing")


@blueprint.route("/geld/afsluiting/<period>/heropening", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.BEHEERDER)
@checks_own_csrf
def reopening(period: str) -> Answer:
    """Open one month again, with a reason."""
    month = _month_or_404(period)
    form = ReopenForm()
    if form.validate_on_submit():
        closed_periods.reopen(month, reason=form.reason.data, by=actor(), now=now())
        flash(f"De boekhouding van {formatting.month_year(month)} is weer open.", "good")
        return back_to("closing")
    page = render_template("organiser/reopening.html", form=form, words=formatting.month_year(month))
    return page, 422 if form.errors else 200


def _words(period: BookPeriod) -> str:
    return formatting.month_year(period.first) if period.month else f"heel {period.year}"


def _period_or_404(text: str) -> BookPeriod:
    found = BookPeriod.of(text)
    if found is None:
        raise NotFound()
    return found


def _month_or_404(text: str) -> date:
    found = _period_or_404(text)
    if not found.month or found.first not in known.closed_months(found.first, found.last):
        raise NotFound()
    return found.first
