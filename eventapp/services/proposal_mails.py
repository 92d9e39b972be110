"""Who proposed something hears of each step, and the office of what waits; also when its event is published or thrown
away."""

from datetime import datetime

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.proposals import ProposalState
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import EventProposal
from eventapp.queries.association import load_association


def to_proposer(what: str, proposal: EventProposal, *, now: datetime, key: str = "", said: str = "") -> None:
    """Within a transaction: how it stands, once per step; `said` is what the office wrote."""
    person = proposal.person
    to = Recipient(proposal.address, formatting.full_name(person.given_name, person.infix, person.family_name))
    purpose = f"proposal-{proposal.id}-{what}{key}"
    write("proposal", to, purpose=purpose, now=now, what=what, proposal=proposal, said_by_office=said)


def to_office(what: str, proposal: EventProposal, *, now: datetime, key: str = "", said: str = "") -> None:
    """Within a transaction: there is something to look at."""
    person = proposal.person
    write(
        "proposal_notice",
        Recipient(load_association().email, "Secretariaat"),
        purpose=f"proposal-{proposal.id}-office-{what}{key}",
        now=now,
        what=what,
        proposal=proposal,
        proposer=formatting.full_name(person.given_name, person.infix, person.family_name),
        answer=said,
    )


def published(event_id: int, *, now: datetime) -> None:
    """Within a transaction: what somebody proposed is in the agenda."""
    for proposal in _of(event_id):
        to_proposer("published", proposal, now=now)


def thrown_away(event_id: int) -> None:
    """Within a transaction: the draft made of a proposal goes, so that it waits for the office again."""
    for proposal in _of(event_id):
        proposal.state, proposal.settled_at, proposal.event_id = ProposalState.WAITING, None, None
    db.session.flush()


def _of(event_id: int) -> list[EventProposal]:
    return list(db.session.scalars(sa.select(EventProposal).where(EventProposal.event_id == event_id)))
