"""What did ambassadors propose, what waits for the office, and who may propose anything?"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.pricing import Category
from eventapp.domain.proposals import OPEN, ProposalState
from eventapp.extensions import db
from eventapp.models import EventProposal, Person, PersonStatus
from eventapp.queries.member import ids_at

_SHOWN = 100


def ambassadors_at(address: str, *, on: date) -> Sequence[Person]:
    """The people at this address who are ambassadors on this day, by name; several may share a mailbox."""
    lasts = sa.or_(PersonStatus.ends_on.is_(None), PersonStatus.ends_on >= on)
    is_one = sa.exists().where(
        PersonStatus.person_id == Person.id,
        PersonStatus.category == Category.AMBASSADEUR,
        PersonStatus.starts_on <= on,
        lasts,
    )
    found = sa.select(Person).where(Person.id.in_(ids_at(address)), Person.erased_at.is_(None), is_one)
    return db.session.scalars(found.order_by(Person.sort_key, Person.id)).all()


def proposals_at(address: str) -> Sequence[EventProposal]:
    """What was proposed from this address, the newest first."""
    own = sa.select(EventProposal).where(EventProposal.address == address, EventProposal.person_id.in_(ids_at(address)))
    return db.session.scalars(own.order_by(EventProposal.id.desc()).options(joinedload(EventProposal.event))).all()


def proposal_at(address: str, proposal_id: int) -> EventProposal | None:
    """One of those, None when it is somebody else's."""
    return next((one for one in proposals_at(address) if one.id == proposal_id), None)


def open_proposals() -> Sequence[EventProposal]:
    """What is not settled: first what waits for the office, the oldest first."""
    asked = sa.case((EventProposal.state == ProposalState.ASKED, 1), else_=0)
    found = sa.select(EventProposal).where(EventProposal.state.in_(OPEN)).order_by(asked, EventProposal.id)
    return db.session.scalars(found.options(joinedload(EventProposal.person))).all()


def settled_proposals() -> Sequence[EventProposal]:
    """What was decided or withdrawn, the latest first."""
    found = sa.select(EventProposal).where(EventProposal.state.not_in(OPEN))
    newest = found.order_by(EventProposal.settled_at.desc(), EventProposal.id.desc()).limit(_SHOWN)
    return db.session.scalars(newest.options(joinedload(EventProposal.person), joinedload(EventProposal.event))).all()


def proposal_by_id(proposal_id: int) -> EventProposal | None:
    """One with who proposed it."""
    return db.session.get(EventProposal, proposal_id, options=[joinedload(EventProposal.person)])


def waiting_proposals() -> int:
    """How many wait for the office."""
    waiting = sa.select(sa.func.count()).where(EventProposal.state == ProposalState.WAITING)
    return db.session.scalar(waiting) or 0
