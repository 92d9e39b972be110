"""Which calls of Mollie's v2 API does the sandbox answer? Each is counted, may be spoiled, and needs a test key."""

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import faults, giving_back, idempotency, ledger
from .house import base_address, house
from .methods import METHODS, enabled_for
from .problems import Problem
from .validation import amount_cents, payment_changes, payment_request, refund_request
from .wire import chargeback_json, method_json, page_json, payment_json, refund_json

api = Blueprint("api", __name__, url_prefix="/v2")

DEFAULT_LIMIT, HIGHEST_LIMIT = 50, 250


def operation(name: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Make a function an API call: counted under this name, spoiled when told, replayed when it is a known POST."""

    def wrap(view: Callable[..., Response]) -> Callable[..., Response]:
        @functools.wraps(view)
        def answered(**arguments: str) -> Response:
            def work() -> Response:
                return _answer_to(lambda: view(**arguments))

            with house().store.transaction() as db:
                db.execute(
                    "INSERT INTO calls VALUES (?, 1) ON CONFLICT (operation) DO UPDATE SET count = count + 1", (name,)
                )
                fault = faults.take(db, name)
            return faults.spoil(fault, work, house().pause) if fault else work()

        return answered

    return wrap


@api.post("/payments")
@operation("create")
def create_payment() -> Response:
    asked = payment_request(_body())
    with house().store.transaction() as db:
        payment = ledger.find_payment(db, ledger.open_payment(db, asked))
        return _hal(payment_json(db, payment, base_address()), 201)


@api.get("/payments")
@operation("list")
def list_payments() -> Response:
    with house().store.transaction() as db:
        rows = ledger.all_payments(db)
        return _page("payments", rows, lambda row: payment_json(db, row, base_address()))


@api.get("/payments/<payment_id>")
@operation("get")
def get_payment(payment_id: str) -> Response:
    embed = [name for name in request.args.get("embed", "").split(",") if name]
    with house().store.transaction() as db:
        return _hal(payment_json(db, ledger.find_payment(db, payment_id), base_address(), embed))


@api.delete("/payments/<payment_id>")
@operation("cancel")
def cancel_payment(payment_id: str) -> Response:
    with house().store.transaction() as db:
        ledger.cancel(db, payment_id)
        return _hal(payment_json(db, ledger.find_payment(db, payment_id), base_address()))


@api.patch("/payments/<payment_id>")
@operation("update")
def update_payment(payment_id: str) -> Response:
    changes = payment_changes(_body())
    with house().store.transaction() as db:
        ledger.change(db, payment_id, changes)
        return _hal(payment_json(db, ledger.find_payment(db, payment_id), base_address()))


@api.post("/payments/<payment_id>/refunds")
@operation("refund")
def create_refund(payment_id: str) -> Response:
    asked = refund_request(_body())
    with house().store.transaction() as db:
        refund_id = giving_back.refund_through_api(db, payment_id, asked)
        return _hal(refund_json(giving_back.find_refund(db, refund_id), base_address()), 201)


@api.get("/payments/<payment_id>/refunds")
@operation("list")
def list_refunds(payment_id: str) -> Response:
    with house().store.transaction() as db:
        ledger.find_payment(db, payment_id)
        rows = giving_back.refunds_of(db, payment_id)
    return _page("refunds", rows, lambda row: refund_json(row, base_address()))


@api.get("/payments/<payment_id>/refunds/<refund_id>")
@operation("refund-get")
def get_refund(payment_id: str, refund_id: str) -> Response:
    with house().store.transaction() as db:
        return _hal(refund_json(_refund_of(db, payment_id, refund_id), base_address()))


@api.delete("/payments/<payment_id>/refunds/<refund_id>")
@operation("refund-cancel")
def cancel_refund(payment_id: str, refund_id: str) -> Response:
    with house().store.transaction() as db:
        _refund_of(db, payment_id, refund_id)
        giving_back.withdraw_refund(db, refund_id)
    return Response(status=204)


@api.get("/refunds")
@operation("list")
def list_all_refunds() -> Response:
    with house().store.transaction() as db:
        rows = db.execute("SELECT * FROM refunds ORDER BY number DESC").fetchall()
    return _page("refunds", rows, lambda row: refund_json(row, base_address()))


@api.get("/chargebacks")
@operation("list")
def list_all_chargebacks() -> Response:
    with house().store.transaction() as db:
        rows = db.execute("SELECT * FROM chargebacks ORDER BY number DESC").fetchall()
    return _page("chargebacks", rows, lambda row: chargeback_json(row, base_address()))


@api.get("/payments/<payment_id>/chargebacks")
@operation("list")
def list_chargebacks(payment_id: str) -> Response:
    with house().store.transaction() as db:
        ledger.find_payment(db, payment_id)
        rows = giving_back.chargebacks_of(db, payment_id)
    return _page("chargebacks", rows, lambda row: chargeback_json(row, base_address()))


@api.get("/methods")
@operation("methods")
def list_methods() -> Response:
    asked = {"currency": request.args.get("amount[currency]"), "value": request.args.get("amount[value]")}
    cents = amount_cents({"amount": asked}) if any(asked.values()) else None
    return _methods_page(enabled_for(cents))


@api.get("/methods/all")
@operation("methods")
def list_all_methods() -> Response:
    return _methods_page(list(METHODS.values()))


@api.get("/methods/<method_id>")
@operation("methods")
def get_method(method_id: str) -> Response:
    if method_id not in METHODS:
        raise Problem(404, "No such payment method.")
    return _hal(method_json(METHODS[method_id], base_address()))


def no_such_resource() -> Response:
    """The answer to any other address under /v2."""
    return _problem(Problem(404, "No such resource."))


def _answer_to(view: Callable[[], Response]) -> Response:
    def told() -> Response:
        try:
            return view()
        except Problem as problem:
            return _problem(problem)

    try:
        _require_test_key()
        return idempotency.once(house().store, told)
    except Problem as problem:
        return _problem(problem)


def _require_test_key() -> None:
    if not re.fullmatch(r"Bearer test_\w+", request.headers.get("Authorization", "")):
        raise Problem(401, "Missing authentication, or failed to authenticate")


def _body() -> Any:
    body = request.get_json(force=True, silent=True)
    if body is None:
        raise Problem(400, "The request body is not valid JSON")
    return body


def _refund_of(db: Any, payment_id: str, refund_id: str) -> Any:
    ledger.find_payment(db, payment_id)
    refund = giving_back.find_refund(db, refund_id)
    if refund["payment_id"] != payment_id:
        raise Problem(404, f"No refund exists with token {refund_id}.")
    return refund


def _page(name: str, rows: Sequence[Any], as_json: Callable[[Any], dict[str, Any]]) -> Response:
    """The page that `from`, `limit` and `sort` ask for, of rows that come newest first."""
    limit = request.args.get("limit", DEFAULT_LIMIT, type=int)
    if not 1 <= limit <= HIGHEST_LIMIT:
        raise Problem(400, "The limit is out of range", "limit")
    if request.args.get("sort") == "asc":
        rows = rows[::-1]
    first = request.args.get("from")
    ids = [row["id"] for row in rows]
    if first and first not in ids:
        raise Problem(404, "No such id to begin with.", "from")
    start = ids.index(first) if first else 0
    following = ids[start + limit] if len(ids) > start + limit else None
    address = base_address() + request.path
    return _hal(
        page_json(name, rows[start : start + limit], as_json, address=address, limit=limit, following=following)
    )


def _methods_page(methods: Sequence[Any]) -> Response:
    address = base_address() + request.path
    return _hal(page_json("methods", methods, lambda method: method_json(method, base_address()), address=address))


def _hal(body: dict[str, Any], status: int = 200) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    answer.mimetype = "application/hal+json"
    return answer


def _problem(problem: Problem) -> Response:
    return _hal(problem.as_json(), problem.status)
