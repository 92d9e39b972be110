"""Verantwoording: the figures of a year, the report with all of them, and what lies behind each number."""

import re
from collections.abc import Callable

from flask import Response, abort, render_template, request, url_for

from eventapp import documents, wording
from eventapp.documents.file_names import file_name
from eventapp.documents.year_numbers import Goal
from eventapp.documents.year_report import YearReport
from eventapp.documents.year_sections import sections
from eventapp.domain.account import ALL, AccountYear, Figure, Key, Meeting
from eventapp.domain.actors import Role
from eventapp.domain.looks import PeopleList
from eventapp.domain.times import local_date
from eventapp.models import YearClosing
from eventapp.queries import account_rows, year_closings
from eventapp.queries.account import year_of
from eventapp.queries.association import load_association
from eventapp.services.year_closings import unfixed
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import ACCOUNT, blueprint
from eventapp.web.organiser.shared import Answer, actor

_FIGURES = ",".join(figure.value for figure in Figure)
_SHOWN = 500
# What the first page draws: the rest is in the report.
_DRAWN = (Figure.MEETINGS, Figure.REACH, Figure.MEMBERS)
_FILES = {
    "pdf": (lambda report: documents.year_pdf.to_pdf(report), "application/pdf"),
    "xlsx": (
        lambda report: documents.year_sheets.to_xlsx(report),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@blueprint.get("/verantwoording")
@audience(Audience.STAFF, *ACCOUNT)
def account() -> Answer:
    """The first number of every figure in a year, and a few charts."""
    asked = request.args.get("jaar", "")
    this = local_date(now()).year
    year = year_or_404(int(asked) if re.fullmatch("[0-9]{4}", asked) else this)
    report, waiting = _report(year)
    return render_template(
        "organiser/account.html",
        year=year,
        years=year_closings.known_years(now=now()),
        report=report,
        drawn=[section for section in report.sections if section.figure in _DRAWN],
        waiting=waiting,
        closing=year_closings.closing_of(year.year),
        history=year_closings.history(),
        link=_link_of(year),
        may_close=actor().has(Role.COORDINATOR),
        may_reopen=actor().has(),
        over=year.today > year.last,
    )


@blueprint.get("/verantwoording/<int:year>")
@audience(Audience.STAFF, *ACCOUNT)
def year_report(year: int) -> Answer:
    """Every figure of the year, to read and to print."""
    found = year_or_404(year)
    report, waiting = _report(found)
    return render_template("organiser/year_report.html", report=report, waiting=waiting, link=_link_of(found))


@blueprint.get("/verantwoording/<int:year>.<extension>")
@audience(Audience.STAFF, *ACCOUNT)
def year_report_file(year: int, extension: str) -> Answer:
    """The same as a file."""
    found = year_or_404(year)
    if extension not in _FILES:
        abort(404)
    make, content_type = _FILES[extension]
    report, _ = _report(found)
    placed = "inline" if extension == "pdf" else "attachment"
    name = file_name("verantwoording", str(year), extension)
    return Response(
        make(report), content_type=content_type, headers={"Content-Disposition": f'{placed}; filename="{name}"'}
    )


@blueprint.get(f"/verantwoording/<int:year>/<any({_FIGURES}):figure>")
@audience(Audience.STAFF, *ACCOUNT)
@lists_people(PeopleList.ACCOUNT)
def account_behind(year: int, figure: str) -> Answer:
    """What one number counts: meetings, organisations or people, each leading on."""
    found = year_or_404(year)
    key = Key(Figure(figure), request.args.get("rij", ALL)[:60], request.args.get("kolom", ALL)[:40])
    try:
        row, column = wording.account_row(key.figure, key.row), wording.account_column(key.figure, key.column)
    except KeyError:
        abort(404)
    rows = account_rows.behind(key, found, now=now())
    names_people(len(rows.people[:_SHOWN]))
    closing = year_closings.closing_of(year)
    number = year_closings.totals_of(found, now=now()).of(*key)
    return render_template(
        "organiser/account_behind.html",
        year=found,
        figure=wording.ACCOUNT_FIGURES[key.figure],
        about=" · ".join(filter(None, (row, column.word))),
        meaning=column.sentence,
        number=number,
        rows=rows,
        shown=_SHOWN,
        closing=closing,
        differs=closing is not None and rows.total != number,
    )


def year_or_404(year: int) -> AccountYear:
    """The year, unless it is still to come or before anything was."""
    found = year_of(year, now=now())
    if not 2000 <= year <= found.today.year:
        abort(404)
    return found


def _report(year: AccountYear) -> tuple[YearReport, list[Meeting]]:
    """The report, and the meetings of which presence is still to be fixed."""
    association, closing = load_association(), year_closings.closing_of(year.year)
    waiting = [] if closing else unfixed(year, now=now())
    goal = Goal(association.member_goal, association.member_goal_year)
    numbers = year_closings.totals_of(year, now=now())
    report = YearReport(
        association=association.letterhead,
        year=year.year,
        standing=_standing(year, closing, waiting),
        provisional=closing is None,
        sections=sections(numbers, year=year.year, goal=goal),
        printed_at=now(),
    )
    return report, waiting


def _standing(year: AccountYear, closing: YearClosing | None, waiting: list[Meeting]) -> str:
    if closing:
        return wording.year_closed(closing.closed_at, closing.closed_by, unfixed=closing.unfixed)
    return wording.year_provisional(over=year.today > year.last, unfixed=len(waiting))


def _link_of(year: AccountYear) -> Callable[[Key], str]:
    """Where a number leads to."""

    def link(key: Key) -> str:
        where = "organiser.account_behind"
        return url_for(where, year=year.year, figure=key.figure.value, rij=key.row, kolom=key.column)

    return link
