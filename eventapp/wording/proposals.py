"""The Dutch words of proposals: how they stand, and who pays."""

from eventapp.domain.proposals import ProposalState, WhoPays

__all__ = ["PROPOSAL_STATES", "PROPOSAL_STATES_OWN", "WHO_PAYS"]

PROPOSAL_STATES = {
    ProposalState.WAITING: "Wacht op u",
    ProposalState.ASKED: "Wacht op antwoord",
    ProposalState.TAKEN: "Overgenomen",
    ProposalState.DECLINED: "Afgewezen",
    ProposalState.WITHDRAWN: "Ingetrokken",
}
# For whoever proposed it.
PROPOSAL_STATES_OWN = {
    ProposalState.WAITING: "Wordt bekeken",
    ProposalState.ASKED: "Er is een vraag voor u",
    ProposalState.TAKEN: "Overgenomen",
    ProposalState.DECLINED: "Niet overgenomen",
    ProposalState.WITHDRAWN: "Ingetrokken",
}
WHO_PAYS = {
    WhoPays.NOBODY: "Niemand: het is gratis",
    WhoPays.PROPOSER: "Ikzelf, mijn bureau of mijn opdrachtgever",
    WhoPays.PARTICIPANTS: "Wie meedoet, rechtstreeks aan mij",
}
