"""Handing a place over: the first ticket stays good until the other accepts, then its code dies at once."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.addresses import mail_domain
from eventapp.domain.admission import TicketState
from eventapp.domain.errors import (
    AlreadyRegistered,
    DomainError,
    HandOverOver,
    IllegalStep,
    NotAdmitted,
    RegistrationClosed,
    SameAddress,
    UnknownLink,
)
from eventapp.domain.events import EventState, Window
from eventapp.domain.handing_over import VIA, HandOverState, may_take_over
from eventapp.domain.pricing import Entitlement, decide
from eventapp.domain.registrations import State, check_step
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import (
    Answer,
    CareAnswer,
    Choice,
    HandOver,
    Organisation,
    PaymentItem,
    Person,
    PhotoChoice,
    Registration,
)
from eventapp.queries.association import load_association
from eventapp.queries.membership import organisation_of, proofs_by_domain
from eventapp.queries.orders import live_registration
from eventapp.services import holding, limiting, mails, owing, people, queueing, ticketing
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction


def may_offer(registration: Registration, *, now: datetime) -> bool:
    """Whether a page offers to hand this place over: it stands, and there is somebody who could take it."""
    try:
        _check_open(registration, now=now)
    except DomainError:
        return False
    return registration.event.hand_over_to_anybody or bool(colleague_domains(registration))


def colleague_domains(registration: Registration) -> list[str]:
    """The mail domains of those who may always take this place over: colleagues of the same organisation."""
    if registration.organisation_id is None:
        return []
    organisation = db.session.get_one(Organisation, registration.organisation_id)
    return sorted(row.domain for row in organisation.domains)


def offer(
    registration_id: int, address: str, given_name: str, infix: str, family_name: str, *, by: Actor, now: datetime
) -> None:
    """Ask somebody to come instead, at a normalised address. An offer that was open is replaced by this one.

    Refuses with IllegalStep (no confirmed place), RegistrationClosed (it began, or is off), SameAddress, NotAdmitted
    when the event does not let that person take over, NotFound, or TooManyRequests.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        _check_open(registration, now=now)
        if address == registration.address:
            raise SameAddress()
        _check_may(registration, address)
        limiting.check_mails_about(registration.id, by=by, now=now)
        end_open(registration, now=now)
        hand_over = HandOver(
            registration=registration,
            token=new_token(),
            address=address,
            given_name=given_name,
            infix=infix,
            family_name=family_name,
            created_at=now,
        )
        db.session.add(hand_over)
        db.session.flush()
        mails.hand_over(hand_over, now=now)
        facts = {"hand_over_id": hand_over.id}
        note(
            "hand_over_offered",
            "registration",
            registration.id,
            by=by,
            now=now,
            event_id=registration.event_id,
            **facts,
        )


