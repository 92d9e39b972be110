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
        "application/feed+json",
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
    if response.status_code == 206:
        return response
    response.vary.add("Accept-Encoding")
    etag, weak = response.get_etag()
    if etag and not weak:
        # The same ETag stands for the bytes with and without compression, also in a 304, so it can only be weak.
        response.set_etag(etag, weak=True)
    if "Content-Encoding" in response.headers:
        return response
    data = response.get_data()
    if compressible(len(data)):
        response.set_data(gzipped(data))
        response.headers["Content-Encoding"] = "gzip"
    return response


def compressible(size: int) -> bool:
    """Whether so many bytes go compressed to this browser."""
    return size >= _SMALLEST and request.accept_encodings.quality("gzip") > 0


def gzipped(data: bytes) -> bytes:
    """Compressed, for a view that keeps what it made."""
    return gzip.compress(data, _LEVEL, mtime=0)
