"""Which request was that, how did it end and how long did it take? One id, one line and one measurement for each."""

import logging
import secrets
import time

from flask import Flask, g, request
from werkzeug.wrappers import Response

from eventapp.logs import FACTS, request_id
from eventapp.web import metrics

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
log = logging.getLogger("eventapp.requests")
# Asked every few seconds by whatever watches us: measured, and no news.
_WATCHED = frozenset({"probes.alive", "probes.ready", "probes.figures"})


def init_app(app: Flask) -> None:
    """Name and time every request. To be called first, so that the time of all that follows counts."""
    app.before_request(_begin)
    app.after_request(_end)


def current_id() -> str:
    """The id of this request: what an error page shows and every line of the log holds."""
    return request_id.get()


def _begin() -> None:
    g.began = time.perf_counter()
    request_id.set(secrets.token_hex(4).upper())


def _end(response: Response) -> Response:
    """The line holds the rule and not the address: addresses hold links that open things, and what was searched for."""
    took = time.perf_counter() - g.began
    rule = request.url_rule.rule if request.url_rule else "-"
    # Whoever asks may make up a method; each would be a figure of its own for ever.
    method = request.method if request.method in _METHODS else "other"
    metrics.observe(method, rule, request.blueprint or "-", response.status_code, took)
    response.headers["X-Request-Id"] = current_id()
    if request.endpoint not in _WATCHED:
        facts = {"method": method, "rule": rule, "status": response.status_code, "ms": round(took * 1000, 1)}
        log.info("request", extra={FACTS: facts})
    return response
