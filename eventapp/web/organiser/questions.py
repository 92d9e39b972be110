"""The questions of an event in the back office: the list, one question, their order, and what it looks like."""

from flask import flash, render_template, request

from eventapp import formatting, wording
from eventapp.domain.care import blocks_for
from eventapp.domain.errors import DomainError, NotFound, OptionInUse
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.pricing import Category
from eventapp.domain.questions import Asked, QuestionKind
from eventapp.domain.retention import CARE_DAYS, erased_on
from eventapp.extensions import db
from eventapp.models import Event, Question
from eventapp.queries import questions as question_queries
from eventapp.services import asking
from eventapp.web import questions as question_forms
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.forms.question import BlocksForm, QuestionForm, fill_from
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404
from eventapp.web.own_numbers import own_number
from eventapp.web.personal import PersonalForm

_WAYS = {EventForm.FYSIEK: "op locatie", EventForm.ONLINE: "online"}


@blueprint.get("/evenementen/<slug>/vragen")
@audience(Audience.STAFF, *READERS)
def questions(slug: str) -> Answer:
    """What is asked, in order, and who still has to answer."""
    event = event_or_404(slug)
    blocks = question_queries.blocks_of(event.id)
    return _list_page(event, BlocksForm(data={block.value: True for block in blocks}))


@blueprint.post("/evenementen/<slug>/vragen/standaard")
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def standard_questions(slug: str) -> Answer:
    """Which standard questions are asked."""
    event = event_or_404(slug)
    form = BlocksForm()
    if not form.validate():
        return _list_page(event, form), 422
    asking.choose_blocks(event.id, form.read(), by=actor(), now=now())
    flash("De vaste vragen zijn bewaard.", "good")
    return back_to("questions", slug=slug)


