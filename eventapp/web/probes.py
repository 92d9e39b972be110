"""Is the house alive, and can it serve?"""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from eventapp.queries import health
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


def _worker() -> str:
    if not health.worker_late(now=now()):
        return "ok"
    seen_at = health.worker_seen_at()
    return f"last seen {seen_at.isoformat(timespec='seconds')}" if seen_at else "never seen"


def _answer(status: str, **parts: str) -> Response:
    return jsonify({"status": status, **parts})
