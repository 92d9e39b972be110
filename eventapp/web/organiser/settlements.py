"""Geld: what Mollie paid out, where its books and ours differ, and bringing a settlement."""

from typing import Any

from flask import Response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from eventapp.domain.actors import Role
from eventapp.domain.errors import FileTooLarge, NotFound
from eventapp.domain.import_rows import Fate
from eventapp.domain.jobs import OVER, JobKind, JobState
from eventapp.domain.settlements import SettlementKind
from eventapp.models import Job
from eventapp.queries import jobs as known_jobs
from eventapp.queries import settlements as known
from eventapp.services import importing, jobs
from eventapp.services.importing.files import MOST_BYTES, MOST_ROWS
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.forms import checks_own_csrf
from eventapp.web.organiser import MONEY, blueprint
from eventapp.web.organiser.forms.bookkeeping import SettlementForm
from eventapp.web.organiser.shared import Answer, actor, back_to

_SHOWN = 200
_MOST_SENT = 4 * MOST_BYTES
# A row that is CHANGED is booked as well: Mollie did pay it out.
_FATES = {Fate.NEW: "Klopt", Fate.CHANGED: "Verschil", Fate.UNCHANGED: "Al geboekt", Fate.REFUSED: "Geweigerd"}


@blueprint.get("/geld/uitbetalingen")
@audience(Audience.STAFF, *MONEY)
def settlements() -> Answer:
    """The payouts that were booked, and every difference as it is now."""
    found, differences = known.settlements(), known.differences()
    return render_template(
        "organiser/settlements.html",
        settlements=found[:_SHOWN],
        more=max(0, len(found) - _SHOWN),
        differences=differences[:_SHOWN],
        more_differences=max(0, len(differences) - _SHOWN),
        kinds=[kind for kind in SettlementKind if any(one.cents[kind] for one in found)],
        may_bring=actor().has(Role.PENNINGMEESTER),
    )


@blueprint.get("/geld/uitbetalingen/regels")
@audience(Audience.STAFF, *MONEY)
def settlement() -> Answer:
    """The lines of one payout, each leading to its registration."""
    name = request.args.get("uitbetaling", "")
    lines = known.lines_of(name)
    if not lines:
        raise NotFound()
    return render_template(
        "organiser/settlement.html",
        name=name,
        lines=lines,
        registrations=known.registrations_of(lines),
        total_cents=sum(line.amount_cents for line in lines),
    )


@blueprint.route("/geld/uitbetalingen/bestand", methods=["GET", "POST"])
@audience(Audience.STAFF, Role.PENNINGMEESTER)
@checks_own_csrf
def settlement_file() -> Answer:
    """Bring a file; a job looks at it, and nothing is booked yet."""
    request.max_content_length = _MOST_SENT
    try:
        form = SettlementForm()
        sent = form.validate_on_submit()
    except RequestEntityTooLarge:
        form = SettlementForm(formdata=None)
        form.refuse(FileTooLarge(most=MOST_BYTES // 1024 // 1024))
        return _upload_page(form), 413
    if not sent:
        return _upload_page(form), 422 if form.errors else 200
    parameters = {"what": "settlements"}
    job_id = jobs.enqueue(JobKind.SETTLEMENT_PREVIEW, parameters, by=actor(), now=now(), file=form.stored())
    return back_to("settlement_preview", job_id=job_id)


def _upload_page(form: SettlementForm) -> str:
    most = {"most_megabytes": MOST_BYTES // 1024 // 1024, "most_rows": MOST_ROWS}
    return render_template("organiser/settlement_file.html", form=form, **most)


@blueprint.get("/geld/uitbetalingen/voorbeeld.csv")
@audience(Audience.STAFF, Role.PENNINGMEESTER)
def settlement_example() -> Answer:
    """What such a file looks like."""
    headers = {"Content-Disposition": 'attachment; filename="voorbeeld-uitbetaling.csv"'}
    return Response(importing.example("settlements"), content_type="text/csv; charset=utf-8", headers=headers)


@blueprint.get("/geld/uitbetalingen/bestand/<int:job_id>")
@audience(Audience.STAFF, Role.PENNINGMEESTER)
def settlement_preview(job_id: int) -> Answer:
    """Line by line what would be booked, or how far the booking is."""
    job = _job_or_404(job_id)
    shown = request.args.get("toon", "")
    shown = shown if shown in list(Fate) else ""
    page = known_jobs.lines(job.id, outcome=shown, page=max(1, request.args.get("pagina", 1, type=int)))

    def page_url(**values: Any) -> str:
        return url_for("organiser.settlement_preview", **({"job_id": job.id} | values))

    return render_template(
        "organiser/settlement_preview.html",
        job=job,
        over=job.state in OVER,
        is_preview=job.kind == JobKind.SETTLEMENT_PREVIEW,
        counts=job.result.get("counts"),
        page=page,
        shown=shown,
        fates=_FATES,
        follower=known_jobs.follower_of(job.id),
        files=known_jobs.file_names(job.id),
        page_url=page_url,
        previous=page_url(toon=shown or None, pagina=page.number - 1) if page.number > 1 else None,
        next=page_url(toon=shown or None, pagina=page.number + 1) if page.more else None,
    )


@blueprint.post("/geld/uitbetalingen/bestand/<int:job_id>/boeking")
@audience(Audience.STAFF, Role.PENNINGMEESTER)
def settlement_booking(job_id: int) -> Answer:
    """Book what is new, once, whoever else presses the button too; what is refused stays out."""
    job = _job_or_404(job_id)
    if job.kind != JobKind.SETTLEMENT_PREVIEW or job.state != JobState.DONE:
        raise NotFound()
    parameters = {**job.parameters, "skip_refused": True}
    file = jobs.file_of(job_id, jobs.INPUT)
    try:
        next_id = jobs.enqueue(JobKind.SETTLEMENT, parameters, by=actor(), now=now(), file=file, follows=job_id)
    except IntegrityError:
        next_id = known_jobs.follower_of(job_id) or job_id
    return back_to("settlement_preview", job_id=next_id)


def _job_or_404(job_id: int) -> Job:
    found = known_jobs.job_by_id(job_id)
    if found is None or found.kind not in (JobKind.SETTLEMENT_PREVIEW, JobKind.SETTLEMENT):
        raise NotFound()
    return found
