"""Breakouts from a spreadsheet: paste or upload the list, see what each row comes to, then save all of it."""

from flask import flash, render_template

from eventapp import formatting
from eventapp.domain.errors import DomainError
from eventapp.domain.programme_lists import Row, read_rows
from eventapp.models import Event
from eventapp.queries import breakouts as programme_queries
from eventapp.services import programming
from eventapp.services.programming import BreakoutDetails
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.programme import ProgrammeListForm
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404


@blueprint.route("/evenementen/<slug>/programma/lijst", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def programme_list(slug: str) -> Answer:
    """The form, then a preview row by row, then save; with a row that cannot be, nothing is saved."""
    event = event_or_404(slug)
    form = ProgrammeListForm()
    if form.is_submitted():
        form.take_file()
    if not form.validate_on_submit() or form.step.data == "wijzigen":
        return _form_page(event, form)
    rows = _rows(event, form)
    wrong = sum(bool(row.problems) for row in rows)
    if form.step.data != "bewaren" or wrong or not rows:
        titles = {one.id: one.title for one in programme_queries.rounds_of(event.id)}
        return render_template(
            "organiser/programme_list_preview.html", event=event, form=form, rows=rows, titles=titles, wrong=wrong
        )
    try:
        count = programming.add_list(event.id, [_details(row) for row in rows], by=actor(), now=now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _form_page(event_or_404(slug), form)
    flash(f"{formatting.count_nl(count, 'deelsessie staat', 'deelsessies staan')} erbij.", "good")
    return back_to("programme", slug=slug)


def _form_page(event: Event, form: ProgrammeListForm) -> tuple[str, int]:
    rounds = programme_queries.rounds_of(event.id)
    page = render_template("organiser/programme_list.html", event=event, form=form, rounds=rounds)
    return page, 422 if form.errors else 200


def _rows(event: Event, form: ProgrammeListForm) -> list[Row]:
    rounds = [(one.id, one.title) for one in programme_queries.rounds_of(event.id)]
    standing = [one for one in programme_queries.breakouts_of(event.id) if not one.cancelled_at]
    return read_rows(form.rows.data, rounds, present=[(one.title, one.facts().rounds) for one in standing])


def _details(row: Row) -> BreakoutDetails:
    return BreakoutDetails(
        title=row.title,
        rounds=row.rounds,
        size=row.size,
        room=row.cells.get("zaal", ""),
        speakers=row.cells.get("sprekers", ""),
        for_whom=row.cells.get("doelgroep", ""),
        description=row.cells.get("omschrijving", ""),
    )
