"""How do people and tests rule the sandbox? The same POSTs as form (back to the page) and as JSON (an answer)."""

import re
import sqlite3
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug import Response

from . import faults, giving_back, ledger, webhooks
from .house import house
from .problems import Problem
from .store import forget_everything, read_switch, set_switch

control = Blueprint("control", __name__, url_prefix="/control")

SWITCHES = {
    "no-webhooks": "Geen webhooks sturen",
    "double-webhooks": "Elke webhook dubbel sturen",
    "refunds-queued": "Terugbetalingen in de wachtrij (saldo te laag)",
    "cancelable": "Elke open betaling is te annuleren",
}
NUMBERS = ("late-webhooks",)
_SETTABLE = (*SWITCHES, *NUMBERS, "webhook-delays")


@control.post("/reset")
def reset() -> Response:
    with house().store.transaction() as db:
        forget_everything(db)
    return _done()


@control.post("/payments/<payment_id>/mark")
def mark(payment_id: str) -> Response:
    """`status`, and optionally a `method`, also one that Mollie has not invented yet."""
    asked = _asked()
    if asked.get("status") not in ledger.STATUSES:
        raise ValueError(f"a status is one of {sorted(ledger.STATUSES)}; use amend for another")
    with house().store.transaction() as db:
        ledger.mark(db, payment_id, asked["status"], method=asked.get("method"))
    return _done()


@control.post("/payments/<payment_id>/amend")
def amend(payment_id: str) -> Response:
    """New values for status, mode, amount_cents, currency, metadata, method, expires_at; tells nobody."""
    asked = _asked()
    if not request.is_json:
        asked = _amendments_from_form(asked)
    with house().store.transaction() as db:
        ledger.amend(db, payment_id, asked)
    return _done()


@control.post("/payments/<payment_id>/refund")
def refund(payment_id: str) -> Response:
    """As in the dashboard: `amount_cents`, or everything that remains."""
    with house().store.transaction() as db:
        payment = ledger.find_payment(db, payment_id)
        cents = _cents(_asked()) or giving_back.remaining_cents(db, payment)
        refund_id = giving_back.refund_in_dashboard(db, payment_id, cents)
    return _done(id=refund_id)


@control.post("/payments/<payment_id>/charge-back")
def charge_back(payment_id: str) -> Response:
    """`amount_cents`, or everything that remains."""
    with house().store.transaction() as db:
        chargeback_id = giving_back.charge_back(db, payment_id, _cents(_asked()))
    return _done(id=chargeback_id)


@control.post("/payments/<payment_id>/reverse-chargebacks")
def reverse_chargebacks(payment_id: str) -> Response:
    with house().store.transaction() as db:
        giving_back.reverse_chargebacks(db, payment_id)
    return _done()


@control.post("/payments/<payment_id>/webhook")
def send_webhook(payment_id: str) -> Response:
    with house().store.transaction() as db:
        ledger.find_payment(db, payment_id)
        webhooks.enqueue(db, payment_id)
    return _done()


@control.post("/refunds/<refund_id>/settle")
def settle_refund(refund_id: str) -> Response:
    """`status`: processing, refunded, failed, or another of a refund's."""
    status = _asked().get("status")
    if status not in giving_back.REFUND_STATUSES:
        raise ValueError(f"a refund's status is one of {sorted(giving_back.REFUND_STATUSES)}")
    with house().store.transaction() as db:
        giving_back.settle_refund(db, refund_id, status)
    return _done()


@control.post("/faults")
def arm_fault() -> Response:
    """`kind`, `operation` (any), `times` (1; null or 0 until disarmed), `after_work` (false)."""
    asked = _asked()
    times = int(asked["times"] or 0) if "times" in asked else 1
    with house().store.transaction() as db:
        faults.arm(
            db,
            operation=asked.get("operation", "any"),
            kind=asked.get("kind", ""),
            times=times or None,
            after_work=bool(asked.get("after_work")),
        )
    return _done()


@control.post("/faults/clear")
def disarm_faults() -> Response:
    with house().store.transaction() as db:
        faults.disarm(db)
    return _done()


@control.post("/switches")
def turn_switches() -> Response:
    """Switches by name. JSON leaves the ones it does not name as they are, the form holds all that it shows."""
    asked = _asked()
    if not request.is_json:
        asked = {name: asked.get(name, "") for name in SWITCHES} | {
            name: float(asked.get(name) or 0) for name in NUMBERS
        }
    if unknown := set(asked) - set(_SETTABLE):
        raise ValueError(f"unknown switches {sorted(unknown)}; there are {sorted(_SETTABLE)}")
    with house().store.transaction() as db:
        for name, value in asked.items():
            set_switch(db, name, value)
    return _done()


@control.get("/calls")
def calls() -> Response:
    """How often each operation of the API was called, refused and spoiled calls included."""
    with house().store.transaction() as db:
        return jsonify(calls_by_operation(db))


@control.get("/webhooks")
def sent_webhooks() -> Response:
    """Every webhook with its state and the answers it got."""
    with house().store.transaction() as db:
        return jsonify(webhooks.delivery_log(db))


@control.errorhandler(ValueError)
def _wrong(error: ValueError) -> Response:
    return _refused(str(error), 400)


@control.errorhandler(Problem)
def _impossible(problem: Problem) -> Response:
    return _refused(problem.detail, problem.status)


def calls_by_operation(db: sqlite3.Connection) -> dict[str, int]:
    """The count of every operation that was called."""
    rows = db.execute("SELECT operation, count FROM calls ORDER BY operation").fetchall()
    return {row["operation"]: row["count"] for row in rows}


def switch_positions(db: sqlite3.Connection) -> dict[str, Any]:
    """Every switch that can be set, None where it is off."""
    return {name: read_switch(db, name) for name in _SETTABLE}


def _asked() -> dict[str, Any]:
    """The JSON object or the form of this request; empty form fields count as absent."""
    if request.is_json:
        asked = request.get_json()
        if not isinstance(asked, dict):
            raise ValueError("a JSON object is expected")
        return asked
    return {name: value for name, value in request.form.items() if value}


def _done(**facts: str) -> Response:
    if request.is_json:
        return jsonify({"done": True, **facts})
    return redirect(url_for("overview.index"), code=303)


def _refused(reason: str, status: int) -> Response:
    if request.is_json:
        answer = jsonify({"error": reason})
        answer.status_code = status
        return answer
    return Response(render_template("refused.html", reason=reason), status, mimetype="text/html")


def _cents(asked: dict[str, Any]) -> int | None:
    """`amount_cents`, or the `amount` a person typed in euros."""
    if "amount_cents" in asked:
        return int(asked["amount_cents"])
    if "amount" not in asked:
        return None
    typed = re.fullmatch(r"(\d{1,7})(?:[.,](\d{2}))?", asked["amount"].strip())
    if typed is None:
        raise ValueError("type an amount like 12,50")
    return int(typed[1]) * 100 + int(typed[2] or 0)


def _amendments_from_form(asked: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: asked[name] for name in ("mode", "currency", "status") if name in asked}
    if (cents := _cents(asked)) is not None:
        values["amount_cents"] = cents
    if "reference" in asked:
        values["metadata"] = {"reference": asked["reference"]}
    return values
