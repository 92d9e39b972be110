"""Afterwards, in the back office: thanking who was there, what they are asked, and what came of it."""

from typing import NamedTuple

from flask import flash, render_template, request

from eventapp import wording
from eventapp.documents.answer_table import AnswerTable
from eventapp.domain.errors import DomainError, EvaluationHidden
from eventapp.domain.evaluation import (
    FEWEST,
    GRADE,
    RECOMMEND,
    SCALE,
    Plan,
    Stage,
    average_tenths,
    counted_items,
    last_day,
    shows,
    stage,
    written_items,
)
from eventapp.domain.looks import PeopleList
from eventapp.domain.proportions import percent
from eventapp.domain.questions import YES
from eventapp.models import Evaluation, Event
from eventapp.queries.association import load_association
from eventapp.queries.evaluation import Written, counts_of, evaluation_of, texts_of, there
from eventapp.services import evaluating
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.evaluation import reply_form
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.answers import table_file
from eventapp.web.organiser.forms.evaluation import PlanForm, plan_data
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404
from eventapp.web.own_numbers import own_number

_PATH = "/evenementen/<slug>/evaluatie"


class Counted(NamedTuple):
    """One question in numbers: every answer with how often it was given, and how wide its bar is of a hundred."""

    label: str
    rows: list[tuple[str, int, int]]
    answers: int
    average: str


@blueprint.get(_PATH)
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.EVALUATION)
def evaluation(slug: str) -> Answer:
    """How it stands, and once it is closed with enough answers, the answers."""
    event = event_or_404(slug)
    row = evaluation_of(event)
    shown = _shown(row)
    counts = counts_of(event.id) if shown else {}
    recommends = counts.get(RECOMMEND, {})
    return render_template(
        "organiser/evaluation.html",
        event=event,
        evaluation=row,
        stage=stage(row.closes_at, now=now()).value,
        shown=shown,
        until=last_day(row.closes_at) if row.closes_at else None,
        fewest=FEWEST,
        there=there(event.id),
        response=percent(row.answers, row.asked),
        average=_average(counts.get(GRADE, {})),
        recommended=percent(recommends.get(YES, 0), sum(recommends.values())),
        counted=_counted(row.plan, counts) if shown else [],
        written=_written(row.plan, texts_of(event.id, all_of_them=shown)),
    )


def _shown(row: Evaluation) -> bool:
    return shows(row.closes_at, row.answers, now=now())


def _average(counts: dict[str, int]) -> str:
    tenths = average_tenths(counts)
    return "" if tenths is None else wording.decimal(tenths)


def _counted(plan: Plan, counts: dict[str, dict[str, int]]) -> list[Counted]:
    labels, found = wording.evaluation_labels(plan), []
    for item, values in counted_items(plan).items():
        numbers = [counts[item][value] for value in values]
        most = max(numbers) or 1
        rows = [(value, number, 100 * number // most) for value, number in zip(values, numbers, strict=True)]
        average = _average(counts[item]) if item == GRADE or values == SCALE else ""
        found.append(Counted(labels[item], rows, sum(numbers), average))
    return found


def _written(plan: Plan, texts: dict[str, list[Written]]) -> list[tuple[str, list[Written]]]:
    names_people(sum(bool(one.name) for written in texts.values() for one in written))
    labels = wording.evaluation_labels(plan)
    return [(labels[item], texts[item]) for item in written_items(plan) if item in texts]


@blueprint.get(f"{_PATH}.<extension>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.EVALUATION)
def evaluation_file(slug: str, extension: str) -> Answer:
    """The same as a file. Every question for itself: no line holds what one person answered."""
    event = event_or_404(slug)
    row = evaluation_of(event)
    if not _shown(row):
        raise EvaluationHidden()
    return table_file(_table(event, row), "evaluatie", event, extension)


def _table(event: Event, row: Evaluation) -> AnswerTable:
    numbers = _counted(row.plan, counts_of(event.id))
    rows: list[tuple[str | int, ...]] = [("Gevraagd", "", row.asked), ("Geantwoord", "", row.answers)]
    rows += [(one.label, value, number) for one in numbers for value, number, _width in one.rows]
    for label, texts in _written(row.plan, texts_of(event.id, all_of_them=True)):
        rows += [(label, f"{one.text} ({one.name})" if one.name else one.text, "") for one in texts]
    return AnswerTable(
        event_title=event.title,
        association=load_association().letterhead,
        heads=("Vraag", "Antwoord", "Aantal"),
        rows=tuple(rows),
        printed_at=now(),
    )


@blueprint.route(f"{_PATH}/instellingen", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def evaluation_plan(slug: str) -> Answer:
    """Whether to thank, what to ask and for how long."""
    event = event_or_404(slug)
    row = evaluation_of(event)
    form = PlanForm(data=plan_data(row.plan, row.version))
    if form.validate_on_submit():
        version = own_number(form.version.data)
        seen = -1 if version is None else version
        try:
            evaluating.set_plan(event.id, form.read(), version=seen, by=actor(), now=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("Bedankmail en evaluatie zijn bewaard.", "good")
            return back_to("evaluation", slug=slug)
    event = event_or_404(slug)
    begun = evaluation_of(event).closes_at is not None
    page = render_template("organiser/evaluation_plan.html", event=event, form=form, begun=begun)
    return page, 422 if form.errors else 200


@blueprint.get(f"{_PATH}/voorbeeld")
@audience(Audience.STAFF, *READERS)
def evaluation_preview(slug: str) -> Answer:
    """The questions as people see them; nothing can be sent."""
    event = event_or_404(slug)
    form = reply_form(evaluation_of(event).plan)
    return render_template("organiser/evaluation_preview.html", event=event, form=form)


@blueprint.route(f"{_PATH}/sluiting", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
def evaluation_closing(slug: str) -> Answer:
    """Say in numbers what closing early does, and do it."""
    event = event_or_404(slug)
    row = evaluation_of(event)
    if stage(row.closes_at, now=now()) != Stage.OPEN:
        return back_to("evaluation", slug=slug)
    if request.method == "POST":
        evaluating.close(event.id, by=actor(), now=now())
        flash("De evaluatie is gesloten.", "good")
        return back_to("evaluation", slug=slug)
    return render_template("organiser/evaluation_close.html", event=event, evaluation=row, fewest=FEWEST)


@blueprint.post(f"{_PATH}/heropening")
@audience(Audience.STAFF, *EDITORS)
def evaluation_reopening(slug: str) -> Answer:
    """Give people more time; only while nobody could see an answer."""
    event = event_or_404(slug)
    try:
        evaluating.reopen(event.id, by=actor(), now=now())
    except DomainError as refusal:
        flash(wording.refusal(refusal), "wait")
    else:
        flash("De evaluatie staat weer open.", "good")
    return back_to("evaluation", slug=slug)
