"""What does the treasurer count: which amounts lie behind the figures of a day, and what moved of an order's money?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.figures import Figure, Line, sums, with_held_and_open
from eventapp.domain.invoices import MatchSource
from eventapp.domain.ledger import MovementKind
from eventapp.domain.registrations import State
from eventapp.domain.times import from_local
from eventapp.extensions import db
from eventapp.models import (
    Event,
    Invoice,
    InvoiceMatch,
    MoneyMovement,
    Order,
    PaymentAttempt,
    Refund,
    Registration,
)

_FIGURE_OF = {
    MovementKind.RECEIVED: Figure.PAID,
    MovementKind.REFUND: Figure.REFUNDED,
    MovementKind.CHARGEBACK: Figure.CHARGED_BACK,
}
# Money moved by others stays on the page of today this long; it remains with the registration.
_MOVED_SHOWN = timedelta(days=30)
_SHOWN = 50


@dataclass(frozen=True)
class Period:
    """Events that begin from `first` to `last`, counted as they stood at the end of `on`; Dutch days, all included."""

    first: date
    last: date
    on: date

    @property
    def until(self) -> datetime:
        return from_local(self.on + timedelta(days=1), time.min)


@dataclass(frozen=True)
class EventFigures:
    """One event of the period, with cents per figure."""

    event: Event
    cents: dict[Figure, int]


def figures(period: Period) -> list[EventFigures]:
    """Every event of the period with money in it, by date."""
    lines = lines_of(period)
    events = {event.id: event for event in db.session.scalars(_events(period).order_by(Event.starts_at, Event.id))}
    with_money = {line.event_id for line in lines}
    return [
        EventFigures(event, sums(line for line in lines if line.event_id == event.id))
        for event in events.values()
        if event.id in with_money
    ]


def lines_of(period: Period) -> list[Line]:
    """Every amount behind the figures, oldest first.

    What counts is when we wrote it down, so that a figure of a day past stays what it was, whatever comes later. What
    is booked is counted at its present price: the office changes that of a confirmed registration by exception.
    """
    ids = _events(period).with_only_columns(Event.id)
    found = [*_booked(ids, period), *_moved(ids, period), *_matched(ids, period)]
    return with_held_and_open(sorted(found, key=lambda line: line.at))


def _events(period: Period) -> sa.Select[Event]:
    begin, end = from_local(period.first, time.min), from_local(period.last + timedelta(days=1), time.min)
    return sa.select(Event).where(Event.starts_at >= begin, Event.starts_at < end)


def _booked(ids: sa.Select[int], period: Period) -> list[Line]:
    confirmed = sa.select(Registration).where(
        Registration.event_id.in_(ids),
        Registration.price_cents > 0,
        Registration.state.in_((State.CONFIRMED, State.CANCELLED)),
        Registration.confirmed_at < period.until,
        sa.or_(Registration.cancelled_at.is_(None), Registration.cancelled_at >= period.until),
    )
    return [
        Line(Figure.BOOKED, r.event_id, r.order_id, r.id, r.price_cents, r.confirmed_at)
        for r in db.session.scalars(confirmed)
        if r.confirmed_at
    ]


def _first_registration() -> sa.ScalarSelect[int]:
    first = sa.select(sa.func.min(Registration.id)).where(Registration.order_id == Order.id)
    return first.correlate(Order).scalar_subquery()


def _moved(ids: sa.Select[int], period: Period) -> list[Line]:
    query = (
        sa.select(MoneyMovement, Order.event_id, Order.id, _first_registration())
        .join(MoneyMovement.attempt)
        .join(Order, Order.id == PaymentAttempt.order_id)
        .where(Order.event_id.in_(ids), MoneyMovement.booked_at < period.until)
    )
    return [
        Line(
            _FIGURE_OF[row.kind],
            event_id,
            order_id,
            registration_id,
            row.amount_cents if row.kind == MovementKind.RECEIVED else -row.amount_cents,
            row.booked_at,
            "mollie",
        )
        for row, event_id, order_id, registration_id in db.session.execute(query)
    ]


def _matched(ids: sa.Select[int], period: Period) -> list[Line]:
    """What was put on invoices by bank or by hand; what came through the provider is in its own rows."""
    query = (
        sa.select(InvoiceMatch, Order.event_id, Order.id, _first_registration())
        .join(InvoiceMatch.invoice)
        .join(Order, Order.id == Invoice.order_id)
        .where(
            Order.event_id.in_(ids),
            InvoiceMatch.source != MatchSource.MOLLIE,
            InvoiceMatch.created_at < period.until,
            sa.or_(InvoiceMatch.undone_at.is_(None), InvoiceMatch.undone_at >= period.until),
        )
    )
    return [
        Line(
            _match_figure(row),
            event_id,
            order_id,
            registration_id,
            abs(row.amount_cents),
            row.created_at,
            row.source.value,
        )
        for row, event_id, order_id, registration_id in db.session.execute(query)
    ]


def _match_figure(match: InvoiceMatch) -> Figure:
    if match.source == MatchSource.WRITE_OFF:
        return Figure.WRITTEN_OFF
    return Figure.PAID if match.amount_cents > 0 else Figure.REFUNDED


def registrations_behind(lines: Sequence[Line]) -> dict[int, Registration]:
    """The registrations that the lines name, with person and event."""
    wanted = {line.registration_id for line in lines}
    found = sa.select(Registration).where(Registration.id.in_(wanted))
    with_names = found.options(joinedload(Registration.person), joinedload(Registration.event))
    return {registration.id: registration for registration in db.session.scalars(with_names)}


def attempt_by_id(attempt_id: int) -> PaymentAttempt | None:
    """One payment with its order and its refunds."""
    path = joinedload(PaymentAttempt.order)
    return db.session.get(
        PaymentAttempt,
        attempt_id,
        options=(
            path.joinedload(Order.event),
            path.selectinload(Order.registrations).joinedload(Registration.person),
            selectinload(PaymentAttempt.refunds),
        ),
    )


def registration_of_refund(refund_id: int) -> int | None:
    """The registration whose page shows this refund: the first of its order."""
    of_order = sa.select(PaymentAttempt.order_id).join(Refund).where(Refund.id == refund_id)
    return db.session.scalar(sa.select(sa.func.min(Registration.id)).where(Registration.order_id.in_(of_order)))


def movements_of(order_id: int) -> Sequence[MoneyMovement]:
    """What moved of the money for this order, in order."""
    moved = sa.select(MoneyMovement).join(MoneyMovement.attempt).where(PaymentAttempt.order_id == order_id)
    return db.session.scalars(moved.order_by(MoneyMovement.id)).all()


def moved_elsewhere(*, now: datetime) -> Sequence[MoneyMovement]:
    """What others than we moved lately: refunds made at the provider, chargebacks and their reversals; newest first."""
    by_others = sa.or_(
        MoneyMovement.kind == MovementKind.CHARGEBACK,
        sa.and_(MoneyMovement.kind == MovementKind.REFUND, MoneyMovement.refund_id.is_(None)),
    )
    lately = sa.select(MoneyMovement).where(by_others, MoneyMovement.booked_at > now - _MOVED_SHOWN)
    path = joinedload(MoneyMovement.attempt).joinedload(PaymentAttempt.order)
    return db.session.scalars(
        lately.order_by(MoneyMovement.id.desc())
        .limit(_SHOWN)
        .options(path.joinedload(Order.event), path.selectinload(Order.registrations).joinedload(Registration.person))
    ).all()
