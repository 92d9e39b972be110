"""Refusals about proposals of ambassadors."""

from eventapp.domain.errors.base import DomainError


class NoAmbassador(DomainError):
    """Nobody at this address is an ambassador today."""

    code = "no_ambassador"


class TooManyProposals(DomainError):
    """So many wait already. Facts: `most`."""

    code = "too_many_proposals"


class ProposalSettled(DomainError):
    """It was decided about, or withdrawn."""

    code = "proposal_settled"