def withdraw(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Come oneself after all; without an open offer it does nothing. Refuses with NotFound."""
    with transaction():
        registration = lock_order_of(registration_id)
        if end_open(registration, now=now):
            note("hand_over_withdrawn", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def check(hand_over: HandOver, *, now: datetime) -> None:
    """Whether the place can still go to who was asked; writes nothing.

    Refuses as `accept` does, but for AlreadyRegistered: who comes already is known once they said their name.
    """
    _check_open(hand_over.registration, now=now)
    _check_may(hand_over.registration, hand_over.address)


def end_open(registration: Registration, *, now: datetime) -> bool:
    """Within a transaction that locked the order: an offer that is open is one no more; answers whether there was."""
    ended = (
        sa.update(HandOver)
        .where(HandOver.registration_id == registration.id, HandOver.state == HandOverState.OFFERED)
        .values(state=HandOverState.WITHDRAWN, ended_at=now)
        .returning(HandOver.id)
    )
    return db.session.scalar(ended) is not None


def accept(
    token: str, given_name: str, infix: str, family_name: str, *, organisation: str = "", now: datetime
) -> Registration:
    """Come instead: the place, the breakouts, what was paid and the free place of the organisation go along.

    Answers and consents do not: they are erased. `organisation` is what the newcomer says, which counts for nothing
    where their address says it. Following the link proves the address it was mailed to. Refuses with UnknownLink,
    HandOverOver (answered or withdrawn), RegistrationClosed, NotAdmitted, AlreadyRegistered (that person comes already)
    or EventFull (their part of the places is full).
    """
    with transaction():
        hand_over = _by_token(token)
        old = hand_over.registration
        _check_open(old, now=now)
        entitlement = _check_may(old, hand_over.address)
        person = people.find_or_add(hand_over.address, given_name, infix, family_name, now=now)
        if live := live_registration(old.event_id, person.id):
            raise AlreadyRegistered(registration_id=live.id)
        people.mark_proven(person, hand_over.address, now=now)
        new = _newcomer(old, hand_over.address, person, entitlement, organisation, now=now)
        new.proven_at = now
        _give(old, new, now=now)
        owing.book([old, new], now=now)
        hand_over.state, hand_over.ended_at, hand_over.to_registration_id = HandOverState.ACCEPTED, now, new.id
        ticketing.issue(new, now=now)
        mails.confirmed(new, now=now)
        mails.calendar_cancel("handed_over", old, now=now, newcomer=person)
        by = Actor("person", new.address, person.id)
        note("handed_over", "registration", old.id, by=by, now=now, event_id=old.event_id, to=new.id)
        return new


def give_at_door(
    old: Registration, address: str, given_name: str, infix: str, family_name: str, *, now: datetime
) -> Registration:
    """Within a transaction that locked the order: a colleague came instead, with this ticket in hand.

    As `accept`, but also when it has begun, and nobody proved the address: only a colleague may, by its mail domain.
    Whether the ticket opens the door is the caller's question. Refuses with NotAdmitted or AlreadyRegistered.
    """
    if not _is_colleague(old, address):
        raise NotAdmitted(category=old.category.value, admission="niet")
    person = people.find_or_add(address, given_name, infix, family_name, now=now)
    if live := live_registration(old.event_id, person.id):
        raise AlreadyRegistered(registration_id=live.id)
    end_open(old, now=now)
    new = _newcomer(old, address, person, None, "", now=now)
    _give(old, new, now=now)
    owing.book([old, new], now=now)
    ticketing.issue(new, now=now)
    if now < old.event.ends_at:
        mails.confirmed(new, now=now)
        mails.calendar_cancel("handed_over", old, now=now, newcomer=person)
    return new


def decline(token: str, *, now: datetime) -> None:
    """No thanks: whoever offered keeps the place and hears so. Refuses with UnknownLink or HandOverOver."""
    with transaction():
        hand_over = _by_token(token)
        hand_over.state, hand_over.ended_at = HandOverState.DECLINED, now
        registration = hand_over.registration
        mails.about("hand_over_declined", registration, now=now, key=str(hand_over.id), hand_over=hand_over)
        by = Actor("person", hand_over.address)
        note("hand_over_declined", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def _check_open(registration: Registration, *, now: datetime) -> None:
    if registration.state != State.CONFIRMED:
        raise IllegalStep(state=registration.state.value, to="handed_over")
    event = registration.event
    if event.state != EventState.PUBLISHED or now >= event.starts_at:
        raise RegistrationClosed(window=Window.PAST.value)


def _check_may(registration: Registration, address: str) -> Entitlement | None:
    """What the newcomer comes in as; None is as the colleague they are of whoever hands over."""
    if _is_colleague(registration, address):
        return None
    event = registration.event
    on = load_association().membership_day(starts_at=event.starts_at, booked_at=registration.created_at)
    given = decide(event.price_lines, proofs_by_domain(address, on=on))
    anybody, agreed = event.hand_over_to_anybody, registration.agreed_cents
    if not may_take_over(
        same_organisation=False, to_anybody=anybody, price_cents=given.price_cents, agreed_cents=agreed
    ):
        raise NotAdmitted(category=given.category.value, admission="niet")
    return given


def _is_colleague(registration: Registration, address: str) -> bool:
    organisation = organisation_of(address)
    return organisation is not None and organisation.id == registration.organisation_id


def _newcomer(
    old: Registration,
    address: str,
    person: Person,
    entitlement: Entitlement | None,
    said: str,
    *,
    now: datetime,
) -> Registration:
    """Somebody in the same order, at the price agreed for the place; only a colleague keeps the organisation."""
    organisation_id, organisation_name = old.organisation_id, old.organisation_name
    if entitlement:
        proof = entitlement.proof
        organisation_id, organisation_name = proof.organisation_id, proof.facts.get("organisation", said)
    new = Registration(
        order=old.order,
        event=old.event,
        person=person,
        address=address,
        mail_domain=mail_domain(address),
        organisation_id=organisation_id,
        organisation_name=organisation_name,
        function_group=old.function_group,
        attends=old.attends,
        counts=old.counts,
        state=State.CONFIRMED,
        category=entitlement.category if entitlement else old.category,
        price_cents=old.price_cents,
        lowered_cents=old.lowered_cents,
        reason=entitlement.reason() if entitlement else dict(old.reason),
        terms=old.terms,
        source=VIA,
        created_at=now,
        confirmed_at=now,
        calendar_uid=f"{new_token()}@{load_association().calendar_domain}",
    )
    db.session.add(new)
    db.session.flush()
    return new


def _give(old: Registration, new: Registration, *, now: datetime) -> None:
    check_step(old.state, State.CANCELLED)
    old.state, old.cancelled_at = State.CANCELLED, now
    ticketing.end(old, TicketState.REPLACED, now=now)
    db.session.execute(
        sa.update(Choice).where(Choice.registration_id == old.id).values(registration_id=new.id, chosen_at=now)
    )
    db.session.execute(
        sa.update(PaymentItem).where(PaymentItem.registration_id == old.id).values(registration_id=new.id)
    )
    for answers in (Answer, CareAnswer, PhotoChoice):
        db.session.execute(sa.delete(answers).where(answers.registration_id == old.id))
    holding.hand_on(old, new)
    queueing.leave_all(old, now=now)
    # Of another pool or organisation one more is needed: full is full, and its line goes first.
    holding.take(new)


def _by_token(token: str) -> HandOver:
    """The open offer behind the link, with the order of its registration locked."""
    found = db.session.scalar(sa.select(HandOver.registration_id).where(HandOver.token == token))
    if found is None:
        raise UnknownLink()
    lock_order_of(found)
    hand_over: HandOver = db.session.scalars(
        sa.select(HandOver).where(HandOver.token == token).execution_options(populate_existing=True)
    ).one()
    if hand_over.state != HandOverState.OFFERED:
        raise HandOverOver()
    return hand_over
