"""How does the sandbox misbehave on request? Faults are armed for a number of calls and spoil one answer each."""

import re
import socket
import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from flask import Response, jsonify, request

from .problems import Problem

OPERATIONS = ("any", "create", "get", "cancel", "update", "list", "refund", "refund-get", "refund-cancel", "methods")
KINDS = "timeout[:seconds] drop http-<status> html[:status] broken-json strange-json bare-error slow:<seconds>"

_FORM = re.compile(
    r"(?P<name>timeout|drop|html|broken-json|strange-json|bare-error|slow|http-(?P<status>[45]\d\d))"
    r"(:(?P<number>\d+(\.\d+)?))?"
)
_DEFAULT_NUMBER = {"timeout": 30.0, "html": 502.0, "slow": 3.0}
_NO_WORK_UNLESS_ASKED = ("http", "html", "bare-error")


class Fault(NamedTuple):
    """One spoiled answer. With `after_work` the work is done before the error is told."""

    name: str
    number: float
    after_work: bool


def parse(kind: str, *, after_work: bool = False) -> Fault:
    """The fault that a word like "slow:3" stands for. Raises ValueError with the kinds there are."""
    match = _FORM.fullmatch(kind)
    if match is None:
        raise ValueError(f"unknown fault {kind!r}; there are: {KINDS}")
    if match["status"]:
        return Fault("http", float(match["status"]), after_work)
    number = float(match["number"] or _DEFAULT_NUMBER.get(match["name"], 0))
    does_work = after_work or match["name"] not in _NO_WORK_UNLESS_ASKED or (match["name"], number) == ("html", 200)
    return Fault(match["name"], number, does_work)


def arm(db: sqlite3.Connection, *, operation: str, kind: str, times: int | None, after_work: bool) -> None:
    """Spoil the next `times` calls of an operation, or all of them until disarmed. Raises ValueError."""
    parse(kind)
    if operation not in OPERATIONS:
        raise ValueError(f"unknown operation {operation!r}; there are: {' '.join(OPERATIONS)}")
    db.execute(
        "INSERT INTO faults (operation, kind, after_work, times) VALUES (?, ?, ?, ?)",
        (operation, kind, after_work, times),
    )


def disarm(db: sqlite3.Connection) -> None:
    """Behave again."""
    db.execute("DELETE FROM faults")


def armed(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """What is still to come, in order."""
    return db.execute("SELECT * FROM faults ORDER BY number").fetchall()


def take(db: sqlite3.Connection, operation: str) -> Fault | None:
    """The fault for this call, used up once."""
    sql = "SELECT * FROM faults WHERE operation IN (?, 'any') ORDER BY number LIMIT 1"
    row = db.execute(sql, (operation,)).fetchone()
    if row is None:
        return None
    if row["times"] is not None:
        db.execute("UPDATE faults SET times = times - 1 WHERE number = ?", (row["number"],))
        db.execute("DELETE FROM faults WHERE times <= 0")
    return parse(row["kind"], after_work=bool(row["after_work"]))


def spoil(fault: Fault, work: Callable[[], Response], pause: Callable[[float], object]) -> Response:
    """The answer to a call under a fault. `pause` waits for seconds, or until the sandbox stops."""
    if fault.name == "slow":
        pause(fault.number)
        return work()
    answer = work() if fault.after_work else Response()
    if fault.name == "timeout":
        pause(fault.number)
    elif fault.name == "drop":
        _cut_the_line()
    elif fault.name == "broken-json":
        answer.set_data(answer.get_data()[: len(answer.get_data()) // 2])
    elif fault.name == "strange-json":
        return jsonify(["?"])
    elif fault.name == "bare-error":
        return _status(jsonify({"status": 500}), 500)
    elif fault.name == "html":
        return _html(int(fault.number))
    elif fault.name == "http":
        return _error(int(fault.number))
    return answer


def _error(status: int) -> Response:
    answer = _status(jsonify(Problem(status, "The sandbox was told to answer with this error").as_json()), status)
    if status in (429, 503):
        answer.headers["Retry-After"] = "30"
    return answer


def _html(status: int) -> Response:
    """A page as proxies make them. It quotes the key, because some do: nothing of it may reach a log."""
    key = request.headers.get("Authorization", "")
    return Response(f"<html><h1>{status}</h1><pre>Authorization: {key}</pre></html>", status, mimetype="text/html")


def _status(answer: Response, status: int) -> Response:
    answer.status_code = status
    return answer


def _cut_the_line() -> None:
    line: socket.socket = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)
