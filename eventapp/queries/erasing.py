"""What stands in the way of forgetting somebody, and what of them stays because the law says so?"""

from datetime import date, datetime

import sqlalchemy as sa

from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.erasing import Blocker, Kept, Standing
from eventapp.domain.payments import RefundState
from eventapp.domain.registrations import LIVE
from eventapp.domain.retention import INVOICE_YEARS
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    BankRefund,
    Circle,
    CircleMember,
    Event,
    Invoice,
    Order,
    PaymentAttempt,
    PersonAddress,
    Refund,
    Registration,
    StaffMember,
    SweepReport,
)

_MOVING = (RefundState.PLANNED, RefundState.SENT, RefundState.UNKNOWN)


def standing_in_the_way(person_id: int, *, now: datetime) -> list[Standing]:
    """Everything that has to be settled before this person can be forgotten."""
    today = local_date(now)
    return [*_circles(person_id, today), *_coming(person_id, now), *_money(person_id), *_staff(person_id, today)]


def coming_places(person_id: int, *, now: datetime) -> list[int]:
    """The live registrations of this person for what is not over."""
    found = sa.select(Registration.id).join(Event, Registration.event_id == Event.id)
    mine = found.where(Registration.person_id == person_id, Registration.state.in_(LIVE), Event.ends_at > now)
    return list(db.session.scalars(mine.order_by(Registration.id)))


def other_mailboxes(person_id: int, address: str) -> list[str]:
    """What else this person proved to read: who reads only this mailbox does not decide about those."""
    proven = sa.select(PersonAddress.address).where(
        PersonAddress.person_id == person_id, PersonAddress.address != address, PersonAddress.proven_at.is_not(None)
    )
    return sorted(set(db.session.scalars(proven)))


def kept(person_id: int) -> Kept:
    """The invoices of what this person booked, which the tax law wants whole."""
    issued = sa.select(sa.func.count(Invoice.id), sa.func.max(Invoice.issued_on)).join(Order)
    found = issued.where(Order.booker_id == person_id, Invoice.issued_on.is_not(None), Invoice.erased_at.is_(None))
    number, last = db.session.execute(found).one()
    return Kept(number, last.year + INVOICE_YEARS) if last else Kept()


def _coming(person_id: int, now: datetime) -> list[Standing]:
    """Places of their own, and those they booked for others."""
    whose = sa.or_(Registration.person_id == person_id, Order.booker_id == person_id)
    found = (
        sa.select(Event.title, Order.token, sa.func.min(Registration.id))
        .join(Registration, Registration.event_id == Event.id)
        .join(Order, Registration.order_id == Order.id)
        .where(whose, Registration.state.in_(LIVE), Event.ends_at > now)
        .group_by(Event.starts_at, Event.title, Order.token)
        .order_by(Event.starts_at, Event.title)
    )
    return [Standing(Blocker.COMING, title, token, str(row)) for title, token, row in db.session.execute(found)]


def _circles(person_id: int, today: date) -> list[Standing]:
    still = sa.or_(CircleMember.left_on.is_(None), CircleMember.left_on >= today)
    found = sa.select(Circle.name, CircleMember.token, Circle.slug).join(
        CircleMember, CircleMember.circle_id == Circle.id
    )
    of_person = found.where(CircleMember.person_id == person_id, still, Circle.ended_at.is_(None))
    return [Standing(Blocker.CIRCLE, *row) for row in db.session.execute(of_person.order_by(Circle.name))]


def _money(person_id: int) -> list[Standing]:
    """Money on its way back, or an invoice that is still to be made."""
    orders = sa.select(Order.id).where(Order.booker_id == person_id).scalar_subquery()
    waiting = sa.exists().where(BankRefund.order_id.in_(orders), BankRefund.state == BankRefundState.WAITING)
    attempts = sa.select(PaymentAttempt.id).where(PaymentAttempt.order_id.in_(orders)).scalar_subquery()
    moving = sa.exists().where(Refund.attempt_id.in_(attempts), Refund.state.in_(_MOVING))
    drafted = sa.exists().where(Invoice.order_id.in_(orders), Invoice.issued_at.is_(None))
    return [Standing(Blocker.MONEY)] if db.session.scalar(sa.select(sa.or_(waiting, moving, drafted))) else []


def _staff(person_id: int, today: date) -> list[Standing]:
    own = sa.select(PersonAddress.address).where(PersonAddress.person_id == person_id).scalar_subquery()
    active = sa.or_(StaffMember.ends_on.is_(None), StaffMember.ends_on >= today)
    found = sa.exists().where(StaffMember.address.in_(own), active)
    return [Standing(Blocker.STAFF)] if db.session.scalar(sa.select(found)) else []


def sweep_reports(limit: int = 30) -> list[SweepReport]:
    """What the last sweeps that found something took away, the latest first."""
    newest = sa.select(SweepReport).order_by(SweepReport.swept_at.desc(), SweepReport.id.desc())
    return list(db.session.scalars(newest.limit(limit)))
