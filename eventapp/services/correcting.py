"""Putting right an address, and sending again what did not arrive."""

from datetime import datetime, timedelta

from eventapp.domain.actors import Actor
from eventapp.domain.addresses import mail_domain
from eventapp.domain.errors import AlreadyRegistered, IllegalStep, OtherGround
from eventapp.domain.pricing import Proof
from eventapp.domain.registrations import LIVE, Review, State
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Order, Person, PersonAddress, Registration, WaitingEntry
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming, proofs_by_status
from eventapp.queries.orders import live_registration
from eventapp.queries.waiting import waits_for_the_day
from eventapp.services import confirming, limiting, mails, one_time, people, proof_links, queueing, registering
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction

CHANGE_PURPOSE = "change_address"
CHANGE_LIFE = timedelta(days=7)


def correct_address(registration_id: int, address: str, *, by: Actor, now: datetime) -> None:
    """Put another address on a registration and send what belongs to it there.

    Not proven yet: the address is simply replaced and gets the confirmation link or pay link. Proven: the new one is
    asked to confirm, the old one is told, and only then does anything move. Refuses with NotFound, IllegalStep (no
    longer live), TooManyRequests (of who is no member of staff), and as long as nothing is proven with
    AlreadyRegistered (the new address has this person at this event already) or OtherGround (what makes the price does
    not hold for the new address).
    """
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.state not in LIVE:
            raise IllegalStep(state=registration.state.value, to="corrected")
        limiting.check_mails_about(registration.id, by=by, now=now)
        note("address_corrected", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        if registration.proven_at or registration.state == State.CONFIRMED:
            _ask_new_address(registration, address, now=now)
        else:
            _replace_unproven(registration, address, now=now)


def _replace_unproven(registration: Registration, address: str, *, now: datetime) -> None:
    """The old links die with the old address: it was never anybody's proof."""
    old = registration.person
    person = people.find_or_add(address, old.given_name, old.infix, old.family_name, now=now)
    _refuse_second(registration, person)
    if not _same_ground(registration, address, person):
        raise OtherGround()
    order = registration.order
    one_time.revoke(confirming.PURPOSE, order.id, now=now, address=registration.address)
    if _is_of_booker(registration):
        order.booker, order.address = person, address
        _keep_along(order, address)
    registration.person, registration.address, registration.mail_domain = person, address, mail_domain(address)
    db.session.flush()
    _send_next_step(registration, key=f"{now:%Y%m%d%H%M%S}", now=now)


def _is_of_booker(registration: Registration) -> bool:
    """Whether it is that of who booked, and not of a colleague who reads the same mailbox."""
    return registration.is_bookers and registration.person_id == registration.order.booker_id


def _keep_along(order: Order, address: str) -> None:
    """Another address of who booked carries along who pays the outsiders' price, reads the new mailbox, or is of the
    same organisation by their own domain; everybody else proves an address of their own.
    """
    on = registering.day_that_counts(order.event, booked_at=order.created_at)
    proofs = proofs_by_domain(address, on=on)
    for other in order.registrations:
        if other.with_booker:
            via = other.reason["via"]
            same = via == "domain" and _of_same(proofs, other)
            other.with_booker = same or other.address == address or (via == "none" and other.price_cents > 0)


def _refuse_second(registration: Registration, person: Person) -> None:
    live = live_registration(registration.event_id, person.id)
    if live is not None and live.id != registration.id:
        raise AlreadyRegistered(registration_id=live.id)


def _same_ground(registration: Registration, address: str, person: Person) -> bool:
    """Whether category and price would rest on the same thing: an address that nobody proved carries nothing over."""
    on = registering.day_that_counts(registration.event, booked_at=registration.created_at)
    if registration.reason["via"] == "domain":
        return _of_same(proofs_by_domain(address, on=on), registration)
    if registration.reason["via"] == "named":
        return _of_same(proofs_by_naming(person.id, on=on), registration)
    if registration.reason["via"] == "status":
        return any(p.category == registration.category for p in proofs_by_status(person.id, on=on))
    # What an account proved belongs to the address that was signed in with.
    return registration.reason["via"] != "tenant" or address == registration.address


def _of_same(proofs: list[Proof], registration: Registration) -> bool:
    """Whether one proves the same category through the same organisation."""
    same = (registration.organisation_id, registration.category)
    return any((proof.organisation_id, proof.category) == same for proof in proofs)


def _ask_new_address(registration: Registration, address: str, *, now: datetime) -> None:
    one_time.revoke(CHANGE_PURPOSE, registration.id, now=now)
    token = one_time.make(
        CHANGE_PURPOSE, subject_id=registration.id, address=address, expires_at=now + CHANGE_LIFE, now=now
    )
    key = f"{registration.id}-{now:%Y%m%d%H%M%S}"
    to = mails.to_person(registration)
    event, new = registration.event, Recipient(address, to.name, registration)
    write("change_address", new, purpose=f"change-{key}", now=now, event=event, token=token)
    write("address_changing", to, purpose=f"changing-{key}", now=now, event=event, new_address=address)


def confirm_new_address(token: str, *, now: datetime) -> Registration:
    """The new address proved itself: the registration moves there and its ticket is sent again.

    Refuses with UnknownLink, UsedLink, ExpiredLink, IllegalStep (no longer live) or AlreadyRegistered (the new address
    has this person at this event already).
    """
    with transaction():
        link = one_time.look(token, CHANGE_PURPOSE, now=now)
        registration = lock_order_of(link.subject_id or 0)
        one_time.use(token, CHANGE_PURPOSE, now=now)
        if registration.state not in LIVE:
            raise IllegalStep(state=registration.state.value, to="corrected")
        _move(registration, link.address, now=now)
        by = Actor("person", link.address, registration.person_id)
        note("address_changed", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        _send_next_step(registration, key=f"{now:%Y%m%d%H%M%S}", now=now)
        return registration


def _move(registration: Registration, address: str, *, now: datetime) -> None:
    """To the proven address. If we know somebody there by this name, that is who comes; else it is one more address.

    One more address only of whoever proved the old one: who merely paid under somebody's name and address is somebody
    new, or proving an address of their own would make them that person, with every status and naming.
    """
    old, order = registration.person, registration.order
    name = (old.given_name, old.infix, old.family_name)
    if registration.proven_at is None:
        person = people.find_or_add(address, *name, now=now)
    elif (known := people.find(address, *name)) is not None:
        person = known
    else:
        person = old
        db.session.add(PersonAddress.of(person, address))
        db.session.flush()
    _refuse_second(registration, person)
    people.mark_proven(person, address, now=now)
    if _is_of_booker(registration):
        order.address, order.booker = address, person
    registration.person, registration.proven_at = person, registration.proven_at or now
    registration.address, registration.mail_domain = address, mail_domain(address)
    db.session.flush()


def resend(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Send again what this person needs now: the ticket, or the link to confirm, to pay, or to the waiting list.

    Refuses with NotFound, IllegalStep (no longer live, or waiting for nobody but the office) or TooManyRequests.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.state not in LIVE or _waits_for_office(registration):
            raise IllegalStep(state=registration.state.value, to="resent")
        limiting.check_mails_about(registration.id, by=by, now=now)
        note("resent", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        _send_next_step(registration, key=f"{now:%Y%m%d%H%M%S}", now=now)


def _waits_for_office(registration: Registration) -> bool:
    return registration.review == Review.PENDING and registration.proven_at is not None


def _send_next_step(registration: Registration, *, key: str, now: datetime) -> None:
    if registration.state == State.CONFIRMED:
        mails.confirmed(registration, now=now, again=f"-{key}")
    elif registration.state == State.AWAITING_PAYMENT:
        mails.asks_money(registration, now=now, key=key)
    elif entry := waits_for_the_day(registration.id):
        _send_place_in_line(registration, entry, key=key, now=now)
    elif not _waits_for_office(registration):
        proof_links.send(registration, held=bool(registration.holds), now=now, key=key)


def _send_place_in_line(registration: Registration, entry: WaitingEntry, *, key: str, now: datetime) -> None:
    """The link to the page of the waiting list, with the offer if there is one."""
    key = f"{entry.id}-{key}"
    if entry.until:
        mails.about("place_offered", registration, now=now, key=key, entry=entry, until=entry.until, breakout="")
    else:
        mails.about("waitlisted", registration, now=now, key=key, entry=entry, position=queueing.position(entry))
