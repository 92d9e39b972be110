"""How does the merchant hear that something changed? A call with nothing but the id, repeated until it answers 200."""

import http.client
import json
import logging
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, NamedTuple

from .store import Store, StoreClosed, read_switch

log = logging.getLogger(__name__)

# Mollie's own waits, in seconds instead of minutes: the first call at once, ten calls in all.
DELAYS = (0, 1, 2, 4, 8, 16, 29, 60, 120, 1320)
ANSWER_WITHIN_SECONDS = 15


def enqueue(db: sqlite3.Connection, payment_id: str) -> None:
    """Have the merchant called about a payment, as the switches say: not, twice or late."""
    url = db.execute("SELECT webhook_url FROM payments WHERE id = ?", (payment_id,)).fetchone()["webhook_url"]
    if not url or read_switch(db, "no-webhooks"):
        return
    wait = (read_switch(db, "late-webhooks") or 0) + _delays(db)[0]
    for _ in range(2 if read_switch(db, "double-webhooks") else 1):
        db.execute(
            "INSERT INTO deliveries (payment_id, url, state, due_at) VALUES (?, ?, 'waiting', ?)",
            (payment_id, url, time.time() + wait),
        )


def delivery_log(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every delivery in order of origin, with what the merchant answered to each call of it."""
    rows = db.execute("SELECT * FROM deliveries ORDER BY number").fetchall()
    return [
        {
            "payment_id": row["payment_id"],
            "url": row["url"],
            "state": row["state"],
            "answers": json.loads(row["answers"]),
        }
        for row in rows
    ]


def _delays(db: sqlite3.Connection) -> list[float]:
    return read_switch(db, "webhook-delays") or list(DELAYS)


class _Delivery(NamedTuple):
    number: int
    payment_id: str
    url: str


class Dispatcher:
    """Sends what is due, each delivery in a thread of its own so that none waits for a slow merchant.

    `lapse` is called at least once a second: payments expire, and their merchants hear of it, without anybody looking.
    """

    def __init__(self, store: Store, lapse: Callable[[sqlite3.Connection], None]) -> None:
        self._store = store
        self._lapse = lapse
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="sandbox-webhooks", daemon=True)
        self._sending: list[Thread] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more, and wait a moment for what is under way."""
        self._stopping.set()
        self._store.changed.set()
        self._thread.join()
        for thread in self._sending:
            thread.join(timeout=2)

    def _run(self) -> None:
        with self._store.transaction() as db:
            db.execute("UPDATE deliveries SET state = 'waiting' WHERE state = 'sending'")
        while not self._stopping.is_set():
            self._store.changed.clear()
            self._sending = [thread for thread in self._sending if thread.is_alive()]
            for delivery in self._claim_due():
                thread = Thread(target=self._deliver, args=(delivery,), daemon=True)
                self._sending.append(thread)
                thread.start()
            self._store.changed.wait(timeout=self._seconds_to_next())

    def _claim_due(self) -> list[_Delivery]:
        with self._store.transaction() as db:
            self._lapse(db)
            rows = db.execute(
                "SELECT number, payment_id, url FROM deliveries WHERE state = 'waiting' AND due_at <= ?",
                (time.time(),),
            ).fetchall()
            for row in rows:
                db.execute("UPDATE deliveries SET state = 'sending' WHERE number = ?", (row["number"],))
            return [_Delivery(**row) for row in rows]

    def _seconds_to_next(self) -> float:
        with self._store.transaction() as db:
            due_at = db.execute("SELECT MIN(due_at) FROM deliveries WHERE state = 'waiting'").fetchone()[0]
        return 1.0 if due_at is None else min(1.0, max(0.0, due_at - time.time()))

    def _deliver(self, delivery: _Delivery) -> None:
        answer = _post(delivery.url, delivery.payment_id)
        log.info("webhook for %s: %s", delivery.payment_id, answer)
        try:
            with self._store.transaction() as db:
                _record(db, delivery, answer)
        except StoreClosed:
            log.info("stopped before the answer to a webhook could be stored")


def _record(db: sqlite3.Connection, delivery: _Delivery, answer: int | str) -> None:
    row = db.execute("SELECT answers FROM deliveries WHERE number = ?", (delivery.number,)).fetchone()
    if row is None:
        return
    answers = [*json.loads(row["answers"]), answer]
    delays = _delays(db)
    if answer == 200:
        state, due_at = "delivered", 0.0
    elif len(answers) < len(delays):
        state, due_at = "waiting", time.time() + delays[len(answers)]
    else:
        state, due_at = "given up", 0.0
    db.execute(
        "UPDATE deliveries SET state = ?, due_at = ?, answers = ? WHERE number = ?",
        (state, due_at, json.dumps(answers), delivery.number),
    )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Mollie turns a redirected call into a GET without form, which is as lost as no call at all."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def _post(url: str, payment_id: str) -> int | str:
    """The status that the merchant answered, or why there was none."""
    form = urllib.parse.urlencode({"id": payment_id}).encode()
    call = urllib.request.Request(url, data=form, headers={"User-Agent": "Mollie HTTP client/1.0"})
    try:
        with _OPENER.open(call, timeout=ANSWER_WITHIN_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {type(error).__name__}"
