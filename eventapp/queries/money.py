"""What does the treasurer count: which amounts lie behind the figures of a day, and what moved of an order's money?"""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.figures import Figure, Line, sums, with_what_follows
from eventapp.domain.invoices import MatchSource, owed_cents
from eventapp.domain.ledger import MovementKind
from eventapp.domain.times import from_local
from eventapp.extensions import db
from eventapp.models import (
    Event,
    EventMove,
    Invoice,
    InvoiceLine,
    InvoiceMatch,
    MoneyMovement,
    Order,
    OwedChange,
    PaymentAttempt,
    Refund,
    Registration,
)

_FIGURE_OF = {
    MovementKind.RECEIVED: Figure.PAID,
    MovementKind.REFUND: Figure.REFUNDED,
    MovementKind.CHARGEBACK: Figure.CHARGED_BACK,
    MovementKind.BY_BANK: Figure.REFUNDED,
}
# What went is below zero in the journal, and counted above it here.
_SIGNS = {kind: 1 if kind == MovementKind.RECEIVED else -1 for kind in MovementKind}
_WAY_OF = {kind: "bank" if kind == MovementKind.BY_BANK else "mollie" for kind in MovementKind}
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

    @property
    def begin(self) -> datetime:
        return from_local(self.first, time.min)

    @property
    def end(self) -> datetime:
        return from_local(self.last + timedelta(days=1), time.min)

    @staticmethod
    def ever(on: date) -> "Period":
        """Every event, as it stood at the end of this day."""
        return Period(date(2000, 1, 1), date(2100, 12, 31), on)


class EventFigures(NamedTuple):
    """One event of the period, with when it was to begin on the day of the figures, and cents per figure."""

    event: Event
    starts_at: datetime
    cents: dict[Figure, int]


def figures(period: Period) -> list[EventFigures]:
    """Every event of the period with money in it, by date."""
    of_event: dict[int, list[Line]] = defaultdict(list)
    for line in lines_of(period):
        of_event[line.event_id].append(line)
    begins = _begins(period)
    events = db.session.execute(_events(period).add_columns(begins).order_by(begins, Event.id))
    return [EventFigures(event, at, sums(of_event[event.id])) for event, at in events if event.id in of_event]


def begins_of(period: Period) -> dict[int, datetime]:
    """When each event of the period was to begin on the day of the figures, by its id."""
    rows = db.session.execute(_events(period).with_only_columns(Event.id, _begins(period).label("begins")))
    return {row.id: row.begins for row in rows}


def lines_of(period: Period) -> list[Line]:
    """Every amount behind the figures, oldest first.

    What counts is when we wrote it down, so that a figure of a day past stays what it was, whatever comes later.
    """
    ids = _events(period).with_only_columns(Event.id)
    ahead = set(db.session.scalars(ids.where(_begins(period) >= period.until)))
    found = [*_booked(ids, period), *_invoiced(ids, period, ahead), *_moved(ids, period), *_matched(ids, period)]
    return with_what_follows(sorted(found, key=lambda line: line.at), ahead=ahead)


def _events(period: Period) -> sa.Select[Event]:
    begins = _begins(period)
    return sa.select(Event).where(begins >= period.begin, begins < period.end)


def _begins(period: Period) -> sa.ColumnElement[datetime]:
    """When an event was to begin, as far as that was known at the end of the day: it may have been moved since."""
    later = (
        sa.select(EventMove.starts_at)
        .where(EventMove.event_id == Event.id, EventMove.moved_at >= period.until)
        .order_by(EventMove.id)
        .limit(1)
        .correlate(Event)
    )
    return sa.func.coalesce(later.scalar_subquery(), Event.starts_at)


def _booked(ids: sa.Select[int], period: Period) -> list[Line]:
    owed = sa.func.sum(OwedChange.amount_cents)
    query = (
        sa.select(
            Registration.event_id, Registration.order_id, Registration.id, owed, sa.func.max(OwedChange.booked_at)
        )
        .join(OwedChange, OwedChange.registration_id == Registration.id)
        .where(Registration.event_id.in_(ids), OwedChange.booked_at < period.until)
        .group_by(Registration.event_id, Registration.order_id, Registration.id)
        .having(owed != 0)
    )
    return [Line(Figure.BOOKED, *row) for row in db.session.execute(query)]


