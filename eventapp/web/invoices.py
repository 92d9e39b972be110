"""The papers of an invoice as a download, for the office and for whoever has its link."""

from werkzeug.wrappers import Response

from eventapp.documents.file_names import file_name
from eventapp.domain.errors import NotFound
from eventapp.models import Invoice

_TYPES = {"pdf": "application/pdf", "xml": "application/xml"}


def paper_of(invoice: Invoice, extension: str) -> Response:
    """The PDF, or the UBL as xml, as they were drawn once. Refuses with NotFound when there is none (yet)."""
    files = invoice.files
    content = {"pdf": files.pdf, "xml": files.ubl}.get(extension) if files else None
    if content is None:
        raise NotFound()
    name = file_name("factuur", invoice.number or "", extension)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=_TYPES[extension], headers=headers)
