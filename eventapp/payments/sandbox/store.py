"""Where does the sandbox remember things? One SQLite file, one connection, one writer at a time."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, RLock
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    mode TEXT NOT NULL DEFAULT 'test',
    amount_cents INTEGER NOT NULL,
    currency TEXT NOT NULL,
    description TEXT NOT NULL,
    redirect_url TEXT NOT NULL,
    cancel_url TEXT,
    webhook_url TEXT,
    methods TEXT NOT NULL,
    method TEXT,
    metadata TEXT NOT NULL,
    locale TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    changed_at TEXT,
    paid_at TEXT
);
CREATE TABLE IF NOT EXISTS refunds (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    status TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    description TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS chargebacks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    amount_cents INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    reversed_at TEXT
);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    status INTEGER,
    body BLOB,
    created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    payment_id TEXT NOT NULL,
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at REAL NOT NULL,
    answers TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE IF NOT EXISTS faults (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL,
    kind TEXT NOT NULL,
    after_work INTEGER NOT NULL,
    times INTEGER
);
CREATE TABLE IF NOT EXISTS calls (operation TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_TABLES = ("refunds", "chargebacks", "payments", "answers", "deliveries", "faults", "calls", "switches")


class StoreClosed(Exception):
    """The sandbox is stopping; a late webhook thread has nothing left to write to."""


class Store:
    """The sandbox's memory, safe to use from any thread. ":memory:" forgets everything at the end.

    `changed` is set after every transaction that wrote something.
    """

    def __init__(self, database: str) -> None:
        self.changed = Event()
        self._lock = RLock()
        self._connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA foreign_keys = ON")
        # Play money: losing the last second of it in a power cut is no reason to wait for the disk.
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)
        self._open = True

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection for one piece of work that happens whole or not at all. Raises StoreClosed. Not nested."""
        with self._lock:
            if not self._open:
                raise StoreClosed
            before = self._connection.total_changes
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
            if self._connection.total_changes != before:
                self.changed.set()

    def close(self) -> None:
        with self._lock:
            self._open = False
            self._connection.close()


def forget_everything(db: sqlite3.Connection) -> None:
    """Back to an empty sandbox: payments, faults, switches and counters."""
    for table in _TABLES:
        db.execute(f"DELETE FROM {table}")


def read_switch(db: sqlite3.Connection, name: str) -> Any:
    """The value of a switch, None while it is off."""
    row = db.execute("SELECT value FROM switches WHERE name = ?", (name,)).fetchone()
    return json.loads(row["value"]) if row else None


def set_switch(db: sqlite3.Connection, name: str, value: Any) -> None:
    """Turn a switch to a value; None, False and 0 turn it off."""
    db.execute("DELETE FROM switches WHERE name = ?", (name,))
    if value:
        db.execute("INSERT INTO switches VALUES (?, ?)", (name, json.dumps(value)))
