"""What else happened to one person, each in one query however much it is: money, the door, circles, invitations."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventapp.extensions import db
from eventapp.models import (
    Circle,
    CircleMember,
    Event,
    Invitation,
    Order,
    PaymentAttempt,
    PersonNote,
    Registration,
    Scan,
)

SHOWN = 100


def payments_of(person_id: int) -> Sequence[PaymentAttempt]:
    """What was tried to pay for orders in which this person comes or which they booked, newest first, with refunds."""
    booked = sa.select(Order.id).where(Order.booker_id == person_id)
    coming = sa.select(Registration.order_id).where(Registration.person_id == person_id)
    attempts = sa.select(PaymentAttempt).join(PaymentAttempt.order).join(Order.event)
    mine = attempts.where(PaymentAttempt.order_id.in_(booked.union(coming))).order_by(PaymentAttempt.id.desc())
    whole = (
        contains_eager(PaymentAttempt.order).contains_eager(Order.event),
        contains_eager(PaymentAttempt.order).selectinload(Order.registrations),
        selectinload(PaymentAttempt.refunds),
    )
    return db.session.scalars(mine.limit(SHOWN).options(*whole)).all()


def scans_of(registration_ids: Collection[int]) -> Sequence[Scan]:
    """What happened at doors with these registrations, newest first."""
    scanned = sa.select(Scan).where(Scan.registration_id.in_(registration_ids))
    return db.session.scalars(scanned.order_by(Scan.counted_at.desc(), Scan.id.desc()).limit(SHOWN)).all()


def circles_of(person_id: int) -> Sequence[CircleMember]:
    """In which circles this person is or was, the latest first."""
    rows = sa.select(CircleMember).join(Circle).where(CircleMember.person_id == person_id)
    return db.session.scalars(
        rows.order_by(CircleMember.joined_on.desc(), CircleMember.id.desc()).options(joinedload(CircleMember.circle))
    ).all()


def invitations_of(person_id: int) -> Sequence[Invitation]:
    """To what this person was invited, the latest first."""
    rows = sa.select(Invitation).join(Event).where(Invitation.person_id == person_id)
    return db.session.scalars(rows.order_by(Event.starts_at.desc()).options(joinedload(Invitation.event))).all()


def notes_of(person_id: int) -> Sequence[PersonNote]:
    """What the office wrote down about this person, the latest first."""
    notes = sa.select(PersonNote).where(PersonNote.person_id == person_id)
    return db.session.scalars(notes.order_by(PersonNote.written_at.desc(), PersonNote.id.desc())).all()
