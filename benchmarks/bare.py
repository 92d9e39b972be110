"""The least that a web server of this kind can do: an empty answer, a page from memory, one committed row.

Run by gunicorn like the real thing; BENCH_DATABASE is the address of the database in which `/commit` writes.
"""

import json
import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, Response

TABLE = "bare_rows"
PAGE = b"<p>A page of fifteen kilobytes.</p>\n" * 417
_mine = threading.local()


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    url = os.environ.get("BENCH_DATABASE", "")
    app.add_url_rule("/empty", view_func=lambda: _json({}), endpoint="empty")
    app.add_url_rule("/page", view_func=lambda: Response(PAGE), endpoint="page")
    app.add_url_rule("/commit", view_func=lambda: _commit(url), endpoint="commit", methods=["POST"])
    return app


def connect(url: str) -> Any:
    """A bare connection with the durability that we promise; the table is made when it is not there."""
    if url.startswith("sqlite"):
        connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=60)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (value TEXT)")
    return connection


def commit_one(connection: Any) -> None:
    """One row, on disk."""
    connection.execute(f"INSERT INTO {TABLE} VALUES ('one row with something in it')")


def _commit(url: str) -> Response:
    if not hasattr(_mine, "connection"):
        _mine.connection = connect(url)
    commit_one(_mine.connection)
    return _json({"done": True})


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), content_type="application/json")
