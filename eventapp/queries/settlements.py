"""What did the provider pay out, and where do its books and ours differ?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.ledger import MovementKind
from eventapp.domain.settlements import Finding, Position, SettlementKind, finding, position_of, totals
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import MoneyMovement, PaymentAttempt, Registration, SettlementLine

_KIND_OF = {
    MovementKind.RECEIVED: SettlementKind.PAYMENT,
    MovementKind.REFUND: SettlementKind.REFUND,
    MovementKind.CHARGEBACK: SettlementKind.CHARGEBACK,
}
_PORTION = 500


class Settlement(NamedTuple):
    """One payout with cents per kind; `lines` is how many were booked of it."""

    name: str
    settled_on: date
    lines: int
    cents: dict[SettlementKind, int]

    @property
    def total_cents(self) -> int:
        return sum(self.cents.values())


class Difference(NamedTuple):
    """Something on which the books differ: what they say and what ours say, in cents; None where one is silent."""

    position: Position
    finding: Finding
    theirs_cents: int | None
    ours_cents: int | None
    settlement: str
    on: date
    registration_id: int | None


class _Ours(NamedTuple):
    cents: int
    on: date
    order_id: int


def settlements() -> list[Settlement]:
    """What was booked, the latest first."""
    columns = (SettlementLine.settlement, SettlementLine.kind)
    rows = sa.select(
        *columns, sa.func.sum(SettlementLine.amount_cents), sa.func.count(), sa.func.max(SettlementLine.settled_on)
    ).group_by(*columns)
    found: dict[str, list[tuple[SettlementKind, int, int, date]]] = defaultdict(list)
    for name, kind, cents, count, on in db.session.execute(rows):
        found[name].append((kind, int(cents), count, on))
    made = [
        Settlement(
            name,
            settled_on=max(on for *_, on in parts),
            lines=sum(count for _, _, count, _ in parts),
            cents=totals((kind, cents) for kind, cents, _, _ in parts),
        )
        for name, parts in found.items()
    ]
    return sorted(made, key=lambda one: (one.settled_on, one.name), reverse=True)


def lines_of(settlement: str) -> Sequence[SettlementLine]:
    """The lines of one payout, in the order of booking."""
    of_one = sa.select(SettlementLine).where(SettlementLine.settlement == settlement)
    return db.session.scalars(of_one.order_by(SettlementLine.id)).all()


def differences() -> list[Difference]:
    """Where the books differ now: what they paid out and we do not know so, and what we know and they did not pay out.

    What we learned of after the last payout waits for the next one, and is no difference.
    """
    last = db.session.scalar(sa.select(sa.func.max(SettlementLine.settled_on)))
    if last is None:
        return []
    ours, theirs, seen = _ours(), defaultdict[Position, int](int), dict[Position, SettlementLine]()
    for row in db.session.scalars(sa.select(SettlementLine).order_by(SettlementLine.id)):
        position = position_of(row.kind, row.provider_id, row.payment_id)
        if position:
            theirs[position] += row.amount_cents
            seen[position] = row
    registrations = _first_registrations()
    standing = {position: one.cents for position, one in ours.items()}
    found = []
    for position in sorted({*theirs, *ours}):
        own, line = ours.get(position), seen.get(position)
        said = finding(position, theirs, standing)
        waits = said == Finding.NOT_SETTLED and own and (own.on > last or not own.cents)
        if said != Finding.MATCHES and not waits:
            on = line.settled_on if line else own.on if own else last
            registration_id = registrations.get(own.order_id) if own else None
            found.append(
                Difference(
                    position,
                    said,
                    theirs.get(position),
                    own.cents if own else None,
                    line.settlement if line else "",
                    on,
                    registration_id,
                )
            )
    return found


def _ours() -> dict[Position, _Ours]:
    summed, since = sa.func.sum(MoneyMovement.amount_cents), sa.func.max(MoneyMovement.booked_at)
    rows = (
        sa.select(
            PaymentAttempt.provider_id, MoneyMovement.kind, MoneyMovement.ref, summed, since, PaymentAttempt.order_id
        )
        .join(MoneyMovement.attempt)
        .where(MoneyMovement.kind.in_(_KIND_OF))
        .group_by(PaymentAttempt.provider_id, MoneyMovement.kind, MoneyMovement.ref, PaymentAttempt.order_id)
    )
    found: dict[Position, _Ours] = {}
    for payment_id, kind, ref, cents, at, order_id in db.session.execute(rows):
        position = Position(_KIND_OF[kind], ref or payment_id or "")
        before = found[position].cents if position in found else 0
        found[position] = _Ours(before + int(cents), local_date(at), order_id)
    return found


def standing_of(positions: Iterable[Position]) -> dict[Position, int]:
    """What our journal says of these, in cents; what it does not know is left out."""
    wanted = sorted({position.ref for position in positions})
    found: dict[Position, int] = {}
    for start in range(0, len(wanted), _PORTION):
        some = wanted[start : start + _PORTION]
        named = sa.or_(MoneyMovement.ref.in_(some), PaymentAttempt.provider_id.in_(some))
        rows = (
            sa.select(PaymentAttempt.provider_id, MoneyMovement.kind, MoneyMovement.ref, MoneyMovement.amount_cents)
            .join(MoneyMovement.attempt)
            .where(named, MoneyMovement.kind.in_(_KIND_OF))
        )
        for payment_id, kind, ref, cents in db.session.execute(rows):
            position = Position(_KIND_OF[kind], ref or payment_id or "")
            found[position] = found.get(position, 0) + cents
    return found


def booked_of(keys: Sequence[str]) -> Mapping[str, int]:
    """Which of these lines were booked, with how much."""
    found: dict[str, int] = {}
    for start in range(0, len(keys), _PORTION):
        some = keys[start : start + _PORTION]
        rows = sa.select(SettlementLine.key, SettlementLine.amount_cents).where(SettlementLine.key.in_(some))
        found.update((key, cents) for key, cents in db.session.execute(rows))
    return found


def settled_of(positions: Iterable[Position]) -> dict[Position, int]:
    """What was booked of settlements about these before, in cents."""
    wanted = sorted({position.ref for position in positions})
    found: dict[Position, int] = {}
    for start in range(0, len(wanted), _PORTION):
        some = wanted[start : start + _PORTION]
        named = sa.or_(SettlementLine.provider_id.in_(some), SettlementLine.payment_id.in_(some))
        columns = (SettlementLine.kind, SettlementLine.provider_id, SettlementLine.payment_id)
        for kind, provider_id, payment_id, cents in db.session.execute(
            sa.select(*columns, SettlementLine.amount_cents).where(named)
        ):
            position = position_of(kind, provider_id, payment_id)
            if position:
                found[position] = found.get(position, 0) + cents
    return found


def _first_registrations() -> dict[int, int]:
    rows = sa.select(Registration.order_id, sa.func.min(Registration.id)).group_by(Registration.order_id)
    return dict(db.session.execute(rows).all())


def registrations_of(lines: Iterable[SettlementLine]) -> dict[int, int]:
    """Per id of a line the registration that it is about, as far as we know it: the first of the order."""
    rows = {line.id: line.payment_id or line.provider_id for line in lines if line.provider_id}
    refunds = {line.id: line.provider_id for line in lines if line.provider_id}
    orders: dict[str, int] = {}
    wanted = sorted({*rows.values(), *refunds.values()})
    for start in range(0, len(wanted), _PORTION):
        some = wanted[start : start + _PORTION]
        paid = sa.select(PaymentAttempt.provider_id, PaymentAttempt.order_id).where(
            PaymentAttempt.provider_id.in_(some)
        )
        back = (
            sa.select(MoneyMovement.ref, PaymentAttempt.order_id)
            .join(MoneyMovement.attempt)
            .where(MoneyMovement.ref.in_(some))
        )
        for query in (paid, back):
            orders.update((ref or "", order_id) for ref, order_id in db.session.execute(query))
    firsts = _first_registrations()
    found = {}
    for line_id, ref in rows.items():
        order_id = orders.get(ref) or orders.get(refunds[line_id])
        if order_id:
            found[line_id] = firsts[order_id]
    return found
