"""A certificate of attendance as a file to download, for whoever it is of and for the office."""

from flask import Response, current_app

from eventapp.mail.certificates import certificate_file
from eventapp.mail.compose import links
from eventapp.models import Certificate


def as_file(given: Certificate) -> Response:
    """The one that was given, drawn as it read then."""
    name, content = certificate_file(given, links(), demo=current_app.config["DEMO"])
    placed = f'attachment; filename="{name}"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": placed})
