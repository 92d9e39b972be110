"""Somebody paid as an outsider and turned out to be of an organisation: does the difference go back?"""

from datetime import datetime

from eventapp import wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile, NotFound, NothingToRefund
from eventapp.domain.linking import ProposalState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import RefundProposal, Registration
from eventapp.queries import bank_refunds
from eventapp.services import cancelling, following, holding, mails, owing
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction


def give(proposal_id: int, *, by: Actor, now: datetime) -> int:
    """The difference goes back, and the registration becomes one of the organisation. Answers the cents.

    What went back by hand since is part of it: together no more than makes it the price of the organisation.
    Paid by bank it goes back so: the credit makes the row for the treasurer, and the payer is asked for an IBAN.
    Refuses with NotFound, ChangedMeanwhile (decided already, or the registration was withdrawn), NothingToRefund, or
    OrganisationFull when the free places of the organisation are gone by now.
    """
    with transaction():
        proposal, registration = _lock_proposal(proposal_id)
        if registration.state != State.CONFIRMED:
            raise ChangedMeanwhile()
        less = proposal.back_cents
        if not less:
            raise NothingToRefund()
        planned = cancelling.give_back(registration.order_id, less, reason="linked", by=by, now=now)
        if not planned and not bank_refunds.banked_cents(registration.order_id):
            raise NothingToRefund()
        registration.price_cents -= less
        # It is the price of the organisation now, with nothing credited of it.
        registration.lowered_cents = 0
        owing.book([registration], now=now)
        registration.category, registration.reason = proposal.category, dict(proposal.reason)
        registration.organisation_id = proposal.organisation_id
        _decide(proposal, ProposalState.REFUNDED, by=by, now=now)
        back = planned or less
        facts = {"amount_cents": back, "organisation_id": proposal.organisation_id}
        note("difference_back", "registration", registration.id, by=by, now=now, **facts)
        if planned:
            _tell(registration, planned, proposal.organisation.name, now=now)
        holding.take(registration)
        following.costs_less(
            registration.order, reason=wording.price_of(proposal.organisation.name)[:300], by=by, now=now
        )
        return back


def _tell(registration: Registration, cents: int, organisation: str, *, now: datetime) -> None:
    """The payer; who comes is named in the mail."""
    words = {"amount_cents": cents, "organisation": organisation, "person": registration.person}
    mails.to_payer("difference_back", registration.order, now=now, key=str(registration.id), **words)


def leave(proposal_id: int, *, by: Actor, now: datetime) -> None:
    """Nothing goes back; it is remembered as decided. Refuses with NotFound or ChangedMeanwhile."""
    with transaction():
        proposal, registration = _lock_proposal(proposal_id)
        _decide(proposal, ProposalState.LEFT, by=by, now=now)
        note("difference_left", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def _lock_proposal(proposal_id: int) -> tuple[RefundProposal, Registration]:
    """The order is the lock, as for everything about a registration."""
    proposal = db.session.get(RefundProposal, proposal_id)
    if proposal is None:
        raise NotFound()
    registration = lock_order_of(proposal.registration_id)
    db.session.refresh(proposal)
    if proposal.state != ProposalState.OPEN:
        raise ChangedMeanwhile()
    return proposal, registration


def _decide(proposal: RefundProposal, state: ProposalState, *, by: Actor, now: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by.name, now
