"""Lists that come in: bringing a file, looking at what it would do, and doing it."""

from dataclasses import dataclass, field
from typing import Any

from flask import Response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from eventapp import wording
from eventapp.domain.errors import FileTooLarge, NotFound
from eventapp.domain.import_rows import Fate
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.looks import PeopleList
from eventapp.models import Event, Job
from eventapp.queries import jobs as known
from eventapp.queries.events import event_by_id
from eventapp.services import importing, jobs
from eventapp.services.importing.files import MOST_BYTES, MOST_ROWS
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, blueprint
from eventapp.web.organiser.forms.importing import EventsImportForm, ImportForm, RegistrationsImportForm, SkipForm
from eventapp.web.organiser.jobs import job_or_404
from eventapp.web.organiser.shared import Answer, actor, back_to, event_or_404

# What each list is called in addresses.
_LISTS = {"mensen": "people", "organisaties": "organisations", "evenementen": "events"}
_FORMS = {"evenementen": EventsImportForm}
# Room to say kindly that a file is too large, rather than to break off.
_MOST_SENT = 4 * MOST_BYTES


@dataclass(frozen=True)
class _Page:
    """Where a list is brought: what it is called, the page that it belongs to, and that of an event."""

    what: str
    listed: str
    home: str
    event: Event | None = None
    chosen: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Of the page itself."""
        if self.event:
            return url_for("organiser.import_registrations", slug=self.event.slug)
        return url_for("organiser.import_file", what=self.what)

    @property
    def example(self) -> str:
        """Where a file to begin with is."""
        return url_for("organiser.import_example", what=self.what)


def _page(what: str) -> _Page:
    homes = {"mensen": "people", "organisaties": "organisations", "evenementen": "events"}
    return _Page(what, _LISTS[what], url_for(f"organiser.{homes[what]}"))


def _page_of(event: Event) -> _Page:
    home = url_for("organiser.registrations", slug=event.slug)
    return _Page("aanmeldingen", "registrations", home, event, {"event_id": event.id})


@blueprint.route("/evenementen/import", methods=["GET", "POST"], defaults={"what": "evenementen"})
@blueprint.route("/<any(mensen, organisaties):what>/import", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def import_file(what: str) -> Answer:
    """Bring a file; a job looks at it."""
    return _bring(_page(what), _FORMS.get(what, ImportForm))


@blueprint.route("/evenementen/<slug>/aanmeldingen/import", methods=["GET", "POST"])
@audience(Audience.STAFF, *EDITORS)
@checks_own_csrf
def import_registrations(slug: str) -> Answer:
    """The same for who comes to one event."""
    return _bring(_page_of(event_or_404(slug)), RegistrationsImportForm)


def _bring(page: _Page, make_form: type[ImportForm]) -> Answer:
    request.max_content_length = _MOST_SENT
    try:
        form = make_form()
        sent = form.validate_on_submit()
    except RequestEntityTooLarge:
        form = make_form(formdata=None)
        form.refuse(FileTooLarge(most=MOST_BYTES // 1024 // 1024))
        return _upload_page(page, form), 413
    if not sent:
        return _upload_page(page, form), 422 if form.errors else 200
    parameters = {"what": page.listed, **page.chosen, **form.chosen()}
    job_id = jobs.enqueue(JobKind.IMPORT_PREVIEW, parameters, by=actor(), now=now(), file=form.stored())
    return back_to("job", job_id=job_id)


def _upload_page(page: _Page, form: ImportForm) -> str:
    return render_template(
        "organiser/import.html",
        page=page,
        form=form,
        columns=importing.LISTS[page.listed].columns,
        most_megabytes=MOST_BYTES // 1024 // 1024,
        most_rows=MOST_ROWS,
    )


@blueprint.get("/evenementen/import/voorbeeld.csv", defaults={"what": "evenementen"})
@blueprint.get("/<any(mensen, organisaties, aanmeldingen):what>/import/voorbeeld.csv")
@audience(Audience.STAFF, *EDITORS)
def import_example(what: str) -> Answer:
    """A file to begin with."""
    disposition = {"Content-Disposition": f'attachment; filename="voorbeeld-{what}.csv"'}
    content = importing.example(_LISTS.get(what, "registrations"))
    return Response(content, content_type="text/csv; charset=utf-8", headers=disposition)


@blueprint.get("/import/<int:job_id>")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.IMPORT)
def import_preview(job_id: int) -> Answer:
    """Row by row what would happen, and the button that makes it happen."""
    return _preview_page(_preview_or_404(job_id), SkipForm(formdata=None))


@blueprint.post("/import/<int:job_id>/doorvoering")
@audience(Audience.STAFF, *EDITORS)
@lists_people(PeopleList.IMPORT)
@checks_own_csrf
def import_go(job_id: int) -> Answer:
    """Do it, once, whoever else presses the button too."""
    job = _preview_or_404(job_id)
    form = SkipForm()
    if not form.validate_on_submit() or (job.result["counts"][Fate.REFUSED.value] and not form.skip_refused.data):
        form.need_consent()
        return _preview_page(job, form), 422
    parameters = {**job.parameters, "skip_refused": bool(form.skip_refused.data)}
    file = jobs.file_of(job_id, jobs.INPUT)
    try:
        next_id = jobs.enqueue(JobKind.IMPORT, parameters, by=actor(), now=now(), file=file, follows=job_id)
    except IntegrityError:
        next_id = known.follower_of(job_id) or job_id
    return back_to("job", job_id=next_id)


def _preview_or_404(job_id: int) -> Job:
    job = job_or_404(job_id)
    if job.kind != JobKind.IMPORT_PREVIEW or job.state != JobState.DONE:
        raise NotFound()
    return job


def _page_of_job(job: Job) -> _Page:
    """Where its list was brought. Refuses with NotFound when the event has gone since."""
    if "event_id" not in job.parameters:
        return _page(next(name for name, listed in _LISTS.items() if listed == job.parameters["what"]))
    event = event_by_id(job.parameters["event_id"])
    if event is None:
        raise NotFound()
    return _page_of(event)


def _preview_page(job: Job, form: SkipForm) -> str:
    shown = request.args.get("toon", "")
    shown = shown if shown in list(Fate) else ""
    page = known.lines(job.id, outcome=shown, page=max(1, request.args.get("pagina", 1, type=int)))
    names_people(len(page.rows))

    def page_url(**values: Any) -> str:
        return url_for("organiser.import_preview", job_id=job.id, **values)

    number = page.number
    return render_template(
        "organiser/import_preview.html",
        job=job,
        form=form,
        brought=_page_of_job(job),
        counts=job.result["counts"],
        total=job.total or 0,
        page=page,
        shown=shown,
        fates=wording.FATES,
        follower=known.follower_of(job.id),
        files=known.file_names(job.id),
        previous=page_url(toon=shown or None, pagina=number - 1) if number > 1 else None,
        next=page_url(toon=shown or None, pagina=number + 1) if page.more else None,
    )
