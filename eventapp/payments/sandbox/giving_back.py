"""How does money leave a payment again, by refund or by chargeback, and how much of it is left?"""

import json
import sqlite3
from datetime import timedelta

from . import webhooks
from .clock import now, stamp
from .ledger import find_payment, new_id
from .problems import Problem
from .store import read_switch
from .validation import RefundRequest

REFUND_STATUSES = frozenset({"queued", "pending", "processing", "refunded", "failed", "canceled"})
_TOLD = frozenset({"processing", "refunded", "failed"})


def refunds_of(db: sqlite3.Connection, payment_id: str) -> list[sqlite3.Row]:
    """The refunds of a payment, newest first."""
    return db.execute("SELECT * FROM refunds WHERE payment_id = ? ORDER BY number DESC", (payment_id,)).fetchall()


def chargebacks_of(db: sqlite3.Connection, payment_id: str) -> list[sqlite3.Row]:
    """The chargebacks of a payment, newest first, reversed ones included."""
    return db.execute("SELECT * FROM chargebacks WHERE payment_id = ? ORDER BY number DESC", (payment_id,)).fetchall()


def refunded_cents(db: sqlite3.Connection, payment_id: str) -> int:
    """What was or will be refunded; a failed or cancelled refund no longer counts."""
    sql = (
        "SELECT COALESCE(SUM(amount_cents), 0) FROM refunds"
        " WHERE payment_id = ? AND status NOT IN ('failed', 'canceled')"
    )
    return int(db.execute(sql, (payment_id,)).fetchone()[0])


def charged_back_cents(db: sqlite3.Connection, payment_id: str) -> int:
    """What the bank took back and did not return."""
    sql = "SELECT COALESCE(SUM(amount_cents), 0) FROM chargebacks WHERE payment_id = ? AND reversed_at IS NULL"
    return int(db.execute(sql, (payment_id,)).fetchone()[0])


def remaining_cents(db: sqlite3.Connection, payment: sqlite3.Row) -> int:
    """What can still be refunded."""
    gone = refunded_cents(db, payment["id"]) + charged_back_cents(db, payment["id"])
    return max(0, int(payment["amount_cents"]) - gone)


def refund_through_api(db: sqlite3.Connection, payment_id: str, asked: RefundRequest) -> str:
    """A refund asked by the merchant; refuses the same amount twice within the hour with a 409 Problem."""
    an_hour_ago = stamp(now() - timedelta(hours=1))
    twin = db.execute(
        "SELECT 1 FROM refunds WHERE payment_id = ? AND amount_cents = ? AND created_at > ?"
        " AND status NOT IN ('failed', 'canceled')",
        (payment_id, asked.amount_cents, an_hour_ago),
    ).fetchone()
    if twin:
        raise Problem(409, "A duplicate refund was detected: the same amount was refunded on this payment recently")
    status = "queued" if read_switch(db, "refunds-queued") else "pending"
    return _add_refund(db, payment_id, asked, status)


def refund_in_dashboard(db: sqlite3.Connection, payment_id: str, cents: int) -> str:
    """A refund made by a person at Mollie's own pages, of which the merchant's system knows nothing yet."""
    refund_id = _add_refund(db, payment_id, RefundRequest(cents, "Terugbetaling uit het dashboard", None), "processing")
    webhooks.enqueue(db, payment_id)
    return refund_id


def settle_refund(db: sqlite3.Connection, refund_id: str, status: str) -> None:
    """Move a refund on, for instance to refunded or failed. Raises a 404 Problem."""
    refund = find_refund(db, refund_id)
    db.execute("UPDATE refunds SET status = ? WHERE id = ?", (status, refund_id))
    if status in _TOLD:
        webhooks.enqueue(db, refund["payment_id"])


def withdraw_refund(db: sqlite3.Connection, refund_id: str) -> None:
    """What DELETE does. Raises a 422 Problem once the refund is on its way."""
    if find_refund(db, refund_id)["status"] not in ("queued", "pending"):
        raise Problem(422, "The refund can no longer be canceled")
    settle_refund(db, refund_id, "canceled")


def find_refund(db: sqlite3.Connection, refund_id: str) -> sqlite3.Row:
    """One refund. Raises a 404 Problem."""
    row = db.execute("SELECT * FROM refunds WHERE id = ?", (refund_id,)).fetchone()
    if row is None:
        raise Problem(404, f"No refund exists with token {refund_id}.")
    return row


def charge_back(db: sqlite3.Connection, payment_id: str, cents: int | None = None) -> str:
    """The payer's bank takes money back: everything that remains unless told otherwise."""
    payment = find_payment(db, payment_id)
    taken = remaining_cents(db, payment) if cents is None else cents
    if payment["status"] != "paid" or taken <= 0:
        raise Problem(422, "There is nothing to charge back")
    chargeback_id = new_id("chb_")
    db.execute(
        "INSERT INTO chargebacks (id, payment_id, amount_cents, created_at) VALUES (?, ?, ?, ?)",
        (chargeback_id, payment_id, taken, stamp(now())),
    )
    webhooks.enqueue(db, payment_id)
    return chargeback_id


def reverse_chargebacks(db: sqlite3.Connection, payment_id: str) -> None:
    """The bank gives it back. Nobody is told: whether Mollie calls the webhook here is not documented."""
    find_payment(db, payment_id)
    db.execute(
        "UPDATE chargebacks SET reversed_at = ? WHERE payment_id = ? AND reversed_at IS NULL",
        (stamp(now()), payment_id),
    )


def _add_refund(db: sqlite3.Connection, payment_id: str, asked: RefundRequest, status: str) -> str:
    payment = find_payment(db, payment_id)
    if payment["status"] != "paid":
        raise Problem(422, "The payment is not paid, so it cannot be refunded")
    if asked.amount_cents > remaining_cents(db, payment):
        raise Problem(422, "The amount is higher than the maximum", "amount.value")
    refund_id = new_id("re_")
    db.execute(
        "INSERT INTO refunds (id, payment_id, status, amount_cents, description, metadata, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            refund_id,
            payment_id,
            status,
            asked.amount_cents,
            asked.description or payment["description"],
            json.dumps(asked.metadata),
            stamp(now()),
        ),
    )
    return refund_id
