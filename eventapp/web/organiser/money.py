"""Geld: the figures of a period on a day, what lies behind each of them, and both as a file."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, abort, render_template, request, url_for

from eventapp import documents, formatting, wording
from eventapp.documents.file_names import file_name
from eventapp.documents.money_sheet import MoneySheet, euros
from eventapp.domain.figures import Figure, Line, sums
from eventapp.domain.looks import PeopleList
from eventapp.domain.times import local_date
from eventapp.models import Registration
from eventapp.queries import money as money_queries
from eventapp.queries.association import load_association
from eventapp.queries.events import event_by_slug
from eventapp.queries.money import EventFigures, Period
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.shared import Answer

_SHOWN = 500
_ALWAYS = (Figure.BOOKED, Figure.PAID, Figure.OPEN)
# What the balance of the day needs of all events together.
_OVERALL = (Figure.OPEN, Figure.IN_ADVANCE, Figure.BILLED_AHEAD, Figure.TO_INVOICE)
_FIGURES = ",".join(figure.value for figure in Figure)
FILE_KINDS = {
    "xlsx": (
        lambda sheet: documents.money_sheets.to_xlsx(sheet),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (lambda sheet: documents.money_sheets.to_csv(sheet), "text/csv; charset=utf-8"),
}


@blueprint.get("/geld")
@audience(Audience.STAFF, *MONEY)
def money() -> Answer:
    """The events of a period, with what was booked, paid, given back and open on a day."""
    period = _period()
    found = money_queries.figures(period)

    def link(figure: Figure, slug: str | None = None) -> str:
        return url_for("organiser.money_behind", figure=figure.value, bijeenkomst=slug, **_asked(period))

    def overall_link(figure: Figure) -> str:
        return url_for("organiser.money_behind", figure=figure.value, **_asked(Period.ever(period.on)))

    total = {figure: sum(one.cents[figure] for one in found) for figure in Figure}
    # What never happened takes no column; what is invoiced follows from what is owed and what is to be invoiced.
    shown = [figure for figure in wording.FIGURES if figure not in (Figure.INVOICED, Figure.BILLED_AHEAD)]
    columns = [figure for figure in shown if total[figure] or figure in _ALWAYS]
    return render_template(
        "organiser/money.html",
        period=period,
        asked=_asked(period),
        figures=found,
        columns=columns,
        heads=[f"~{wording.FIGURES[figure]}" for figure in columns],
        total=total,
        link=link,
        overall=[(figure, cents, overall_link(figure)) for figure, cents in _overall(period).items()],
        turn=date(local_date(now()).year - 1, 12, 31),
    )


def _overall(period: Period) -> dict[Figure, int]:
    """Of all events, those outside the period too."""
    everything = sums(money_queries.lines_of(Period.ever(period.on)))
    return {figure: everything[figure] for figure in _OVERALL}


@blueprint.get("/geld/overzicht.<extension>")
@audience(Audience.STAFF, *MONEY)
def money_file(extension: str) -> Answer:
    """The same figures as a file."""
    period = _period()
    rows = tuple(_figures_row(one) for one in money_queries.figures(period))
    heads = ("Bijeenkomst", "Datum", *wording.FIGURES.values())
    return _file(extension, _sheet("Overzicht", period, heads, rows), on=period.on)


@blueprint.get(f"/geld/cijfers/<any({_FIGURES}):figure>")
@audience(Audience.STAFF, *MONEY)
@lists_people(PeopleList.MONEY)
def money_behind(figure: str) -> Answer:
    """The amounts behind a figure, each leading to its registration; of one event, or of the period."""
    period, wanted = _period(), Figure(figure)
    event, lines = _behind(wanted, period)
    registrations = money_queries.registrations_behind(lines[:_SHOWN])
    names_people(len(registrations))
    asked = _asked(period) | {"figure": figure, "bijeenkomst": event.slug if event else None}
    return render_template(
        "organiser/money_behind.html",
        figure=wanted,
        period=period,
        event=event,
        lines=lines[:_SHOWN],
        more=max(0, len(lines) - _SHOWN),
        total_cents=sums(lines)[wanted],
        registrations=registrations,
        asked=asked,
        overview=url_for("organiser.money", **_asked(period)),
    )


@blueprint.get(f"/geld/cijfers/<any({_FIGURES}):figure>.<extension>")
@audience(Audience.STAFF, *MONEY)
@lists_people(PeopleList.MONEY)
def money_behind_file(figure: str, extension: str) -> Answer:
    """The same amounts as a file."""
    period, wanted = _period(), Figure(figure)
    _event, lines = _behind(wanted, period)
    known, begins = money_queries.registrations_behind(lines), money_queries.begins_of(period)
    names_people(len(known))
    heads = ("Bijeenkomst", "Datum bijeenkomst", "Geboekt op", "Naam", "Organisatie", "Aanmelding", "Hoe", "Bedrag")
    rows = tuple(_line_row(line, known[line.registration_id], begins[line.event_id]) for line in lines)
    return _file(extension, _sheet(wording.FIGURES[wanted], period, heads, rows), on=period.on)


def _behind(figure: Figure, period: Period) -> tuple[Any, list[Line]]:
    slug = request.args.get("bijeenkomst")
    event = event_by_slug(slug) if slug else None
    if slug and event is None:
        abort(404)
    lines = money_queries.lines_of(period)
    return event, [line for line in lines if line.figure == figure and (event is None or line.event_id == event.id)]


def _period() -> Period:
    """What the address asks for: this year as it stands today, unless it says otherwise."""
    today = local_date(now())
    first = day_asked(request.args, "van") or date(today.year, 1, 1)
    last, on = day_asked(request.args, "tot"), day_asked(request.args, "peildatum")
    return Period(first, last or date(first.year, 12, 31), on or today)


def day_asked(args: Mapping[str, str], name: str) -> date | None:
    """The day that an address names so, if it is one that a calendar of ours can hold."""
    try:
        found = date.fromisoformat(args.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _asked(period: Period) -> dict[str, Any]:
    return {
        "van": period.first.isoformat(),
        "tot": period.last.isoformat(),
        "peildatum": period.on.isoformat(),
    }


def _figures_row(one: EventFigures) -> tuple[str | date | Decimal, ...]:
    return (one.event.title, local_date(one.starts_at), *(euros(one.cents[figure]) for figure in wording.FIGURES))


def _line_row(line: Line, registration: Registration, begins: datetime) -> tuple[str | date | Decimal, ...]:
    person = registration.person
    return (
        registration.event.title,
        local_date(begins),
        local_date(line.at),
        formatting.full_name(person.given_name, person.infix, person.family_name) or "(gewist)",
        registration.organisation_name,
        str(line.order_id),
        wording.MONEY_SOURCES.get(line.what, line.what),
        euros(line.cents),
    )


def _sheet(
    title: str, period: Period, heads: tuple[str, ...], rows: tuple[tuple[str | date | Decimal, ...], ...]
) -> MoneySheet:
    days = f"bijeenkomsten van {formatting.long_date(period.first)} tot en met {formatting.long_date(period.last)}"
    about = f"{title}: {days}, peildatum {formatting.long_date(period.on)}"
    return MoneySheet(title, about, load_association().name, heads, rows, now())


def _file(extension: str, sheet: MoneySheet, *, on: date) -> Response:
    if extension not in FILE_KINDS:
        abort(404)
    make, content_type = FILE_KINDS[extension]
    name = file_name("geld", sheet.title, extension, on=on)
    placed = f'attachment; filename="{name}"'
    return Response(make(sheet), content_type=content_type, headers={"Content-Disposition": placed})
