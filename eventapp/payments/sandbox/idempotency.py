"""Was this POST made before? The same key and request get the first answer again, for an hour."""

import hashlib
import time
from collections.abc import Callable

from flask import Response, request

from .problems import Problem
from .store import Store

KEPT_SECONDS = 3600


def once(store: Store, work: Callable[[], Response]) -> Response:
    """Do the work, or give the answer it had before.

    Raises a 400 Problem when the key came with another request, a 409 Problem while the first is under way.
    """
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or not key:
        return work()
    earlier = _claim(store, key)
    if earlier is not None:
        return earlier
    try:
        answer = work()
    except BaseException:
        _forget(store, key)
        raise
    with store.transaction() as db:
        db.execute(
            "UPDATE answers SET status = ?, body = ? WHERE key = ?", (answer.status_code, answer.get_data(), key)
        )
    return answer


def _claim(store: Store, key: str) -> Response | None:
    """The earlier answer, or None when this request is the first and the key is now its own."""
    content = request.method.encode() + request.full_path.encode() + b"\n" + request.get_data()
    fingerprint = hashlib.sha256(content).hexdigest()
    with store.transaction() as db:
        db.execute("DELETE FROM answers WHERE created_at < ?", (time.time() - KEPT_SECONDS,))
        row = db.execute("SELECT * FROM answers WHERE key = ?", (key,)).fetchone()
        if row is None:
            db.execute(
                "INSERT INTO answers (key, request, created_at) VALUES (?, ?, ?)", (key, fingerprint, time.time())
            )
            return None
    if row["request"] != fingerprint:
        raise Problem(400, "The idempotency key was used before with another request")
    if row["status"] is None:
        raise Problem(409, "A request with this idempotency key is still being processed")
    answer = Response(row["body"], row["status"], mimetype="application/hal+json")
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _forget(store: Store, key: str) -> None:
    with store.transaction() as db:
        db.execute("DELETE FROM answers WHERE key = ?", (key,))
