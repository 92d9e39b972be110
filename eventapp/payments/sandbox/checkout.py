"""Where does the payer pay? One page with the four ways in which a payment can end."""

import json
import sqlite3

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from . import ledger
from .house import house
from .methods import choices
from .problems import Problem

checkout = Blueprint("checkout", __name__, url_prefix="/checkout")

OUTCOMES = {"paid": "Betaald", "failed": "Mislukt", "canceled": "Geannuleerd", "expired": "Verlopen"}


@checkout.get("/<payment_id>")
def show(payment_id: str) -> str:
    with house().store.transaction() as db:
        try:
            payment = ledger.find_payment(db, payment_id)
        except Problem:
            abort(404)
    return render_template(
        "checkout.html",
        payment=payment,
        methods=choices(json.loads(payment["methods"])),
        outcomes=OUTCOMES,
        over=payment["status"] in ledger.FINAL,
        way_back=_way_back(payment),
    )


@checkout.post("/<payment_id>")
def choose(payment_id: str) -> Response:
    """End the payment and send the payer back to the merchant; a second click changes nothing any more."""
    outcome, method = request.form.get("outcome"), request.form.get("method")
    if outcome not in OUTCOMES:
        abort(400)
    with house().store.transaction() as db:
        try:
            payment = ledger.find_payment(db, payment_id)
        except Problem:
            abort(404)
        allowed = {choice.id for choice in choices(json.loads(payment["methods"]))}
        if payment["status"] not in ledger.FINAL:
            ledger.mark(db, payment_id, outcome, method=method if method in allowed else None)
        payment = ledger.find_payment(db, payment_id)
    return redirect(_way_back(payment), code=303)


def _way_back(payment: sqlite3.Row) -> str:
    if payment["status"] == "canceled" and payment["cancel_url"]:
        return str(payment["cancel_url"])
    return str(payment["redirect_url"])
