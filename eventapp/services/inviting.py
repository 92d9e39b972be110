"""How does the office invite people to an event, remind them, and take an invitation back?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp import formatting
from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import InvitationAnswered, NotAdmitted, NotFound, RegistrationClosed
from eventapp.domain.events import EventState
from eventapp.domain.guest_lists import Guest, same_name
from eventapp.domain.invitations import (
    InvitationState,
    Outlook,
    Terms,
    answer_until,
    decide_invited,
    may_answer,
    remind_at,
)
from eventapp.domain.pricing import Entitlement
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Event, Invitation, Registration
from eventapp.queries.association import load_association
from eventapp.queries.events import event_by_id
from eventapp.queries.invitations import invitation_at, registrations_at
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming, proofs_by_status
from eventapp.services import people
from eventapp.services.audit import note
from eventapp.services.locks import keep_event
from eventapp.transaction import transaction

# So many mails are written in one transaction: everybody else who wants to write waits meanwhile.
_PORTION = 25


class Prospect(NamedTuple):
    """What inviting this guest would do; `entitlement` is what they would get, None when they would not come in."""

    guest: Guest
    outlook: Outlook
    entitlement: Entitlement | None


def preview(event_id: int, guests: Sequence[Guest], terms: Terms, *, now: datetime) -> list[Prospect]:
    """What inviting these would do, one by one; writes nothing. Refuses with NotFound or RegistrationClosed."""
    event = event_by_id(event_id)
    if event is None:
        raise NotFound()
    _check_open(event, now)
    return [_prospect(event, guest, terms, now) for guest in guests]


def invite(event_id: int, guests: Sequence[Guest], terms: Terms, *, message: str = "", by: Actor, now: datetime) -> int:
    """Invite whoever is not invited or registered yet and would come in; answers how many mails that is.

    Twice is once. Refuses with NotFound or RegistrationClosed; what was sent before a refusal stays sent.
    """
    portions = [guests[first : first + _PORTION] for first in range(0, len(guests), _PORTION)]
    return sum(_invite_some(event_id, some, terms, message, by, now) for some in portions)


def _invite_some(
    event_id: int, guests: Sequence[Guest], terms: Terms, message: str, by: Actor, now: datetime, *, again: bool = True
) -> int:
    try:
        with transaction():
            event = keep_event(event_id)
            _check_open(event, now)
            new = [found for guest in guests if (found := _prospect(event, guest, terms, now)).outlook == Outlook.NEW]
            for prospect in new:
                _send_first(_added(event, prospect.guest, terms, message, now), now=now)
            if new:
                note("invited", "event", event_id, by=by, now=now, event_id=event_id, mails=len(new))
            return len(new)
    except IntegrityError:
        # A colleague invited one of them in this very moment; now that can be seen.
        if not again:
            raise
        return _invite_some(event_id, guests, terms, message, by, now, again=False)


def _check_open(event: Event, now: datetime) -> None:
    window = event.window(now)
    if not may_answer(window):
        raise RegistrationClosed(window=window.value)


def _prospect(event: Event, guest: Guest, terms: Terms, now: datetime) -> Prospect:
    entitlement = _entitlement_or_none(event, guest, terms, now)
    invited = invitation_at(event.id, guest.address)
    if any(_is(registration, guest) for registration in registrations_at(event.id, guest.address)):
        outlook = Outlook.REGISTERED
    elif invited and invited.state != InvitationState.WITHDRAWN:
        outlook = Outlook.INVITED
    else:
        outlook = Outlook.NEW if entitlement else Outlook.NOT_ADMITTED
    return Prospect(guest, outlook, entitlement)


def _is(registration: Registration, guest: Guest) -> bool:
    person = registration.person
    return same_name((person.given_name, person.infix, person.family_name), guest.name)


def _entitlement_or_none(event: Event, guest: Guest, terms: Terms, now: datetime) -> Entitlement | None:
    try:
        return entitlement_of(event, guest, terms, now=now)
    except NotAdmitted:
        return None


def entitlement_of(event: Event, guest: Guest, terms: Terms, *, now: datetime) -> Entitlement:
    """As what, and at what price, whoever has this address comes in on an invitation. Refuses with NotAdmitted.

    It rests on the address the invitation went to and on the person known by that name there, on nothing typed later.
    """
    on = load_association().membership_day(starts_at=event.starts_at, booked_at=now)
    proofs = proofs_by_domain(guest.address, on=on)
    person_id = guest.person_id or _known_id(guest)
    if person_id:
        proofs += [*proofs_by_status(person_id, on=on), *proofs_by_naming(person_id, on=on)]
    return decide_invited(event.price_lines, proofs, terms)


def _known_id(guest: Guest) -> int | None:
    person = people.find(guest.address, *guest.name) if any(guest.name) else None
    return person.id if person else None


def _added(event: Event, guest: Guest, terms: Terms, message: str, now: datetime) -> Invitation:
    """A new invitation, or one that was withdrawn made new: with new links, so that the old ones stay dead."""
    invitation = invitation_at(event.id, guest.address) or Invitation(event=event, address=guest.address)
    invitation.given_name, invitation.infix, invitation.family_name = guest.name
    invitation.person_id = guest.person_id or _known_id(guest)
    invitation.category, invitation.price_cents, invitation.message = terms.category, terms.price_cents, message
    invitation.token, invitation.answer_token = new_token(), new_token()
    invitation.state, invitation.sent_at = InvitationState.INVITED, now
    invitation.reminded_at = invitation.answered_at = invitation.registration_id = None
    db.session.add(invitation)
    db.session.flush()
    return invitation


def _send_first(invitation: Invitation, *, now: datetime) -> None:
    # The link is new each time somebody is invited anew, so it tells one first mail from the next.
    mail("invitation", invitation, key=invitation.token[:16], now=now)


def mail(kind: str, invitation: Invitation, *, key: str, now: datetime) -> None:
    """A mail of this kind to the invited address, once per `key`."""
    name = formatting.full_name(invitation.given_name, invitation.infix, invitation.family_name)
    write(
        kind,
        Recipient(invitation.address, name),
        purpose=f"{kind}-{invitation.id}-{key}",
        now=now,
        event_id=invitation.event_id,
        event=invitation.event,
        invitation=invitation,
        entitlement=_entitlement_or_none(invitation.event, invitation.guest, invitation.terms, now),
        until=answer_until(invitation.event.schedule),
    )


def resend(invitation_id: int, *, by: Actor, now: datetime) -> None:
    """The same link once more. Refuses with NotFound, InvitationAnswered or RegistrationClosed."""
    with transaction():
        invitation = _unanswered(invitation_id, now=now)
        invitation.sent_at = now
        mail("invitation", invitation, key=f"{now:%Y%m%d%H%M%S}", now=now)
        note("invitation_resent", "invitation", invitation.id, by=by, now=now, event_id=invitation.event_id)


def withdraw(invitation_id: int, *, by: Actor, now: datetime) -> None:
    """Take an unanswered invitation back: its page says so from now on. Nobody is mailed.

    Refuses with NotFound, InvitationAnswered or RegistrationClosed.
    """
    with transaction():
        invitation = _unanswered(invitation_id, now=now)
        invitation.state = InvitationState.WITHDRAWN
        note("invitation_withdrawn", "invitation", invitation.id, by=by, now=now, event_id=invitation.event_id)


def _unanswered(invitation_id: int, *, now: datetime) -> Invitation:
    return check_unanswered(lock_invitation(invitation_id), now=now)


def lock_invitation(invitation_id: int) -> Invitation:
    """The invitation as it is now, locked by writing: of two answers at once the second waits. Refuses with NotFound.

    Always before the places of the event.
    """
    this = sa.update(Invitation).where(Invitation.id == invitation_id).values(state=Invitation.state)
    db.session.execute(this.execution_options(synchronize_session=False))
    invitation = db.session.get(Invitation, invitation_id, populate_existing=True)
    if invitation is None:
        raise NotFound()
    return invitation


def check_unanswered(invitation: Invitation, *, now: datetime) -> Invitation:
    """Refuses with RegistrationClosed when answering is over, with InvitationAnswered when it was done or withdrawn."""
    stands = invitation.standing(now)
    if stands == InvitationState.LAPSED:
        raise RegistrationClosed(window=invitation.event.window(now).value)
    if stands != InvitationState.INVITED:
        raise InvitationAnswered(state=stands.value)
    return invitation


def remind(event_id: int, *, by: Actor, now: datetime) -> int:
    """Remind everybody who was invited to this event, did not answer and was not reminded yet; answers how many."""
    waiting = sa.select(Invitation.id).where(Invitation.event_id == event_id, *_unreminded())
    ids = list(db.session.scalars(waiting.order_by(Invitation.id)))
    return sum(_remind(invitation_id, by=by, now=now) for invitation_id in ids)


def remind_due(*, now: datetime) -> int:
    """The automatic reminder, some days before answering ends; whoever was reminded already is left in peace."""
    days = load_association().invitation_reminder_days
    coming = sa.and_(Event.state == EventState.PUBLISHED, Event.starts_at > now)
    waiting = sa.select(Invitation.id, Invitation.sent_at, Event).join(Event).where(coming, *_unreminded())
    due = [
        row.id
        for row in db.session.execute(waiting.order_by(Invitation.id)).all()
        if (at := remind_at(sent_at=row.sent_at, until=answer_until(row.Event.schedule), days=days)) and at <= now
    ]
    return sum(_remind(invitation_id, by=SYSTEM, now=now) for invitation_id in due)


def _unreminded() -> tuple[sa.ColumnElement[bool], ...]:
    return Invitation.state == InvitationState.INVITED, Invitation.reminded_at.is_(None), Invitation.address != ""


def _remind(invitation_id: int, *, by: Actor, now: datetime) -> bool:
    with transaction():
        invitation = lock_invitation(invitation_id)
        if invitation.reminded_at or invitation.standing(now) != InvitationState.INVITED:
            return False
        invitation.reminded_at = now
        mail("invitation_reminder", invitation, key=invitation.token[:16], now=now)
        note("invitation_reminded", "invitation", invitation.id, by=by, now=now, event_id=invitation.event_id)
        return True


def count_answer(registration: Registration, *, now: datetime) -> None:
    """Whoever is confirmed at an invited address has answered, however they registered.

    Within a transaction. Only from here on, and not when somebody filled in the form: that may be anybody. At a shared
    address a colleague with another name does not answer for the one who was invited.
    """
    found = invitation_at(registration.event_id, registration.address)
    if found is None or found.state != InvitationState.INVITED or not _is(registration, found.guest):
        return
    invitation = lock_invitation(found.id)
    if invitation.state == InvitationState.INVITED:
        accepted(invitation, registration, now=now)


def accepted(invitation: Invitation, registration: Registration, *, now: datetime) -> None:
    """Put down, within a transaction that locked it, that this registration is the answer."""
    invitation.state, invitation.answered_at = InvitationState.ACCEPTED, now
    invitation.registration_id = registration.id
    db.session.flush()
