"""What does an ambassador propose to hold, how does that stand, and how much may one person propose?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from eventapp.domain.errors import ProposalSettled, TooManyProposals
from eventapp.domain.event_details import EventDetails
from eventapp.domain.event_kinds import standing, template_of
from eventapp.domain.events import EventForm, EventKind
from eventapp.domain.times import local_date

# What an ambassador can hold; everything else is the association's own.
PROPOSED_KINDS = (
    EventKind.REGIONALE_ACTIVITEIT,
    EventKind.WEBINAR,
    EventKind.WERKBEZOEK,
    EventKind.LEERSESSIE,
    EventKind.TRAINING,
    EventKind.REGIOTOUR,
)
MOST_OPEN = 5
MOST_PER_DAY = 5
MOST_ANSWERS = 10
COUNTED_OVER = timedelta(days=1)


class ProposalState(StrEnum):
    """Where a proposal stands: the office has to look, the proposer has to answer, or it is settled."""

    WAITING = "waiting"
    ASKED = "asked"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({ProposalState.WAITING, ProposalState.ASKED})


class WhoPays(StrEnum):
    """Who bears what it costs; never the association."""

    NOBODY = "nobody"
    PROPOSER = "proposer"
    PARTICIPANTS = "participants"


@dataclass(frozen=True)
class Proposal:
    """What somebody fills in; `place` is empty online. Moments are aware UTC."""

    title: str
    kind: EventKind
    form: EventForm
    starts_at: datetime
    ends_at: datetime
    place: str
    for_whom: str
    text: str
    pays: WhoPays


def check_open(state: ProposalState) -> None:
    """Refuses with ProposalSettled what was decided or withdrawn."""
    if state not in OPEN:
        raise ProposalSettled()


def check_not_too_many(states: Collection[ProposalState], *, lately: int) -> None:
    """One more is fine. Refuses with TooManyProposals (facts: most): `states` are of all, `lately` counts a day's."""
    if sum(state in OPEN for state in states) >= MOST_OPEN or lately >= MOST_PER_DAY:
        raise TooManyProposals(most=MOST_OPEN)


def drafted(proposal: Proposal) -> EventDetails:
    """The draft that the office begins with: what was proposed over what its kind fills in, without any invoice."""
    details = template_of(proposal.kind).details(proposal.kind, proposal.title, local_date(proposal.starts_at))
    return replace(
        details,
        form=proposal.form,
        starts_at=proposal.starts_at,
        ends_at=proposal.ends_at,
        venue=proposal.place,
        description="\n\n".join(filter(None, (proposal.text, f"Voor wie: {proposal.for_whom}"))),
        prices=standing(details.prices),
        invoice_allowed=False,
    )
