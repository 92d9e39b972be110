"""What happens when an invitation is answered, and when that answer is undone?

The link of an invitation gets forwarded. Whatever is done with it is therefore told to the address it was sent to, the
ticket goes nowhere else, and the answer is changed with a link that is only in that mail.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.errors import InvitationAnswered, PaymentNotPossible, RegistrationClosed, UnknownLink
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.invitations import VIA, InvitationState, may_answer
from eventapp.domain.pricing import Entitlement, fills_a_place
from eventapp.domain.registrations import LIVE, State
from eventapp.extensions import db
from eventapp.models import Event, Invitation, Person, Registration
from eventapp.queries.invitations import invitation_by_answer_token, invitation_by_token
from eventapp.queries.membership import organisation_of
from eventapp.services import cancelling, confirming, inviting, mails, people
from eventapp.services.audit import note
from eventapp.services.locks import keep_event
from eventapp.services.registering import live_or_gone, new_registration
from eventapp.transaction import transaction


class Acceptance(NamedTuple):
    """What whoever accepts fills in. The name counts only when the office did not give one."""

    given_name: str = ""
    infix: str = ""
    family_name: str = ""
    organisation_name: str = ""
    function: str = ""
    function_group: TargetGroup | None = None
    attends: EventForm = EventForm.FYSIEK


def accept(token: str, acceptance: Acceptance, *, now: datetime, can_pay: bool = True) -> State:
    """Register the invited person: free is confirmed at once, a price waits for its payment; all by mail.

    Somebody who was registered already keeps that; at another address nothing is mailed but to the one that was
    invited, as what a person has elsewhere is no business of this mailbox, nor the other way round. Refuses with
    UnknownLink, InvitationAnswered, RegistrationClosed, NotAdmitted, EventFull, NoFreePlaceLeft or PaymentNotPossible;
    after a refusal the invitation stands as before.
    """
    try:
        return _accept(token, acceptance, now=now, can_pay=can_pay)
    except IntegrityError:
        # The same person was registered in this very moment; now that is found.
        return _accept(token, acceptance, now=now, can_pay=can_pay)


def _accept(token: str, acceptance: Acceptance, *, now: datetime, can_pay: bool) -> State:
    with transaction():
        invitation = _to_answer(token, now=now)
        event, by = invitation.event, _by(invitation)
        person = _person(invitation, acceptance, now=now)
        if live := live_or_gone(event, person, by=by, now=now):
            inviting.accepted(invitation, live, now=now)
            _say_registered(invitation, live, now=now)
            return live.state
        entitlement = inviting.entitlement_of(event, invitation.guest, invitation.terms, now=now)
        registration = _registration(event, person, invitation.address, acceptance, entitlement, now=now)
        inviting.accepted(invitation, registration, now=now)
        note("invitation_accepted", "registration", registration.id, by=by, now=now, event_id=event.id)
        confirming.settle_free_or_ask_payment(registration, by=by, now=now)
        if registration.state == State.AWAITING_PAYMENT and not can_pay:
            raise PaymentNotPossible()
        return registration.state


def _say_registered(invitation: Invitation, live: Registration, *, now: datetime) -> None:
    key = invitation.token[:16]
    if live.address == invitation.address:
        mails.about("already_registered", live, now=now, key=f"invitation-{key}")
    else:
        inviting.mail("invitation_elsewhere", invitation, key=key, now=now)


def _to_answer(token: str, *, now: datetime) -> Invitation:
    """The invitation, locked, with an event that nobody changes meanwhile."""
    found = invitation_by_token(token)
    if found is None:
        raise UnknownLink()
    keep_event(found.event_id)
    return inviting.check_unanswered(inviting.lock_invitation(found.id), now=now)


def _by(invitation: Invitation) -> Actor:
    return Actor("person", invitation.address, invitation.person_id)


def _person(invitation: Invitation, acceptance: Acceptance, *, now: datetime) -> Person:
    """The one who was invited; only where the office gave no name is it the one that was filled in."""
    if invitation.person and not invitation.person.erased_at:
        return invitation.person
    name = invitation.guest.name
    if not any(name):
        name = acceptance.given_name, acceptance.infix, acceptance.family_name
    return people.find_or_add(invitation.address, *name, now=now)


def _registration(
    event: Event, person: Person, address: str, acceptance: Acceptance, entitlement: Entitlement, *, now: datetime
) -> Registration:
    organisation = organisation_of(address)
    registration = new_registration(event, person, address, now=now)
    registration.organisation_id = entitlement.proof.organisation_id
    registration.organisation_name = organisation.name if organisation else acceptance.organisation_name
    registration.function, registration.function_group = acceptance.function, acceptance.function_group
    registration.attends = acceptance.attends
    registration.state = State.AWAITING_CONFIRMATION
    registration.category, registration.price_cents = entitlement.category, entitlement.price_cents
    registration.counts = fills_a_place(entitlement.category)
    registration.reason = entitlement.reason()
    registration.source = VIA
    registration.proven_at = now
    db.session.flush()
    return registration


def decline(token: str, *, now: datetime) -> None:
    """Note that the invited person does not come, and mail that to them. Refuses as `accept` does about the link."""
    with transaction():
        invitation = _to_answer(token, now=now)
        invitation.state, invitation.answered_at = InvitationState.DECLINED, now
        inviting.mail("invitation_declined", invitation, key=f"{now:%Y%m%d%H%M%S}", now=now)
        _note("invitation_declined", invitation, now=now)


def _note(act: str, invitation: Invitation, *, now: datetime) -> None:
    note(act, "invitation", invitation.id, by=_by(invitation), now=now, event_id=invitation.event_id)


def take_back(answer_token: str, *, now: datetime) -> None:
    """Undo an acceptance: the registration is cancelled, the invitation declined, and the mailbox hears of it.

    Refuses with UnknownLink, InvitationAnswered (nothing of this address stands), AlreadyCancelled or TooLateToCancel.
    """
    with transaction():
        invitation = _to_change(answer_token)
        if not stands_here(invitation):
            raise InvitationAnswered(state=invitation.state.value)
        assert invitation.registration_id is not None
        cancelling.cancel_own(invitation.registration_id, by=_by(invitation), now=now)
        invitation.state, invitation.answered_at = InvitationState.DECLINED, now
        _note("invitation_declined", invitation, now=now)


def stands_here(invitation: Invitation) -> bool:
    """Whether it was accepted with a registration at the very address that was invited, and not at another one."""
    found = invitation.registration
    return invitation.state == InvitationState.ACCEPTED and found is not None and found.address == invitation.address


def reopen(answer_token: str, *, now: datetime) -> str:
    """Undo a refusal, or an acceptance of which nothing stands any more; answers the token of the invitation.

    From then on the invitation can be answered anew. Refuses with UnknownLink, InvitationAnswered (there is nothing to
    undo) or RegistrationClosed.
    """
    with transaction():
        invitation = _to_change(answer_token)
        window = invitation.event.window(now)
        if not may_answer(window):
            raise RegistrationClosed(window=window.value)
        if not may_reopen(invitation):
            raise InvitationAnswered(state=invitation.state.value)
        invitation.state = InvitationState.INVITED
        invitation.answered_at = invitation.registration_id = None
        _note("invitation_reopened", invitation, now=now)
        return invitation.token


def may_reopen(invitation: Invitation) -> bool:
    """Whether the answer is a refusal, or an acceptance whose registration has ended since."""
    ended = invitation.registration is not None and invitation.registration.state not in LIVE
    return invitation.state == InvitationState.DECLINED or (invitation.state == InvitationState.ACCEPTED and ended)


def _to_change(answer_token: str) -> Invitation:
    found = invitation_by_answer_token(answer_token)
    if found is None:
        raise UnknownLink()
    return inviting.lock_invitation(found.id)
