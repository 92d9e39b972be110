"""What can happen to a payment in the sandbox? Every step is stored, and tells the merchant where Mollie would."""

import json
import secrets
import sqlite3
import string
from datetime import datetime
from typing import Any

from . import webhooks
from .clock import now, stamp
from .methods import METHODS, longest_expiry
from .problems import Problem
from .store import read_switch
from .validation import PaymentRequest

FINAL = frozenset({"paid", "failed", "canceled", "expired"})
STATUSES = frozenset({"open", "pending", "authorized"}) | FINAL
_TOLD = FINAL | {"authorized"}
_AMENDABLE = frozenset({"status", "mode", "amount_cents", "currency", "metadata", "method", "expires_at"})


def new_id(prefix: str) -> str:
    """An id as Mollie writes them: a prefix and ten letters or digits."""
    return prefix + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(10))


def open_payment(db: sqlite3.Connection, asked: PaymentRequest) -> str:
    """A new payment that waits for its payer; returns its id."""
    made_at = now()
    payment_id = new_id("tr_")
    db.execute(
        "INSERT INTO payments (id, status, amount_cents, currency, description, redirect_url, cancel_url, webhook_url,"
        " methods, method, metadata, locale, created_at, expires_at)"
        " VALUES (?, 'open', ?, 'EUR', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            payment_id,
            asked.amount_cents,
            asked.description,
            asked.redirect_url,
            asked.cancel_url,
            asked.webhook_url,
            json.dumps(asked.methods),
            asked.methods[0] if len(asked.methods) == 1 else None,
            json.dumps(asked.metadata),
            asked.locale,
            stamp(made_at),
            stamp(made_at + longest_expiry(asked.methods)),
        ),
    )
    return payment_id


def find_payment(db: sqlite3.Connection, payment_id: str) -> sqlite3.Row:
    """The payment as it is now. Raises a 404 Problem."""
    lapse(db)
    row = db.execute("SELECT * FROM payments WHERE id = ?", (payment_id,)).fetchone()
    if row is None:
        raise Problem(404, f"No payment exists with token {payment_id}.")
    return row


def all_payments(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Every payment, newest first."""
    lapse(db)
    return db.execute("SELECT * FROM payments ORDER BY number DESC").fetchall()


def lapse(db: sqlite3.Connection) -> None:
    """Expire what nobody paid in time."""
    due = db.execute("SELECT id FROM payments WHERE status = 'open' AND expires_at <= ?", (stamp(now()),)).fetchall()
    for row in due:
        _set_status(db, row["id"], "expired")


def mark(db: sqlite3.Connection, payment_id: str, status: str, *, method: str | None = None) -> None:
    """Put a payment in a status, from whichever one: money does arrive for expired payments.

    `method` may be one that the sandbox does not know.
    """
    payment = find_payment(db, payment_id)
    chosen = method or payment["method"]
    if status == "paid" and not chosen:
        chosen = (json.loads(payment["methods"]) or ["ideal"])[0]
    db.execute("UPDATE payments SET method = ? WHERE id = ?", (chosen, payment_id))
    _set_status(db, payment_id, status)


def cancel(db: sqlite3.Connection, payment_id: str) -> None:
    """What DELETE does. Raises a 422 Problem for the many payments that cannot be cancelled."""
    if not is_cancelable(db, find_payment(db, payment_id)):
        raise Problem(422, "The payment cannot be cancelled")
    _set_status(db, payment_id, "canceled")


def is_cancelable(db: sqlite3.Connection, payment: sqlite3.Row) -> bool:
    """Whether DELETE would work: not once the payer is sent to a bank that cannot be called back."""
    if payment["status"] != "open":
        return False
    method = METHODS.get(payment["method"] or "")
    return bool(read_switch(db, "cancelable")) or method is None or method.cancelable


def change(db: sqlite3.Connection, payment_id: str, columns: dict[str, Any]) -> None:
    """Write checked values over columns. Raises a 404 Problem."""
    find_payment(db, payment_id)
    for column, value in columns.items():
        db.execute(f"UPDATE payments SET {column} = ? WHERE id = ?", (value, payment_id))


def amend(db: sqlite3.Connection, payment_id: str, values: dict[str, Any]) -> None:
    """Make a payment differ from what was asked, without telling. Raises ValueError for what cannot be amended."""
    if unknown := set(values) - _AMENDABLE:
        raise ValueError(f"cannot amend {sorted(unknown)}")
    columns = dict(values)
    if "metadata" in columns:
        columns["metadata"] = json.dumps(columns["metadata"])
    if "expires_at" in columns:
        columns["expires_at"] = stamp(datetime.fromisoformat(columns["expires_at"]))
    change(db, payment_id, columns)


def _set_status(db: sqlite3.Connection, payment_id: str, status: str) -> None:
    moment = stamp(now())
    paid_at = moment if status == "paid" else None
    db.execute(
        "UPDATE payments SET status = ?, changed_at = ?, paid_at = ? WHERE id = ?",
        (status, moment, paid_at, payment_id),
    )
    if status in _TOLD:
        webhooks.enqueue(db, payment_id)
