"""What does the office need to see: its events with their filling, and whatever waits for somebody to act?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from eventapp.domain.actors import Own
from eventapp.domain.events import EventState
from eventapp.domain.mailings import WITHHELD
from eventapp.domain.payments import AttemptStatus, Outcome, RefundProblem, RefundState
from eventapp.domain.pricing import Relation
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import (
    ApiToken,
    BankRefund,
    Circle,
    DueCredit,
    Event,
    Heartbeat,
    Invoice,
    MailState,
    Membership,
    MoneyMovement,
    Order,
    Organisation,
    OutboxMail,
    PaymentAttempt,
    PendingDetails,
    Refund,
    Registration,
    StaffGrant,
    StaffMember,
)
from eventapp.queries import bank_refunds
from eventapp.queries.access import among, of_event_among
from eventapp.queries.attempts import left_cents
from eventapp.queries.bank_refunds import Waiting
from eventapp.queries.lapses import Lapsed, unseen_lapses
from eventapp.queries.money import moved_elsewhere
from eventapp.queries.on_invoice import PaidTooMuch, Unready, paid_too_much, unpaid_after_all, unready_events

WORKER_SILENT_AFTER = timedelta(minutes=2)
# A payment that the provider could not tell about for this long is something for a person.
UNASKED_AFTER = timedelta(minutes=15)
# Money that did something unexpected stays on the page of today this long; it remains with the registration.
_OUTCOMES_SHOWN = timedelta(days=30)
_SHOWN = 50


@dataclass(frozen=True)
class Concerns:
    """What needs somebody now; `worker_seen_at` is None when the worker never ran."""

    claims: Sequence[Registration]
    outcomes: Sequence[PaymentAttempt]
    unasked: Sequence[Registration]
    refunds: Sequence[Refund]
    moved: Sequence[MoneyMovement]
    mails: Sequence[OutboxMail]
    pay_back: Waiting | None
    due_credits: Sequence[DueCredit]
    lapses: Sequence[Lapsed]
    unready: Sequence[Unready]
    unpaid: Sequence[Invoice]
    too_much: Sequence[PaidTooMuch]
    worker_late: bool
    worker_seen_at: datetime | None

    @property
    def none(self) -> bool:
        if (self.pay_back and self.pay_back.rows) or self.unready or self.unpaid or self.too_much:
            return False
        money = (self.due_credits, self.outcomes, self.unasked, self.refunds, self.moved)
        lists = (*money, self.claims, self.mails, self.lapses)
        return not self.worker_late and not any(lists)


def concerns(*, now: datetime, with_money: bool) -> Concerns:
    """Everything that waits for the office; the money only for who may see it."""
    seen_at = db.session.scalar(sa.select(sa.func.max(Heartbeat.beat_at)).select_from(Heartbeat))
    return Concerns(
        claims=_claims(),
        outcomes=_unexpected_money(now) if with_money else [],
        unasked=_unasked(now) if with_money else [],
        refunds=_failed_refunds() if with_money else [],
        moved=moved_elsewhere(now=now) if with_money else [],
        pay_back=bank_refunds.totals() if with_money else None,
        due_credits=bank_refunds.due_credits() if with_money else [],
        mails=_failed_mails(),
        lapses=unseen_lapses(now=now),
        unready=unready_events(now=now),
        unpaid=unpaid_after_all() if with_money else [],
        too_much=paid_too_much() if with_money else [],
        worker_late=seen_at is None or now - seen_at > WORKER_SILENT_AFTER,
        worker_seen_at=seen_at,
    )


def _claims() -> Sequence[Registration]:
    pending = sa.select(Registration).where(
        Registration.review == Review.PENDING, Registration.state == State.AWAITING_CONFIRMATION
    )
    with_names = pending.options(joinedload(Registration.person), joinedload(Registration.event))
    return db.session.scalars(with_names.order_by(Registration.created_at).limit(_SHOWN)).all()


_ATTEMPT_PATH = (
    joinedload(PaymentAttempt.order).joinedload(Order.event),
    joinedload(PaymentAttempt.order).selectinload(Order.registrations).joinedload(Registration.person),
)


def _unexpected_money(now: datetime) -> Sequence[PaymentAttempt]:
    recent = sa.func.coalesce(PaymentAttempt.paid_at, PaymentAttempt.created_at) > now - _OUTCOMES_SHOWN
    undecided = PaymentAttempt.outcome == Outcome.PAID_BESIDES_INVOICE
    unexpected = sa.select(PaymentAttempt).where(
        PaymentAttempt.outcome.is_not(None), PaymentAttempt.outcome != Outcome.CONFIRMED, sa.or_(recent, undecided)
    )
    newest = unexpected.order_by(PaymentAttempt.id.desc()).limit(_SHOWN)
    found = db.session.scalars(newest.options(*_ATTEMPT_PATH)).all()
    # What waits for a decision stays until it was given back, however long ago it came.
    return [one for one in found if one.outcome != Outcome.PAID_BESIDES_INVOICE or left_cents(one) > 0]


def _unasked(now: datetime) -> Sequence[Registration]:
    """Places still held past their time, or with a payment nobody could tell about: the provider did not answer."""
    puzzling = sa.select(PaymentAttempt.order_id).where(
        PaymentAttempt.status.in_((AttemptStatus.NEW, AttemptStatus.UNKNOWN, AttemptStatus.UNCLEAR)),
        PaymentAttempt.created_at < now - UNASKED_AFTER,
    )
    held_too_long = Registration.expires_at < now - UNASKED_AFTER
    stuck = sa.select(Registration).where(
        Registration.state == State.AWAITING_PAYMENT, sa.or_(held_too_long, Registration.order_id.in_(puzzling))
    )
    with_names = stuck.options(joinedload(Registration.person), joinedload(Registration.event))
    return db.session.scalars(with_names.order_by(Registration.expires_at).limit(_SHOWN)).all()


def _failed_refunds() -> Sequence[Refund]:
    """Refunds for a person to look at: failed and not done over or by bank, or waiting for a key that is refused."""
    again = aliased(Refund)
    done_over = sa.exists().where(again.retry_of_id == Refund.id)
    by_bank = sa.exists().where(BankRefund.refund_id == Refund.id)
    failed = sa.and_(Refund.state == RefundState.FAILED, ~done_over, ~by_bank)
    stuck = sa.select(Refund).where(sa.or_(failed, Refund.problem == RefundProblem.KEY))
    path = joinedload(Refund.attempt).joinedload(PaymentAttempt.order)
    return db.session.scalars(
        stuck.order_by(Refund.id.desc())
        .limit(_SHOWN)
        .options(path.joinedload(Order.event), path.selectinload(Order.registrations).joinedload(Registration.person))
    ).all()


def _failed_mails() -> Sequence[OutboxMail]:
    """Mails that did not get through, until a later one of their kind about the same registration did."""
    later = aliased(OutboxMail)
    arrived = sa.exists().where(
        later.registration_id == OutboxMail.registration_id,
        later.kind == OutboxMail.kind,
        later.state == MailState.SENT,
        later.id > OutboxMail.id,
    )
    failed = sa.select(OutboxMail).where(OutboxMail.state == MailState.FAILED, ~arrived)
    failed = failed.where(OutboxMail.last_error.not_in(WITHHELD))
    return db.session.scalars(failed.order_by(OutboxMail.id.desc()).limit(_SHOWN)).all()


def coming_events(*, now: datetime, own: Own | None = None) -> Sequence[Event]:
    """What is still to come or going on, drafts not among them; first one first."""
    coming = sa.select(Event).where(Event.state != EventState.DRAFT, Event.ends_at > now, among(own))
    return db.session.scalars(coming.order_by(Event.starts_at).options(selectinload(Event.capacities))).all()


def past_events(*, now: datetime, own: Own | None = None) -> Sequence[Event]:
    """What is over, last one first."""
    past = sa.select(Event).where(Event.state != EventState.DRAFT, Event.ends_at <= now, among(own))
    newest = past.order_by(Event.starts_at.desc()).limit(200)
    return db.session.scalars(newest.options(selectinload(Event.capacities))).all()


def draft_events(own: Own | None = None) -> Sequence[Event]:
    """Drafts, by date."""
    drafts = sa.select(Event).where(Event.state == EventState.DRAFT, among(own))
    return db.session.scalars(drafts.order_by(Event.starts_at).options(selectinload(Event.capacities))).all()


def waiting_events() -> frozenset[int]:
    """The ids of events of which changes wait to be carried through."""
    return frozenset(db.session.scalars(sa.select(PendingDetails.event_id)))


def counts_by_state(event_id: int | None = None, own: Own | None = None) -> dict[State, int]:
    """How many registrations are in each state that occurs, of one event or of all."""
    counted = sa.select(Registration.state, sa.func.count()).where(of_event_among(own, Registration.event_id))
    if event_id is not None:
        counted = counted.where(Registration.event_id == event_id)
    return {row.state: row[1] for row in db.session.execute(counted.group_by(Registration.state))}


def members_to_choose() -> list[tuple[int, str]]:
    """Id and name of every organisation that is or was a member, for deciding about a claim."""
    was = sa.exists().where(Membership.organisation_id == Organisation.id, Membership.relation == Relation.LID)
    members = sa.select(Organisation.id, Organisation.name).where(was)
    return [(key, name) for key, name in db.session.execute(members.order_by(Organisation.name))]


def grants_of_event(event_id: int) -> Sequence[StaffGrant]:
    """Roles for this event alone, by name; those that ended among them."""
    rows = sa.select(StaffGrant).join(StaffMember).where(StaffGrant.event_id == event_id)
    by_name = rows.order_by(StaffMember.name, StaffMember.address, StaffGrant.id)
    return db.session.scalars(by_name.options(joinedload(StaffGrant.staff))).all()


@dataclass(frozen=True)
class GivenRole:
    """A role for one event or circle, with what that is called and, of an event, when it is."""

    grant: StaffGrant
    thing: str
    at: datetime | None


def grants() -> dict[int, list[GivenRole]]:
    """Every role for one event or circle by the id of who has it, the latest first."""
    rows = db.session.execute(
        sa.select(StaffGrant, sa.func.coalesce(Event.title, Circle.name), Event.starts_at)
        .outerjoin(Event, Event.id == StaffGrant.event_id)
        .outerjoin(Circle, Circle.id == StaffGrant.circle_id)
        .order_by(StaffGrant.id.desc())
    )
    found: dict[int, list[GivenRole]] = {}
    for grant, thing, at in rows:
        found.setdefault(grant.staff_id, []).append(GivenRole(grant, thing, at))
    return found


def staff() -> Sequence[StaffMember]:
    """Everybody with an account, ended ones among them, by name."""
    return db.session.scalars(sa.select(StaffMember).order_by(StaffMember.name, StaffMember.address)).all()


def api_tokens() -> Sequence[ApiToken]:
    """Tokens of programs, newest first; door phones are listed with their event."""
    return db.session.scalars(sa.select(ApiToken).where(ApiToken.event_id.is_(None)).order_by(ApiToken.id.desc())).all()


def door_devices(event_id: int) -> Sequence[ApiToken]:
    """Phones that were coupled or invited for this event, newest first."""
    return db.session.scalars(
        sa.select(ApiToken).where(ApiToken.event_id == event_id).order_by(ApiToken.id.desc())
    ).all()
