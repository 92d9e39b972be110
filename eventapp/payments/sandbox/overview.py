"""What does the control page show? Everything the sandbox knows, newest first, with the buttons to change it."""

import json
import sqlite3
from typing import Any

from flask import Blueprint, render_template

from . import faults, giving_back, ledger, webhooks
from .control import SWITCHES, calls_by_operation, switch_positions
from .house import house

overview = Blueprint("overview", __name__)

SHOWN_PAYMENTS, SHOWN_DELIVERIES = 50, 20


@overview.get("/")
def index() -> str:
    with house().store.transaction() as db:
        payments = ledger.all_payments(db)
        return render_template(
            "overview.html",
            payments=[_card(db, payment) for payment in payments[:SHOWN_PAYMENTS]],
            hidden=max(0, len(payments) - SHOWN_PAYMENTS),
            faults=faults.armed(db),
            operations=faults.OPERATIONS,
            switches=SWITCHES,
            positions=switch_positions(db),
            calls=calls_by_operation(db),
            deliveries=[_line(delivery) for delivery in reversed(webhooks.delivery_log(db)[-SHOWN_DELIVERIES:])],
        )


def _line(delivery: dict[str, Any]) -> dict[str, str]:
    answers = delivery["answers"]
    if not answers:
        told = "nog niet verstuurd"
    else:
        last = answers[-1] if isinstance(answers[-1], int) else "geen antwoord"
        told = f"{last} (na {len(answers)} keer)" if len(answers) > 1 else str(last)
    if delivery["state"] == "given up":
        told += ", opgegeven"
    return {"payment_id": delivery["payment_id"], "told": told}


def _card(db: sqlite3.Connection, payment: sqlite3.Row) -> dict[str, Any]:
    metadata = json.loads(payment["metadata"])
    return {
        "payment": payment,
        "reference": metadata.get("reference", "") if isinstance(metadata, dict) else "",
        "refunds": giving_back.refunds_of(db, payment["id"]),
        "chargebacks": giving_back.chargebacks_of(db, payment["id"]),
        "remaining_cents": giving_back.remaining_cents(db, payment) if payment["status"] == "paid" else 0,
    }
