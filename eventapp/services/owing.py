"""What does a registration owe, and since when? Rows that are only added keep the figures of a day as they were."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain import invoices as invoice_rules
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import OwedChange, Registration


def owed_cents(registration: Registration) -> int:
    """What this registration costs now: its price, or the fee that stays."""
    return invoice_rules.owed_cents(
        registration.state,
        price_cents=registration.price_cents,
        kept_cents=registration.kept_cents,
        on_invoice=registration.order.on_invoice_at is not None,
    )


def lower(registration: Registration, cents: int) -> int:
    """It costs so much less, the fee that stays or the price, and never below nothing; answers how much that was."""
    less = min(cents, owed_cents(registration))
    if registration.state == State.CANCELLED:
        registration.kept_cents -= less
    else:
        registration.price_cents -= less
        registration.lowered_cents += less
    return less


def book(registrations: Iterable[Registration], *, now: datetime) -> None:
    """Within the transaction that changed a state, a price or a fee: write what each owes more or less than before.

    Twice writes nothing more.
    """
    owing = {registration.id: owed_cents(registration) for registration in registrations}
    written = (
        sa.select(OwedChange.registration_id, sa.func.sum(OwedChange.amount_cents))
        .where(OwedChange.registration_id.in_(owing))
        .group_by(OwedChange.registration_id)
    )
    known: dict[int, int] = {number: int(cents) for number, cents in db.session.execute(written)}
    for number, cents in owing.items():
        if cents != known.get(number, 0):
            more = cents - known.get(number, 0)
            db.session.add(OwedChange(registration_id=number, amount_cents=more, booked_at=now))
