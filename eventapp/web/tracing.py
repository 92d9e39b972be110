"""Which request was that, how did it end and how long did it take? One id, one line and one measurement for each."""

import logging
import secrets
import time

from flask import Flask, g, request
from werkzeug.wrappers import Response

from eventapp.logs import FACTS, request_id
from eventapp.web import metrics

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
ID_HEADER = "X-Request-Id"
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


def begin() -> float:
    """Name a request, and say at which moment of the clock that only counts it began."""
    request_id.set(secrets.token_hex(4).upper())
    return time.perf_counter()


def tell(method: str, rule: str, room: str, status: int, began: float, *, news: bool = True) -> None:
    """Measure a request that was answered, and write its line unless that is no news.

    The line holds the rule and not the address: addresses hold links that open things, and what was searched for.
    """
    took = time.perf_counter() - began
    metrics.observe(method, rule, room, status, took)
    if news:
        facts = {"method": method, "rule": rule, "status": status, "ms": round(took * 1000, 1)}
        log.info("request", extra={FACTS: facts})


def _begin() -> None:
    g.began = begin()


def _end(response: Response) -> Response:
    rule = request.url_rule.rule if request.url_rule else "-"
    # Whoever asks may make up a method; each would be a figure of its own for ever.
    method = request.method if request.method in _METHODS else "other"
    room, news = request.blueprint or "-", request.endpoint not in _WATCHED
    tell(method, rule, room, response.status_code, g.began, news=news)
    response.headers[ID_HEADER] = current_id()
    return response