def _invoiced(ids: sa.Select[int], period: Period, ahead: Container[int]) -> Iterator[Line]:
    """What was issued, credit invoices below zero; what of it is for events ahead once more, without its btw."""
    query = (
        sa.select(
            Order.event_id,
            Order.id,
            sa.func.coalesce(InvoiceLine.registration_id, _first_registration()),
            InvoiceLine.gross_cents,
            InvoiceLine.net_cents,
            Invoice.issued_at,
            Invoice.number,
        )
        .join(InvoiceLine.invoice)
        .join(Order, Order.id == Invoice.order_id)
        .where(Order.event_id.in_(ids), Invoice.issued_at < period.until)
    )
    for event_id, order_id, place_id, gross_cents, net_cents, at, number in db.session.execute(query):
        if at:
            yield Line(Figure.INVOICED, event_id, order_id, place_id, gross_cents, at, number or "")
            if event_id in ahead:
                yield Line(Figure.BILLED_AHEAD, event_id, order_id, place_id, net_cents, at, number or "")


def _first_registration() -> sa.ScalarSelect[int]:
    first = sa.select(sa.func.min(Registration.id)).where(Registration.order_id == Order.id)
    return first.correlate(Order).scalar_subquery()


def _moved(ids: sa.Select[int], period: Period) -> list[Line]:
    moved = (MoneyMovement.kind, MoneyMovement.amount_cents, MoneyMovement.booked_at)
    query = (
        sa.select(Order.event_id, Order.id, _first_registration(), *moved)
        .select_from(MoneyMovement)
        .join(MoneyMovement.attempt)
        .join(Order, Order.id == PaymentAttempt.order_id)
        .where(Order.event_id.in_(ids), MoneyMovement.booked_at < period.until)
    )
    return [
        Line(_FIGURE_OF[kind], event_id, order_id, place_id, _SIGNS[kind] * cents, at, _WAY_OF[kind])
        for event_id, order_id, place_id, kind, cents, at in db.session.execute(query)
    ]


def _matched(ids: sa.Select[int], period: Period) -> list[Line]:
    """What was put on invoices by bank or by hand; what came through the provider is in its own rows."""
    put = (InvoiceMatch.source, InvoiceMatch.amount_cents, InvoiceMatch.created_at)
    query = (
        sa.select(Order.event_id, Order.id, _first_registration(), *put)
        .select_from(InvoiceMatch)
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
        Line(_match_figure(source, cents), event_id, order_id, place_id, _as_counted(source, cents), at, source.value)
        for event_id, order_id, place_id, source, cents, at in db.session.execute(query)
    ]


def _as_counted(source: MatchSource, cents: int) -> int:
    """Below zero something was written off the other way: what was too much, and was kept."""
    return cents if source == MatchSource.WRITE_OFF else abs(cents)


def _match_figure(source: MatchSource, cents: int) -> Figure:
    if source == MatchSource.WRITE_OFF:
        return Figure.WRITTEN_OFF
    return Figure.PAID if cents > 0 else Figure.REFUNDED


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


def moved_by_others(*, now: datetime) -> sa.Select[MoneyMovement]:
    """What others than we moved lately: refunds made at the provider, chargebacks and their reversals; newest first."""
    by_others = sa.or_(
        MoneyMovement.kind == MovementKind.CHARGEBACK,
        sa.and_(MoneyMovement.kind == MovementKind.REFUND, MoneyMovement.refund_id.is_(None)),
    )
    lately = sa.select(MoneyMovement).where(by_others, MoneyMovement.booked_at > now - _MOVED_SHOWN)
    return lately.order_by(MoneyMovement.id.desc())


def wrong_dues() -> list[tuple[str, int, int, int]]:
    """Registrations of which the journal says otherwise than they are: address of the event, id, owed and written."""
    written = sa.func.coalesce(sa.func.sum(OwedChange.amount_cents), 0)
    columns = (
        Event.slug,
        Registration.id,
        Registration.state,
        Registration.price_cents,
        Registration.kept_cents,
        Order.on_invoice_at,
    )
    rows = (
        sa.select(*columns, written)
        .join(Event, Event.id == Registration.event_id)
        .join(Order, Order.id == Registration.order_id)
        .outerjoin(OwedChange, OwedChange.registration_id == Registration.id)
        .where(sa.or_(Registration.price_cents > 0, Registration.kept_cents > 0, OwedChange.id.is_not(None)))
        .group_by(*columns)
        .order_by(Registration.id)
    )
    found = [
        (slug, number, owed_cents(state, price_cents=price, kept_cents=kept, on_invoice=at is not None), int(booked))
        for slug, number, state, price, kept, at, booked in db.session.execute(rows)
    ]
    return [row for row in found if row[2] != row[3]]