@blueprint.route("/evenementen/<slug>/vragen/nieuw", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def new_question(slug: str) -> Answer:
    """One thing more to ask, of the kind in the address."""
    event = event_or_404(slug)
    if request.args.get("soort") not in list(QuestionKind):
        return back_to("questions", slug=slug)
    kind = QuestionKind(request.args["soort"])
    earlier = question_queries.questions_of(event.id)
    form = QuestionForm(kind, earlier, hybrid=_hybrid(event), data={"keep_days": "30"})
    if form.validate_on_submit():
        try:
            asking.add_question(event.id, kind, form.read(), by=actor(), now=now())
        except DomainError as refusal:
            _show(form, refusal)
        else:
            flash("De vraag staat erbij.", "good")
            return back_to("questions", slug=slug)
    return _form_page(event_or_404(slug), form, kind)


@blueprint.route("/evenementen/<slug>/vragen/<int:question_id>", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def question(slug: str, question_id: int) -> Answer:
    """Say a question differently, unless somebody else saved since the page was read."""
    event = event_or_404(slug)
    found = _question_or_404(event, question_id)
    earlier = [row for row in question_queries.questions_of(event.id) if row.position < found.position]
    form = QuestionForm(found.kind, earlier, hybrid=_hybrid(event), data=fill_from(found))
    kind = found.kind
    if form.validate_on_submit():
        version = own_number(form.version.data) or 0
        try:
            asking.change_question(question_id, form.read(), version=version, by=actor(), now=now())
        except DomainError as refusal:
            _show(form, refusal)
        else:
            flash("De vraag is bewaard.", "good")
            return back_to("questions", slug=slug)
    answered = question_queries.answer_counts(event.id).get(question_id, 0)
    return _form_page(event_or_404(slug), form, kind, answered=answered)


@blueprint.post("/evenementen/<slug>/vragen/<int:question_id>/plaats")
@audience(Audience.STAFF, *EDITORS)
def question_place(slug: str, question_id: int) -> Answer:
    """One place up or down."""
    _question_or_404(event_or_404(slug), question_id)
    try:
        asking.move_question(question_id, up=request.form.get("richting") == "omhoog", by=actor(), now=now())
    except DomainError as refusal:
        flash(wording.refusal(refusal), "wait")
    return back_to("questions", slug=slug)


@blueprint.post("/evenementen/<slug>/vragen/<int:question_id>/verwijdering")
@audience(Audience.STAFF, *EDITORS)
def question_removal(slug: str, question_id: int) -> Answer:
    """Ask it no more; the answers that were given stay."""
    _question_or_404(event_or_404(slug), question_id)
    try:
        gone = asking.remove_question(question_id, by=actor(), now=now())
    except DomainError as refusal:
        flash(wording.refusal(refusal), "wait")
    else:
        closed = "De vraag is gesloten: wij stellen haar niet meer, de antwoorden blijven."
        flash("De vraag is verwijderd." if gone else closed, "good")
    return back_to("questions", slug=slug)


@blueprint.post("/evenementen/<slug>/vragen/<int:question_id>/heropening")
@audience(Audience.STAFF, *EDITORS)
def question_reopening(slug: str, question_id: int) -> Answer:
    """Ask a closed question again."""
    _question_or_404(event_or_404(slug), question_id)
    asking.reopen_question(question_id, by=actor(), now=now())
    flash("Deze vraag wordt weer gesteld.", "good")
    return back_to("questions", slug=slug)


@blueprint.get("/evenementen/<slug>/vragen/voorbeeld")
@audience(Audience.STAFF, *READERS)
def questions_preview(slug: str) -> Answer:
    """The page as somebody of a category sees it."""
    event = event_or_404(slug)
    chosen = request.args.get("categorie")
    category = Category(chosen) if chosen in list(Category) else Category.LID
    online = event.form == EventForm.ONLINE or (_hybrid(event) and request.args.get("vorm") == "online")
    attends = EventForm.ONLINE if online else EventForm.FYSIEK
    form = question_forms.asking(
        PersonalForm, question_queries.questions_of(event.id), Asked(category, attends), care_before=""
    )
    form.keep_only(blocks_for(question_queries.blocks_of(event.id), attends))
    return render_template(
        "organiser/questions_preview.html",
        event=event,
        form=form,
        category=category,
        online=online,
        hybrid=_hybrid(event),
        erased_on=erased_on(event.ends_at, CARE_DAYS),
    )


def _list_page(event: Event, form: BlocksForm) -> str:
    rows = question_queries.questions_of(event.id, closed=True)
    return render_template(
        "organiser/questions.html",
        event=event,
        rows=rows,
        about={row.id: _about(row, {other.id: other.label for other in rows}) for row in rows},
        counts=question_queries.answer_counts(event.id),
        kinds=list(QuestionKind),
        form=form,
        blocks=question_queries.blocks_of(event.id),
        open=question_queries.still_to_answer(event.id),
        over=event.ends_at <= now() or event.state == EventState.CANCELLED,
        erased_on=erased_on(event.ends_at, CARE_DAYS),
    )


def _about(question: Question, labels: dict[int, str]) -> str:
    """Kind, options, for whom and how long, on one line."""
    condition = question.condition
    categories = formatting.listed(
        [wording.CATEGORIES[code].lower() for code in Category if code in condition.categories]
    )
    options = f": {', '.join(question.options)}" if question.options else ""
    parts = [
        wording.QUESTION_KINDS[question.kind] + options,
        f"alleen {categories}" if categories else "",
        f"alleen {_WAYS[condition.attends]}" if condition.attends else "",
        f"alleen na “{labels[condition.question_id]}”: {' of '.join(sorted(condition.values))}"
        if condition.question_id
        else "",
        f"bewaard {wording.KEEP_WORDS[question.keep_days]}",
    ]
    return " · ".join(filter(None, parts))


def _form_page(event: Event, form: QuestionForm, kind: QuestionKind, *, answered: int = 0) -> tuple[str, int]:
    page = render_template("organiser/question_form.html", event=event, form=form, kind=kind, answered=answered)
    return page, 422 if form.errors else 200


def _show(form: QuestionForm, refusal: DomainError) -> None:
    """Beside the field that it is about when there is one, else above the form."""
    if isinstance(refusal, OptionInUse):
        form.options.errors = [wording.refusal(refusal)]
    else:
        form.refuse(refusal)


def _hybrid(event: Event) -> bool:
    return event.form == EventForm.HYBRIDE


def _question_or_404(event: Event, question_id: int) -> Question:
    found = db.session.get(Question, question_id)
    if found is None or found.event_id != event.id:
        raise NotFound()
    return found
