"""The journal: what the provider says of money becomes rows, each movement once, however often we hear of it."""

from collections.abc import Iterable
from datetime import date, datetime, time

from eventapp.domain.ledger import RECEIVED, MovementKind, Position, rows_to_add, stands
from eventapp.domain.payments import AttemptStatus, gone_back
from eventapp.domain.times import from_local
from eventapp.extensions import db
from eventapp.models import MoneyMovement, PaymentAttempt, Refund
from eventapp.payments.gateway import PaymentPicture, RefundPicture

CURRENCY = "EUR"


def post(attempt: PaymentAttempt, picture: PaymentPicture, *, now: datetime) -> None:
    """Within the transaction that locked the order: add what is missing before our books say what the picture says.

    Money of another world (test, live) or in another currency is none of ours to book: such a payment differs, and
    the office looks at it.
    """
    ours = picture.mode == attempt.mode and picture.currency == CURRENCY
    if not ours or picture.status != AttemptStatus.PAID:
        return
    wanted = stands(
        received_cents=picture.amount_cents,
        refunds=_standing(picture.refunds),
        refunded_cents=picture.refunded_cents,
        charged_back_cents=picture.charged_back_cents,
    )
    _add(attempt, wanted, now=now, paid_at=picture.paid_at)


def post_refund(attempt: PaymentAttempt, picture: RefundPicture, *, now: datetime) -> None:
    """The same for one refund, as the provider answered when it was asked."""
    wanted = {Position.of_refund(ref): -cents for ref, cents in _standing([picture]).items()}
    _add(attempt, wanted, now=now, paid_at=None)


def post_by_bank(refund: Refund, cents: int, *, row_id: int, on: date | None, now: datetime) -> None:
    """Within the transaction that locked the order: of a refund that failed at the provider so much went by bank.

    `row_id` is that of the bank refund, which has a position of its own; 0 cents takes back what was booked before.
    """
    attempt, position = refund.attempt, Position(MovementKind.BY_BANK, f"bank-{row_id}")
    booked = sum(row.amount_cents for row in attempt.movements if row.position == position)
    for difference in rows_to_add({position: booked}, {position: -cents}).values():
        attempt.movements.append(
            MoneyMovement(
                kind=position.kind,
                ref=position.ref,
                refund_id=refund.id,
                amount_cents=difference,
                booked_at=now,
                happened_at=from_local(on, time(12)) if on else None,
            )
        )
    db.session.flush()


def _standing(refunds: Iterable[RefundPicture]) -> dict[str, int]:
    return {refund.id: refund.amount_cents if gone_back(refund.status) else 0 for refund in refunds}


def _add(attempt: PaymentAttempt, wanted: dict[Position, int], *, now: datetime, paid_at: datetime | None) -> None:
    own = {refund.provider_id: refund.id for refund in attempt.refunds if refund.provider_id}
    booked: dict[Position, int] = {}
    for row in attempt.movements:
        booked[row.position] = booked.get(row.position, 0) + row.amount_cents
    for position, cents in rows_to_add(booked, wanted).items():
        attempt.movements.append(
            MoneyMovement(
                kind=position.kind,
                ref=position.ref,
                refund_id=own.get(position.ref),
                amount_cents=cents,
                booked_at=now,
                happened_at=paid_at if position == RECEIVED else None,
            )
        )
    db.session.flush()
