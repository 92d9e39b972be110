"""The rows of one person who is forgotten: which of them go, and which stay without a name."""

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.handing_over import HandOverState
from eventapp.domain.invitations import InvitationState
from eventapp.domain.times import local_date
from eventapp.domain.tokens import digest
from eventapp.models import (
    Answer,
    BadgePrintLine,
    BankRefund,
    CalendarFeed,
    CareAnswer,
    Certificate,
    CircleAnswer,
    CircleMember,
    CircleRequest,
    DeadAddress,
    EvaluationInvite,
    EvaluationText,
    ExternalIdentity,
    HandOver,
    Invitation,
    MailboxMessage,
    MailingRecipient,
    MailPreference,
    MailState,
    OneTimeLink,
    Order,
    OrganisationInvoicing,
    OutboxMail,
    PhotoChoice,
    PresenceCorrection,
    Registration,
    RegistrationLabel,
    UserSession,
)
from eventapp.services import forgetting
from eventapp.services.changing_rows import delete_rows, update_rows

LAST_MAIL = "erased"
_NOBODY = {"given_name": "", "infix": "", "family_name": ""}


class Whose(NamedTuple):
    """Of whom: all their addresses, and those that nobody else reads."""

    person_id: int
    name: str
    given_name: str
    family_name: str
    addresses: frozenset[str]
    own: frozenset[str]


def empty(whose: Whose, *, now: datetime) -> None:
    """Within a transaction: everything but the person, their addresses and what hangs on those alone."""
    registrations = sa.select(Registration.id).where(Registration.person_id == whose.person_id).scalar_subquery()
    _around_registrations(registrations)
    forgetting.empty_registrations(Registration.person_id == whose.person_id)
    booked = Order.booker_id == whose.person_id
    update_rows(BankRefund, BankRefund.order_id.in_(sa.select(Order.id).where(booked)), iban="", holder="")
    update_rows(Order, booked, address="", visitor_key="", invoice_buyer={})
    _asked(whose, registrations)
    _circles(whose, local_date(now))
    _mails(whose, registrations)
    _by_address(whose)
    certificates = Certificate.person_id == whose.person_id
    update_rows(Certificate, certificates, **_NOBODY, revoked_by="", revoke_reason="")


def forget_person(whose: Whose, *, now: datetime) -> None:
    """The person at last: name, addresses, statuses, namings, notes."""
    forgetting.forget_people([whose.person_id], now=now)


def _around_registrations(registrations: Any) -> None:
    for model in (Answer, BadgePrintLine, CareAnswer, EvaluationInvite, EvaluationText, PhotoChoice, RegistrationLabel):
        delete_rows(model, model.registration_id.in_(registrations))
    update_rows(PresenceCorrection, PresenceCorrection.registration_id.in_(registrations), reason="")


def _asked(whose: Whose, registrations: Any) -> None:
    """What was asked of them, or by them of somebody else; what is still open ends."""
    about = sa.or_(HandOver.registration_id.in_(registrations), HandOver.to_registration_id.in_(registrations))
    offers = sa.or_(about, HandOver.address.in_(whose.own))
    open_offer = sa.and_(offers, HandOver.state == HandOverState.OFFERED)
    update_rows(HandOver, open_offer, state=HandOverState.WITHDRAWN)
    update_rows(HandOver, offers, address="", **_NOBODY)
    invited = sa.or_(
        Invitation.person_id == whose.person_id,
        Invitation.registration_id.in_(registrations),
        Invitation.address.in_(whose.own),
    )
    open_one = sa.and_(invited, Invitation.state == InvitationState.INVITED)
    update_rows(Invitation, open_one, state=InvitationState.WITHDRAWN)
    update_rows(Invitation, invited, address="", message="", person_id=None, **_NOBODY)


def _circles(whose: Whose, today: date) -> None:
    mine = sa.select(CircleMember.id).where(CircleMember.person_id == whose.person_id).scalar_subquery()
    update_rows(CircleAnswer, CircleAnswer.member_id.in_(mine), reason="")
    still = sa.and_(
        CircleMember.person_id == whose.person_id, CircleMember.left_on.is_(None), CircleMember.joined_on <= today
    )
    update_rows(CircleMember, still, left_on=today)
    update_rows(CircleMember, CircleMember.person_id == whose.person_id, address="", organisation_name="")
    nothing = {"address": "", "message": "", "visitor_key": "", **_NOBODY}
    update_rows(CircleRequest, CircleRequest.address.in_(whose.own), **nothing)


def _mails(whose: Whose, registrations: Any) -> None:
    """What was to go to them goes no more, but for the last mail."""
    theirs = sa.or_(
        OutboxMail.to_address.in_(whose.own),
        sa.and_(OutboxMail.to_address.in_(whose.addresses), OutboxMail.to_name == whose.name),
        sa.and_(OutboxMail.to_address.in_(whose.addresses), OutboxMail.registration_id.in_(registrations)),
    )
    gone = sa.and_(theirs, OutboxMail.kind != LAST_MAIL)
    waiting = sa.and_(gone, OutboxMail.state != MailState.SENT)
    update_rows(OutboxMail, waiting, state=MailState.FAILED, next_try_at=None, claimed_until=None)
    update_rows(OutboxMail, gone, **forgetting.EMPTY_MAIL)
    delete_rows(MailboxMessage, MailboxMessage.to_address.in_(whose.own))
    told = MailingRecipient.person_id == whose.person_id
    update_rows(MailingRecipient, told, address="", organisation_name="")


def _by_address(whose: Whose) -> None:
    """What belongs to a mailbox that nobody else reads. A no to announcements stays, as a digest."""
    for model in (UserSession, OneTimeLink, ExternalIdentity, CalendarFeed, DeadAddress):
        delete_rows(model, model.address.in_(whose.own))
    unused = sa.and_(MailPreference.address_digest.in_([digest(one) for one in whose.own]), MailPreference.off == "")
    delete_rows(MailPreference, unused)
    update_rows(OrganisationInvoicing, OrganisationInvoicing.address.in_(whose.own), address="", attention="")
    shared = OrganisationInvoicing.address.in_(whose.addresses)
    update_rows(OrganisationInvoicing, sa.and_(shared, OrganisationInvoicing.attention == whose.name), attention="")
