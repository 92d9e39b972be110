"""Withdrawing a registration: the place goes back, people are told, money is returned. A whole event: `calling_off`."""

from collections.abc import Mapping
from datetime import datetime

from eventapp import wording
from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.cancellation import Settlement, check_own_cancellation, own_cancellation_possible
from eventapp.domain.errors import AlreadyCancelled, NotFound
from eventapp.domain.registrations import LIVE, State, check_step
from eventapp.models import PaymentAttempt, Registration
from eventapp.services import following, handing_over, mails, offering, owing, queueing, refunding, ticketing
from eventapp.services.audit import note
from eventapp.services.locks import lock_order, lock_order_of
from eventapp.services.withdrawal import by_bank, paid_attempts, paid_for, preview
from eventapp.transaction import transaction


def cancel_registration(registration_id: int, *, by: Actor, now: datetime, back_cents: int, kept_cents: int = 0) -> int:
    """The office withdraws somebody, and says how much of what was paid goes back; answers how much that became.

    Never more than there is left. Of a place on an invoice it says instead how much of the price stays. Refuses with
    AlreadyCancelled or NotFound.
    """
    with transaction():
        back, event_id = take_back(registration_id, by=by, now=now, back_cents=back_cents, kept_cents=kept_cents)
    offering.pass_on(event_id, now=now)
    return back


def take_back(
    registration_id: int, *, by: Actor, now: datetime, back_cents: int, kept_cents: int = 0
) -> tuple[int, int]:
    """The same within a transaction that does more; answers what goes back, and the event of which a place came free.

    Whoever waits for it is called by the worker: calling locks the orders of others, which nobody may do who holds a
    row of places.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.state not in LIVE:
            raise AlreadyCancelled()
        paid = paid_for(registration)
        back = min(back_cents, paid)
        kept = paid - back if paid else kept_cents
        billed = not paid and registration.price_cents > 0 and following.is_billed(registration.order_id)
        words = _invoice_words(registration, kept) if billed else {}
        withdraw(registration, "registration_cancelled", by=by, now=now, back_cents=back, kept_cents=kept, words=words)
        following.costs_less(registration.order, reason=wording.CREDIT_WITHDRAWN, by=by, now=now)
        return back, registration.event_id


def cancel_own(registration_id: int, *, by: Actor, now: datetime, done_by: str = "") -> None:
    """Somebody gives back a place of their own, with the link from their mail.

    What was paid goes back by the terms, and the place to the waiting list. `done_by` is the name of who did it for
    them, which the mail then says. Refuses with AlreadyCancelled, TooLateToCancel or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        check_own_cancellation(registration.state, starts_at=registration.event.starts_at, now=now)
        _withdraw_own(registration, by=by, now=now, done_by=done_by)
        following.costs_less(registration.order, reason=wording.CREDIT_WITHDRAWN, by=by, now=now)
        event_id = registration.event_id
    offering.pass_on(event_id, now=now)


def cancel_own_order(order_id: int, *, by: Actor, now: datetime) -> int:
    """Whoever booked gives back every place of the order that still can be; money goes back by the terms.

    Returns how many; refuses with NotFound.
    """
    with transaction():
        order = lock_order(order_id)
        starts_at = order.event.starts_at
        standing = [r for r in order.registrations if own_cancellation_possible(r.state, starts_at=starts_at, now=now)]
        for registration in standing:
            _withdraw_own(registration, by=by, now=now)
        following.costs_less(order, reason=wording.CREDIT_WITHDRAWN, by=by, now=now)
        event_id = order.event_id
    offering.pass_on(event_id, now=now)
    return len(standing)


def _withdraw_own(registration: Registration, *, by: Actor, now: datetime, done_by: str = "") -> None:
    money = preview(registration, now=now)
    by_office = money.settlement == Settlement.OFFICE
    words = {"done_by": done_by, "by_office": by_office, "by_terms_cents": money.by_terms_cents}
    if money.on_invoice:
        words |= _invoice_words(registration, money.kept_cents)
    withdraw(
        registration,
        "registration_cancelled",
        by=by,
        now=now,
        back_cents=money.back_cents,
        kept_cents=money.kept_cents,
        words=words,
    )
    if by_office:
        key = str(registration.id)
        mails.to_office("withdrawn", key=key, now=now, registration=registration, by_terms_cents=money.by_terms_cents)


def _invoice_words(registration: Registration, kept_cents: int) -> dict[str, object]:
    """What the mail says of a place on an invoice: what stays of its price, and what goes back by bank."""
    return {"on_invoice": True, "stays_cents": kept_cents, "by_bank_cents": by_bank(registration, kept_cents)}


def dispute(registration_id: int, *, now: datetime) -> bool:
    """ "Dit klopt niet": a colleague says not to have wanted this. The place goes back, and whoever booked is told.

    A place that was paid for stays, and False is returned: the office, which is told as well, settles the money.
    Refuses with NotFound (unknown, or booked by themselves), AlreadyCancelled or TooLateToCancel.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.is_bookers:
            raise NotFound()
        paid = paid_for(registration) > 0 or by_bank(registration, 0) > 0
        check_own_cancellation(registration.state, starts_at=registration.event.starts_at, now=now)
        by = Actor("person", registration.address, registration.person_id)
        note("disputed", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        mails.to_booker_about("disputed", registration, now=now, paid=paid)
        if paid:
            mails.to_office("disputed", key=str(registration.id), now=now, registration=registration)
        else:
            withdraw(registration, "registration_cancelled", by=by, now=now)
            following.costs_less(registration.order, reason=wording.CREDIT_WITHDRAWN, by=by, now=now)
        event_id = registration.event_id
    offering.pass_on(event_id, now=now)
    return not paid


def withdraw(
    registration: Registration,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    back_cents: int | None = None,
    kept_cents: int = 0,
    words: Mapping[str, object] | None = None,
) -> None:
    """Within a transaction that locked the order: off, and told.

    `back_cents` goes back now; None leaves the money to whoever calls. `kept_cents` is the fee that stays, never more
    than the price; `words` are for the mail.
    """
    check_step(registration.state, State.CANCELLED)
    paid = paid_for(registration)
    registration.state = State.CANCELLED
    registration.cancelled_at = now
    registration.kept_cents = min(kept_cents, registration.price_cents)
    owing.book([registration], now=now)
    registration.expires_at = None
    ticketing.end(registration, TicketState.CANCELLED, now=now)
    queueing.give_up(registration, now=now)
    handing_over.end_open(registration, now=now)
    if mails.has_heard(registration):
        mails.calendar_cancel(kind, registration, now=now, paid_cents=paid, back_cents=back_cents or 0, **(words or {}))
    facts = {"paid_cents": paid, "back_cents": back_cents} if paid and back_cents is not None else {}
    note("cancelled", "registration", registration.id, by=by, now=now, event_id=registration.event_id, **facts)
    if back_cents:
        give_back(registration.order_id, back_cents, reason="cancelled", by=by, now=now)


def give_back(order_id: int, amount_cents: int, *, reason: str, by: Actor, now: datetime) -> int:
    """Within a transaction that locked the order: plan the amount over its paid attempts, the latest first.

    Answers how much was planned, which is less when less is left.
    """
    planned_cents = 0
    for attempt in paid_attempts(PaymentAttempt.order_id == order_id):
        planned = refunding.plan(attempt, amount_cents - planned_cents, reason=reason, by=by, now=now)
        planned_cents += planned.amount_cents if planned else 0
    return planned_cents
