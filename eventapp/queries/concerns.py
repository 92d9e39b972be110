"""What waits for somebody at the office: how much of each, in one statement where the database can count it, and which?

A line more: a code in domain/concerns.py, words in wording/concerns.py, what it counts in `_COUNTED` here, and in
web/organiser/concerns.py who sees it and where it leads.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventapp.domain.actors import Own
from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.concerns import Concern
from eventapp.domain.events import EventState, RegistrationMode
from eventapp.domain.jobs import JobState
from eventapp.domain.mailings import WITHHELD
from eventapp.domain.payments import AttemptStatus, Outcome, RefundProblem, RefundState
from eventapp.domain.proposals import ProposalState
from eventapp.domain.registrations import Review, State
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    BankRefund,
    DueCredit,
    Event,
    EventProposal,
    Job,
    MailState,
    MoneyMovement,
    Order,
    OutboxMail,
    PaymentAttempt,
    PendingDetails,
    Refund,
    Registration,
)
from eventapp.queries.access import among, of_event_among
from eventapp.queries.attempts import left_cents
from eventapp.queries.invoices import overdue_drafts
from eventapp.queries.lapses import unseen_lapses
from eventapp.queries.money import moved_by_others
from eventapp.queries.on_invoice import paid_too_much, unpaid_after_all, unready_events

SHOWN = 50
# A payment that the provider could not tell about for this long is something for a person.
UNASKED_AFTER = timedelta(minutes=15)
# Money that did something unexpected stays on the page of today this long; it remains with the registration.
_OUTCOMES_SHOWN = timedelta(days=30)
_JOBS_SHOWN = timedelta(days=7)
# A draft is near its date when people would like to have known of it by now.
_DRAFTS_AHEAD = timedelta(days=45)

Asked = sa.Select[Any]


def counts(wanted: Mapping[Concern, Own | None], *, now: datetime) -> dict[Concern, int]:
    """How many there are of each; `own` narrows those that belong to an event."""
    here = {concern: own for concern, own in wanted.items() if concern in _COUNTED}
    columns = [
        sa.select(sa.func.count()).select_from(_COUNTED[concern](now, own).order_by(None).subquery()).scalar_subquery()
        for concern, own in here.items()
    ]
    row = db.session.execute(sa.select(*columns)).one() if columns else ()
    found = dict(zip(here, row, strict=True))
    by_looking = {concern: len(LOOKED_AT[concern](now)) for concern in wanted if concern in LOOKED_AT}
    return found | by_looking


def rows(concern: Concern, *, own: Own | None = None, now: datetime) -> Sequence[Any]:
    """The first of them with what the page says of each."""
    if concern in LOOKED_AT:
        return LOOKED_AT[concern](now)
    found = _COUNTED[concern](now, own).limit(SHOWN)
    return db.session.scalars(found.options(*_WITH.get(concern, ()))).all()


def _claims(now: datetime, own: Own | None) -> Asked:
    pending = sa.and_(Registration.review == Review.PENDING, Registration.state == State.AWAITING_CONFIRMATION)
    found = sa.select(Registration).where(pending, of_event_among(own, Registration.event_id))
    return found.order_by(Registration.created_at, Registration.id)


def _in_state(state: State) -> Callable[[datetime, Own | None], Asked]:
    """Registrations in this state for what is still to come, as the list of registrations shows them."""

    def asked(now: datetime, own: Own | None) -> Asked:
        coming = sa.select(Event.id).where(Event.ends_at > now, among(own))
        return sa.select(Registration.id).where(Registration.state == state, Registration.event_id.in_(coming))

    return asked


def _drafts(now: datetime, own: Own | None) -> Asked:
    near = sa.and_(Event.starts_at > now, Event.starts_at <= now + _DRAFTS_AHEAD)
    found = sa.select(Event).where(Event.state == EventState.DRAFT, near, among(own))
    return found.order_by(Event.starts_at, Event.id)


def _changes(now: datetime, own: Own | None) -> Asked:
    """Coming events of which something was changed that nobody carried through yet."""
    kept = sa.select(PendingDetails.event_id)
    found = sa.select(Event).where(Event.id.in_(kept), Event.ends_at > now, among(own))
    return found.order_by(Event.starts_at, Event.id)


def _unfixed(now: datetime, own: Own | None) -> Asked:
    """Events of this site that are over and of which nobody fixed the presence yet, the longest ago first."""
    here = sa.and_(Event.state == EventState.PUBLISHED, Event.registration == RegistrationMode.HIER)
    over = sa.select(Event).where(here, Event.ends_at <= now, Event.presence_fixed_at.is_(None), among(own))
    return over.order_by(Event.ends_at, Event.id)


def _mails(now: datetime, own: Own | None) -> Asked:
    """Mails that did not get through, until a later one of their kind about the same registration did."""
    later = aliased(OutboxMail)
    arrived = sa.exists().where(
        later.registration_id == OutboxMail.registration_id,
        later.kind == OutboxMail.kind,
        later.state == MailState.SENT,
        later.id > OutboxMail.id,
    )
    failed = sa.select(OutboxMail).where(OutboxMail.state == MailState.FAILED, ~arrived)
    failed = failed.where(OutboxMail.last_error.not_in(WITHHELD), of_event_among(own, OutboxMail.event_id))
    return failed.order_by(OutboxMail.id.desc())


def _jobs(now: datetime, _own: Own | None) -> Asked:
    failed = sa.select(Job).where(Job.state == JobState.FAILED, Job.created_at > now - _JOBS_SHOWN)
    return failed.order_by(Job.id.desc())


def _unasked(now: datetime, _own: Own | None) -> Asked:
    """Places still held past their time, or with a payment nobody could tell about: the provider did not answer."""
    puzzling = sa.select(PaymentAttempt.order_id).where(
        PaymentAttempt.status.in_((AttemptStatus.NEW, AttemptStatus.UNKNOWN, AttemptStatus.UNCLEAR)),
        PaymentAttempt.created_at < now - UNASKED_AFTER,
    )
    held_too_long = Registration.expires_at < now - UNASKED_AFTER
    stuck = sa.select(Registration).where(
        Registration.state == State.AWAITING_PAYMENT, sa.or_(held_too_long, Registration.order_id.in_(puzzling))
    )
    return stuck.order_by(Registration.expires_at, Registration.id)


def _refunds(_now: datetime, _own: Own | None) -> Asked:
    """Refunds for a person to look at: failed and not done over or by bank, or waiting for a key that is refused."""
    again = aliased(Refund)
    done_over = sa.exists().where(again.retry_of_id == Refund.id)
    by_bank = sa.exists().where(BankRefund.refund_id == Refund.id)
    failed = sa.and_(Refund.state == RefundState.FAILED, ~done_over, ~by_bank)
    stuck = sa.select(Refund).where(sa.or_(failed, Refund.problem == RefundProblem.KEY))
    return stuck.order_by(Refund.id.desc())


def _outcomes(now: datetime) -> Sequence[PaymentAttempt]:
    recent = sa.func.coalesce(PaymentAttempt.paid_at, PaymentAttempt.created_at) > now - _OUTCOMES_SHOWN
    undecided = PaymentAttempt.outcome == Outcome.PAID_BESIDES_INVOICE
    unexpected = sa.select(PaymentAttempt).where(
        PaymentAttempt.outcome.in_([one for one in Outcome if one != Outcome.CONFIRMED]), sa.or_(recent, undecided)
    )
    newest = unexpected.order_by(PaymentAttempt.id.desc()).limit(SHOWN)
    path = joinedload(PaymentAttempt.order)
    found = db.session.scalars(newest.options(*_of_order(path))).all()
    # What waits for a decision stays until it was given back, however long ago it came.
    return [one for one in found if one.outcome != Outcome.PAID_BESIDES_INVOICE or left_cents(one) > 0]


def _of_order(path: Any) -> tuple[Any, ...]:
    return path.joinedload(Order.event), path.selectinload(Order.registrations).joinedload(Registration.person)


_COUNTED: dict[Concern, Callable[[datetime, Own | None], Asked]] = {
    Concern.BANK: lambda _now, _own: sa.select(BankRefund.id).where(BankRefund.state == BankRefundState.WAITING),
    Concern.CHANGES: _changes,
    Concern.CLAIMS: _claims,
    Concern.CREDITS: lambda _now, _own: sa.select(DueCredit).order_by(DueCredit.since),
    Concern.DRAFTS: _drafts,
    Concern.JOBS: _jobs,
    Concern.MAILS: _mails,
    Concern.MOVED: lambda now, _own: moved_by_others(now=now),
    Concern.OFFERED: _in_state(State.OFFERED),
    Concern.PRESENCE: _unfixed,
    Concern.OVERDUE: lambda now, _own: overdue_drafts(on=local_date(now)),
    Concern.PROPOSALS: lambda _now, _own: sa.select(EventProposal.id).where(
        EventProposal.state == ProposalState.WAITING
    ),
    Concern.REFUNDS: _refunds,
    Concern.UNASKED: _unasked,
    Concern.UNPAID: _in_state(State.AWAITING_PAYMENT),
    Concern.WAITING: _in_state(State.WAITLISTED),
}
# What only a rule can tell apart; the database narrows these to a few first.
LOOKED_AT: dict[Concern, Callable[[datetime], Sequence[Any]]] = {
    Concern.LAPSES: lambda now: unseen_lapses(now=now),
    Concern.OUTCOMES: _outcomes,
    Concern.TOO_MUCH: lambda _now: paid_too_much(),
    Concern.UNPAID_AFTER_ALL: lambda _now: unpaid_after_all(),
    Concern.UNREADY: lambda now: unready_events(now=now),
}
_WITH: dict[Concern, tuple[Any, ...]] = {
    Concern.CLAIMS: (joinedload(Registration.person), joinedload(Registration.event)),
    Concern.CREDITS: _of_order(joinedload(DueCredit.order)),
    Concern.MOVED: _of_order(joinedload(MoneyMovement.attempt).joinedload(PaymentAttempt.order)),
    Concern.REFUNDS: _of_order(joinedload(Refund.attempt).joinedload(PaymentAttempt.order)),
    Concern.UNASKED: (joinedload(Registration.person), joinedload(Registration.event)),
}
