"""Long work in the back office: what there is, how far each is, calling it off, and what it left."""

from flask import flash, render_template

from eventapp.domain.errors import NotAllowed, NotFound
from eventapp.domain.jobs import OVER, JobKind
from eventapp.domain.looks import PeopleList
from eventapp.models import Job
from eventapp.queries import jobs as known
from eventapp.services import jobs
from eventapp.web.access import Audience, Reach, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.shared import Answer, actor, back_to
from eventapp.web.sent_files import sent_file

# The page on which what a job of this kind left is looked at.
RESULT_PAGES = {JobKind.IMPORT_PREVIEW: "organiser.import_preview"}


@blueprint.get("/taken")
@audience(Audience.STAFF, *EDITORS)
def jobs_list() -> Answer:
    """The latest of them."""
    return render_template("organiser/jobs.html", jobs=known.latest_jobs(), limit=known.JOBS_SHOWN)


@blueprint.get("/taken/<int:job_id>")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
@lists_people(PeopleList.FILES)
def job(job_id: int) -> Answer:
    """How far one is, and what it left."""
    found = _theirs(job_id)
    refused = known.refused_registrations(job_id) if found.kind == JobKind.BULK else []
    names_people(len(refused))
    return render_template(
        "organiser/job.html",
        job=found,
        over=found.state in OVER,
        files=known.results_of(job_id),
        result_page=RESULT_PAGES.get(found.kind),
        refused=refused,
    )


@blueprint.post("/taken/<int:job_id>/afbreking")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
def job_cancellation(job_id: int) -> Answer:
    """Call it off; what was done stays done."""
    _theirs(job_id)
    jobs.cancel(job_id, by=actor(), now=now())
    flash("De taak wordt afgebroken. Wat al gedaan is, blijft gedaan.", "good")
    return back_to("job", job_id=job_id)


@blueprint.get("/taken/<int:job_id>/bestanden/<role>")
@audience(Audience.STAFF, *READERS, reach=Reach.OWN)
@lists_people(PeopleList.FILES)
def job_file(job_id: int, role: str) -> Answer:
    """One of the files that it left."""
    found = _theirs(job_id)
    if role not in known.results_of(job_id):
        raise NotFound()
    file = jobs.file_of(job_id, role)
    names_people(found.total or 1)
    return sent_file(file.content, file.content_type, file.name, attached=True)


def _theirs(job_id: int) -> Job:
    """A job of the office, or the list that one asked for oneself. Refuses with NotFound and NotAllowed."""
    found, who = job_or_404(job_id), actor()
    asked_it = found.kind == JobKind.LIST and (found.actor_kind, found.actor_id) == (who.kind, who.id)
    if not asked_it and not who.has(*EDITORS):
        raise NotAllowed()
    return found


def job_or_404(job_id: int) -> Job:
    """A job. Refuses with NotFound."""
    found = known.job_by_id(job_id)
    if found is None:
        raise NotFound()
    return found
