"""Is the house alive, can it serve, and how is it?"""

import hmac
import ipaddress

from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from eventapp.queries import health, watching
from eventapp.web import metrics
from eventapp.web.access import Audience, audience, guard
from eventapp.web.clock import now

blueprint = Blueprint("probes", __name__)
guard(blueprint)


@blueprint.get("/healthz")
@audience(Audience.OPERATOR)
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@audience(Audience.OPERATOR)
def ready() -> tuple[Response, int]:
    """503 when pages cannot be served. A late worker is told and no reason to stop serving: what it does can wait."""
    try:
        schema_at_head = health.schema().at_head
        worker = _worker() if schema_at_head else "unknown"
    except SQLAlchemyError:
        return _answer("unavailable", database="unreachable", schema="unknown", worker="unknown"), 503
    if not schema_at_head:
        return _answer("unavailable", database="ok", schema="not at head", worker=worker), 503
    return _answer("ok" if worker == "ok" else "degraded", database="ok", schema="ok", worker=worker), 200


@blueprint.get("/metrics")
@audience(Audience.OPERATOR)
def figures() -> Response:
    """For Prometheus: from this machine itself, or with METRICS_TOKEN as bearer. To anybody else it does not exist."""
    if not (_from_this_machine() or _knows_the_token()):
        abort(404)
    found = metrics.text(watching.figures(now=now()), folder=current_app.config["PROMETHEUS_MULTIPROC_DIR"])
    return Response(found, mimetype="text/plain; version=0.0.4")


def _from_this_machine() -> bool:
    """A call that any proxy passed on is none, whatever the settings say about proxies."""
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not passed_on and ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback


def _knows_the_token() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    return bool(token) and hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")


def _worker() -> str:
    if not health.worker_late(now=now()):
        return "ok"
    seen_at = health.worker_seen_at()
    return f"last seen {seen_at.isoformat(timespec='seconds')}" if seen_at else "never seen"


def _answer(status: str, **parts: str) -> Response:
    return jsonify({"status": status, **parts})
