"""Who was at which meeting of a circle: on the screen, on paper and as a workbook; and certificates over all of it."""

from collections.abc import Callable

from flask import Response, abort, render_template, request

from eventapp import documents
from eventapp.documents.file_names import file_name
from eventapp.documents.matrix import MatrixSheet
from eventapp.domain.looks import PeopleList
from eventapp.queries.association import load_association
from eventapp.queries.matrix import matrix_of
from eventapp.services import certifying_series
from eventapp.web.access import Audience, audience
from eventapp.web.clock import now
from eventapp.web.looks import lists_people, names_people
from eventapp.web.organiser import EDITORS, READERS, blueprint
from eventapp.web.organiser.circles import circle_or_404
from eventapp.web.organiser.shared import Answer, actor, back_to

_PATH = "/kringen/<slug>"
_FILES: dict[str, tuple[Callable[[MatrixSheet], bytes], str]] = {
    "pdf": (lambda sheet: documents.matrix_pdf.to_pdf(sheet), "application/pdf"),
    "xlsx": (
        lambda sheet: documents.matrix_sheets.to_xlsx(sheet),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (lambda sheet: documents.matrix_sheets.to_csv(sheet), "text/csv; charset=utf-8"),
}


@blueprint.get(f"{_PATH}/presentie.<extension>")
@audience(Audience.STAFF, *READERS)
@lists_people(PeopleList.MATRIX)
def circle_matrix(slug: str, extension: str) -> Answer:
    """The matrix; with ?stand=vooraf as PDF a list to sign for what is still to come."""
    circle = circle_or_404(slug)
    sheet = MatrixSheet(
        title=circle.name,
        season=circle.season,
        association=load_association().letterhead,
        matrix=matrix_of(circle, now=now()),
        printed_at=now(),
    )
    names_people(len(sheet.matrix.rows))
    if extension == "html":
        return render_template(
            "organiser/matrix.html",
            circle=circle,
            sheet=sheet,
            letter=documents.matrix.letter,
            out_of=documents.matrix.out_of,
            percent=documents.matrix.percent,
            legend=documents.matrix.legend(),
            explained=documents.matrix.EXPLAINED,
            may_send=actor().has(*EDITORS) and any(one.meeting.fixed for one in sheet.matrix.columns),
        )
    if extension not in _FILES:
        abort(404)
    make, content_type = _FILES[extension]
    if extension == "pdf" and request.args.get("stand") == "vooraf":
        make = documents.signing_pdf.to_pdf
    placed = "inline" if extension == "pdf" else "attachment"
    disposition = f'{placed}; filename="{file_name("presentie", circle.slug, extension)}"'
    return Response(make(sheet), content_type=content_type, headers={"Content-Disposition": disposition})


@blueprint.post(f"{_PATH}/bewijzen/verzending")
@audience(Audience.STAFF, *EDITORS)
def circle_certificates_sending(slug: str) -> Answer:
    """Mail everybody who was at one meeting at least a certificate over the whole circle, by a worker."""
    circle = circle_or_404(slug)
    return back_to("job", job_id=certifying_series.ask_all(circle.id, by=actor(), now=now()))
