"""Files that were drawn or kept, as an answer: their names as browsers read them, and nobody on the way keeps them."""

import io

from flask import Response, send_file


def sent_file(content: bytes, content_type: str, name: str, *, attached: bool) -> Response:
    """Shown by the browser, or saved when `attached`."""
    answer = send_file(io.BytesIO(content), mimetype=content_type, as_attachment=attached, download_name=name)
    # Flask says "no-cache", which lets everybody keep it; without it these are as private as every page.
    del answer.headers["Cache-Control"]
    return answer
