"""An ambassador proposes a gathering; the office takes it over as a draft, asks, or declines. Nothing is public yet."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NoAmbassador, NotFound, TooManyRequests
from eventapp.domain.proposals import (
    COUNTED_OVER,
    MOST_ANSWERS,
    OPEN,
    Proposal,
    ProposalState,
    check_not_too_many,
    check_open,
    drafted,
)
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Event, EventProposal, Person, ProposalRemark
from eventapp.queries.proposals import ambassadors_at
from eventapp.services import proposal_mails, starting
from eventapp.services.audit import note
from eventapp.transaction import transaction


def propose(address: str, person_id: int, proposal: Proposal, *, now: datetime) -> int:
    """Put it before the office, which hears of it; answers the id. The same thing again is the same proposal.

    `address` is proven by whoever asks. Refuses with NoAmbassador (nobody of this id is one there today) or
    TooManyProposals.
    """
    with transaction() as session:
        # Locks whoever proposes, so that two forms in one moment are counted.
        session.execute(sa.update(Person).where(Person.id == person_id).values(created_at=Person.created_at))
        if person_id not in {one.id for one in ambassadors_at(address, on=local_date(now))}:
            raise NoAmbassador()
        own = session.scalars(sa.select(EventProposal).where(EventProposal.person_id == person_id)).all()
        for before in own:
            if before.state in OPEN and before.proposal == proposal:
                return before.id
        lately = sum(one.created_at > now - COUNTED_OVER for one in own)
        check_not_too_many([one.state for one in own], lately=lately)
        made = EventProposal(person_id=person_id, address=address, created_at=now, **vars(proposal))
        session.add(made)
        session.flush()
        by = Actor("person", address, person_id)
        note("event_proposed", "proposal", made.id, by=by, now=now, title=proposal.title)
        proposal_mails.to_proposer("received", made, now=now)
        proposal_mails.to_office("new", made, now=now)
        return made.id


def ask(proposal_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """Ask the proposer something, by mail; their answer brings it back. Refuses with NotFound or ProposalSettled."""
    with transaction():
        found = _open(proposal_id)
        found.state = ProposalState.ASKED
        said = _say(found, text, written_by=by.name, now=now)
        note("proposal_asked", "proposal", proposal_id, by=by, now=now)
        proposal_mails.to_proposer("asked", found, now=now, key=f"-{said.id}", said=text)


def answer(proposal_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """What the proposer says to it; the office hears.

    Refuses with NotFound, ProposalSettled, or TooManyRequests: the office is mailed each time.
    """
    with transaction():
        found = _open(proposal_id)
        if sum(not one.written_by and one.written_at > now - COUNTED_OVER for one in found.remarks) >= MOST_ANSWERS:
            raise TooManyRequests()
        found.state = ProposalState.WAITING
        said = _say(found, text, written_by="", now=now)
        note("proposal_answered", "proposal", proposal_id, by=by, now=now)
        proposal_mails.to_office("answered", found, now=now, key=f"-{said.id}", said=text)


def withdraw(proposal_id: int, *, by: Actor, now: datetime) -> None:
    """The proposer does not want it any more. Refuses with NotFound or ProposalSettled."""
    with transaction():
        found = _open(proposal_id)
        found.state, found.settled_at = ProposalState.WITHDRAWN, now
        note("proposal_withdrawn", "proposal", proposal_id, by=by, now=now)
        proposal_mails.to_office("withdrawn", found, now=now)


def decline(proposal_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """Say no, and why. Refuses with NotFound or ProposalSettled."""
    with transaction():
        found = _open(proposal_id)
        found.state, found.settled_at = ProposalState.DECLINED, now
        _say(found, reason, written_by=by.name, now=now)
        note("proposal_declined", "proposal", proposal_id, by=by, now=now)
        proposal_mails.to_proposer("declined", found, now=now, said=reason)


def take_over(proposal_id: int, *, by: Actor, now: datetime) -> str:
    """Make a draft of it, for the office to finish and publish; answers its slug.

    Refuses with NotFound or ProposalSettled.
    """
    with transaction() as session:
        found = _open(proposal_id)
        slug = starting.start_event(drafted(found.proposal), by=by, now=now)
        event = session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        found.state, found.settled_at, found.event_id = ProposalState.TAKEN, now, event.id
        note("proposal_taken", "proposal", proposal_id, by=by, now=now, event_id=event.id)
        # Thrown away and taken over again, it is told again.
        proposal_mails.to_proposer("taken", found, now=now, key=f"-{now:%Y%m%d%H%M}")
        return slug


def _open(proposal_id: int) -> EventProposal:
    """The proposal, which nobody else decides about before this transaction ends."""
    write = sa.update(EventProposal).where(EventProposal.id == proposal_id).values(state=EventProposal.state)
    db.session.execute(write.execution_options(synchronize_session=False))
    found = db.session.get(EventProposal, proposal_id, populate_existing=True)
    if found is None:
        raise NotFound()
    check_open(found.state)
    return found


def _say(proposal: EventProposal, text: str, *, written_by: str, now: datetime) -> ProposalRemark:
    said = ProposalRemark(proposal_id=proposal.id, text=text, written_by=written_by, written_at=now)
    db.session.add(said)
    db.session.flush()
    return said
