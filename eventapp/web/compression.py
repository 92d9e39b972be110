"""Which answers are worth compressing on the way out?

Text above 1 kB, with gzip. Form tokens stay safe beside reflected text: Flask-WTF signs each with the time, and the
session cookie does not travel with requests from other sites.
"""

import gzip

from flask import Flask, Response, request

_SMALLEST = 1024
_LEVEL = 5
_TYPES = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/problem+json",
        "application/xml",
        "image/svg+xml",
        "text/calendar",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
        "text/xml",
    }
)


def compress_html(app: Flask) -> None:
    """Compress pages, feeds, calendars and JSON for browsers that accept gzip; streamed answers pass untouched.

    A view sets its ETag itself; one set by an `after_request` handler must be registered later than this.
    """
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in _TYPES or response.is_streamed or response.direct_passthrough:
        return response
    if "Content-Encoding" in response.headers or response.status_code == 206:
        return response
    response.vary.add("Accept-Encoding")
    etag, weak = response.get_etag()
    if etag and not weak:
        # The same ETag stands for the bytes with and without compression, also in a 304, so it can only be weak.
        response.set_etag(etag, weak=True)
    data = response.get_data()
    if len(data) >= _SMALLEST and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(data, _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
