"""The treasurer's books of the demo: what is owed and came in as the journal has it, a closed month, and a payout."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import Actor, Role
from eventapp.domain.closed_periods import BookPeriod, month_of
from eventapp.domain.ledger import MovementKind
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import State
from eventapp.domain.settlements import SettlementKind
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import MoneyMovement, OwedChange, PaymentAttempt, Registration, SettlementLine
from eventapp.queries.money import wrong_dues
from eventapp.services import closed_periods

_TREASURER = Actor("staff", "Pim Penning", None, frozenset({Role.PENNINGMEESTER}))
_FEE_CENTS, _PAID_OUT = 39, 12


def keep_books(*, now: datetime) -> None:
    """Within the transaction of the load, at its end: the journal, and two months ago closed."""
    db.session.flush()
    _write_dues()
    paid = sa.select(PaymentAttempt).where(PaymentAttempt.status == AttemptStatus.PAID, ~PaymentAttempt.movements.any())
    for attempt in db.session.scalars(paid.order_by(PaymentAttempt.id)):
        at = attempt.paid_at or attempt.created_at
        row = MoneyMovement(kind=MovementKind.RECEIVED, amount_cents=attempt.amount_cents, booked_at=at, happened_at=at)
        attempt.movements.append(row)
    before = month_of(month_of(local_date(now)) - timedelta(days=1)) - timedelta(days=1)
    closed_periods.close(BookPeriod(before.year, before.month), by=_TREASURER, now=now)


def _write_dues() -> None:
    for _event, number, owed, written in wrong_dues():
        registration = db.session.get_one(Registration, number)
        ended = registration.cancelled_at if registration.state == State.CANCELLED else None
        at = ended or registration.confirmed_at or registration.created_at
        db.session.add(OwedChange(registration_id=number, amount_cents=owed - written, booked_at=at))


def pay_out(attempts: Sequence[PaymentAttempt]) -> None:
    """Within a transaction, once the payments have an id: the oldest were paid out, one of them with a cent too few."""
    oldest = sorted((one for one in attempts if one.paid_at), key=lambda one: (one.paid_at, one.id))[:_PAID_OUT]
    if not oldest:
        return
    day = max(local_date(one.paid_at) for one in oldest if one.paid_at)
    name, at = f"1234567.{day:%y%m}.01", max(one.paid_at for one in oldest if one.paid_at)
    for place, attempt in enumerate(oldest):
        payment_id, less = attempt.provider_id or "", 1 if place == 0 else 0
        db.session.add(_line(name, SettlementKind.PAYMENT, payment_id, attempt.amount_cents - less, day, at))
    fee = f"Withheld transaction fees MOL-{day:%Y-%m}"
    db.session.add(_line(name, SettlementKind.FEE, "", -_FEE_CENTS * len(oldest), day, at, description=fee))


def _line(
    name: str, kind: SettlementKind, payment_id: str, cents: int, day: date, at: datetime, *, description: str = ""
) -> SettlementLine:
    return SettlementLine(
        settlement=name,
        key=f"{kind.value}:{payment_id or f'{name}:{day}:{description}'}",
        kind=kind,
        provider_id=payment_id,
        payment_id=payment_id,
        amount_cents=cents,
        happened_on=day,
        settled_on=day,
        description=description,
        job_id=0,
        booked_at=at,
        booked_by=_TREASURER.name,
    )
