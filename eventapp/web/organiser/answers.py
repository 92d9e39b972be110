"""What was answered: ordinary answers with names and as files, needs as counts, and those of one person on a click."""

from collections.abc import Callable

from flask import Response, abort, render_template

from eventapp import documents, formatting, wording
from eventapp.documents.answer_table import AnswerTable
from eventapp.documents.catering_sheet import CateringSheet, Section
from eventapp.documents.file_names import file_name
from eventapp.domain.care import CARE_BLOCKS, Diet
from eventapp.domain.looks import PeopleList
from eventapp.domain.questions import Value
from eventapp.domain.retention import CARE_DAYS, erased_on
from eventapp.domain.times import local_date
from eventapp.models import Event
from eventapp.queries import questions as question_queries
from eventapp.queries.answer_summaries import overview_of
from eventapp.queries.association import load_association
from eventapp.queries.catering import Catering, catering_for
from eventapp.services import answering_questions
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.shared import Answer, actor, event_or_404, registration_or_404

_FILES: dict[str, tuple[Callable[[AnswerTable], bytes], str]] = {
    "xlsx": (
        lambda table: documents.answer_sheets.to_xlsx(table),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (lambda table: documents.answer_sheets.to_csv(table), "text/csv; charset=utf-8"),
}


@blueprint.get("/evenementen/<slug>/antwoorden")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.ANSWERS)
def answers(slug: str) -> Answer:
    """Each question in numbers, and who said what."""
    event = event_or_404(slug)
    overview = overview_of(event.id)
    names_people(sum(any(said is not None for said in values) for _, values in overview.people))
    return render_template("organiser/answers.html", event=event, overview=overview)


@blueprint.get("/evenementen/<slug>/antwoorden.<extension>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.ANSWERS)
def answers_file(slug: str, extension: str) -> Answer:
    """The ordinary answers as a file, one line per person."""
    event = event_or_404(slug)
    table = _table(event)
    names_people(len(table.rows))
    return table_file(table, "antwoorden", event, extension)


def table_file(table: AnswerTable, what: str, event: Event, extension: str) -> Response:
    """What people answered as a file to keep, named for what it is; 404 for a kind of file that is not made."""
    if extension not in _FILES:
        abort(404)
    make, content_type = _FILES[extension]
    name = file_name(what, event.slug, extension, on=local_date(event.starts_at))
    return _file(make(table), content_type, f'attachment; filename="{name}"')


@blueprint.get("/evenementen/<slug>/catering")
@audience(Audience.STAFF, *EDITORS)
def catering(slug: str) -> Answer:
    """What the kitchen and the hosts need to know, without names."""
    event = event_or_404(slug)
    return render_template(
        "organiser/catering.html",
        event=event,
        found=catering_for(event.id),
        asked=bool(question_queries.blocks_of(event.id) & CARE_BLOCKS),
        erased_on=erased_on(event.ends_at, CARE_DAYS),
        over=event.ends_at <= now(),
    )


@blueprint.get("/evenementen/<slug>/catering.pdf")
@audience(Audience.STAFF, *EDITORS)
def catering_sheet(slug: str) -> Answer:
    """The same on paper, for the kitchen."""
    event = event_or_404(slug)
    name = file_name("catering", event.slug, "pdf", on=local_date(event.starts_at))
    content = documents.catering_pdf.to_pdf(_sheet(event, catering_for(event.id)))
    return _file(content, "application/pdf", f'inline; filename="{name}"')


@blueprint.post("/aanmeldingen/<int:registration_id>/wensen")
@audience(Audience.STAFF, *EDITORS)
def registration_care(registration_id: int) -> Answer:
    """What one person needs: shown once, after the click was logged."""
    registration_or_404(registration_id)
    answering_questions.note_care_seen(registration_id, by=actor(), now=now())
    found = question_queries.care_of(registration_id)
    registration = registration_or_404(registration_id)
    gone_on = erased_on(registration.event.ends_at, CARE_DAYS)
    return render_template("organiser/registration_care.html", r=registration, found=found, erased_on=gone_on)


def _table(event: Event) -> AnswerTable:
    overview = overview_of(event.id)
    rows = []
    for person, values in overview.people:
        parts = (person.person.given_name, person.person.infix, person.person.family_name)
        row = (formatting.sort_name(*parts) or "(gewist)", person.organisation_name, *map(_cell, values))
        rows.append(row)
    return AnswerTable(
        event_title=event.title,
        association=load_association().letterhead,
        heads=("Naam", "Organisatie", *(question.label for question in overview.questions)),
        rows=tuple(rows),
        printed_at=now(),
    )


def _cell(value: Value | None) -> str | int:
    """A number stays one, so that the file can add it up."""
    if value is None:
        return ""
    return value if isinstance(value, int) and not isinstance(value, bool) else wording.answer_text(value)


def _sheet(event: Event, found: Catering) -> CateringSheet:
    """For the kitchen, which need not know how people come in."""
    eating = formatting.count_nl(found.eating, "persoon", "personen")
    waiting = f" Nog niet geantwoord: {found.not_answered}." if found.not_answered else ""
    together = [(count, wording.diets_together(diets)) for diets, count in found.combinations]
    sections = (
        Section("Per dieetwens", tuple((found.diets[diet], wording.DIETS[diet]) for diet in Diet if found.diets[diet])),
        Section("Per persoon samen", tuple(together)),
        Section("Opmerkingen over eten", tuple((None, remark) for remark in found.diet_remarks)),
    )
    return CateringSheet(
        event_title=event.title,
        when=formatting.when(event.starts_at, event.ends_at),
        place=", ".join(filter(None, (event.venue, event.city))),
        association=load_association().letterhead,
        summary=f"{eating} op locatie.{waiting}",
        sections=tuple(section for section in sections if section.lines),
        printed_at=now(),
    )


def _file(content: bytes, content_type: str, placed: str) -> Response:
    return Response(content, content_type=content_type, headers={"Content-Disposition": placed})
