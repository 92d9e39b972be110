"""Another system of the association books somebody in: it vouches for the address and may name the category.

What can be looked up, decided and worded is done before the first lock: a place is fought over for no longer than it
takes to write the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.addresses import mail_domain
from eventapp.domain.association import Association
from eventapp.domain.errors import (
    AlreadyRegistered,
    ChangedMeanwhile,
    EventFull,
    InvoiceNotPossible,
    NoFreePlaceLeft,
    NotFound,
    OrganisationFull,
    PaymentNotPossible,
    RegistrationClosed,
    UnknownBreakout,
)
from eventapp.domain.events import EventForm, Window
from eventapp.domain.invoices import Buyer
from eventapp.domain.names import name_key, sort_key
from eventapp.domain.organisation_places import counts
from eventapp.domain.places import payment_hold_until
from eventapp.domain.pricing import Category, Entitlement, Proof, as_named, decide, fills_a_place
from eventapp.domain.questions import Value
from eventapp.domain.registrations import State
from eventapp.domain.tickets import code_digest, new_code
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Event, Organisation, Person
from eventapp.queries.association import association_of
from eventapp.queries.booking_by_api import Outlook, event_as_seen, outlook
from eventapp.queries.membership import organisation_of, proofs_by_domain
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.rounds import choices_by_slug
from eventapp.queries.terms import frozen_terms
from eventapp.services import organisation_places
from eventapp.services.booking_letters import letter_for
from eventapp.services.booking_rows import Draft, Prepared, keep
from eventapp.services.worded_programme import programme_words
from eventapp.transaction import in_turn

SOURCE = "api"
# Whoever meets others in the same moment looks again; more often than this is no coincidence.
_TRIES = 3


@dataclass(frozen=True)
class ApiBooking:
    """What the other system sends: for the event at `slug`, with a normalised address.

    Without a category the mail domain decides. `sessions` are slugs of breakouts, `answers` go by the id of a question.
    `counts` tells whether they fill a place of the event; None leaves that to the category. With an `invoice` a price
    is paid on one, for that buyer.
    """

    slug: str
    address: str
    given_name: str
    infix: str
    family_name: str
    organisation_name: str = ""
    function: str = ""
    category: Category | None = None
    sessions: tuple[str, ...] = ()
    counts: bool | None = None
    answers: Mapping[int, Value] = field(default_factory=dict)
    invoice: Buyer | None = None

    @property
    def fills_a_place(self) -> bool:
        """Whether there has to be a place left."""
        by_category = self.category is None or fills_a_place(self.category)
        return by_category if self.counts is None else self.counts


class Booked(NamedTuple):
    """What became of it; `ticket_code` is '' while there is something to pay."""

    order_token: str
    state: State
    category: Category
    price_cents: int
    ticket_code: str


def book(booking: ApiBooking, *, by: Actor, now: datetime, can_pay: bool) -> Booked:
    """Book one person in: free is confirmed at once and gets the ticket, a price is asked by a mail with the pay link.

    On an invoice the place is sure at once, or once that is paid, as the event says.

    Refuses with NotFound (no such event, a draft or a closed one), RegistrationClosed, AlreadyRegistered, EventFull,
    NotAdmitted, NoFreePlaceLeft or OrganisationFull (the free places of the organisation are gone; the second for a
    category that was named), UnknownBreakout, ChoiceRefused, BreakoutFull, BadAnswer, PaymentNotPossible,
    InvoiceNotPossible and, when the event keeps changing meanwhile, ChangedMeanwhile.
    """
    with in_turn():
        return _book(booking, by=by, now=now, can_pay=can_pay, tries=_TRIES)


def _book(booking: ApiBooking, *, by: Actor, now: datetime, can_pay: bool, tries: int) -> Booked:
    prepared = _prepare(booking, now=now, can_pay=can_pay)
    try:
        keep(prepared, by=by, now=now)
    except (IntegrityError, ChangedMeanwhile, OrganisationFull) as quicker:
        # Without a named category there may be something beyond the free places; seen again it is decided.
        if tries == 1 or (booking.category and isinstance(quicker, OrganisationFull)):
            raise
        return _book(booking, by=by, now=now, can_pay=can_pay, tries=tries - 1)
    draft = prepared.draft
    return Booked(
        order_token=draft.order["token"],
        state=draft.registration["state"],
        category=draft.registration["category"],
        price_cents=draft.registration["price_cents"],
        ticket_code=draft.ticket["code"] if draft.ticket else "",
    )


def _prepare(booking: ApiBooking, *, now: datetime, can_pay: bool) -> Prepared:
    """Everything that can be known before the lock. The draft is in no session."""
    found = _still_possible(booking, now=now)
    association, event = association_of(found.settings), event_as_seen(found)
    entitlement = _entitlement(event, booking, association, known=found.organisation_id is not None, now=now)
    if entitlement.price_cents:
        _check_way_to_pay(event, booking, can_pay=can_pay)
    draft = _draft(event, found.person_id, booking, entitlement, association, now=now)
    ticketed = draft.ticket is not None
    choices = _choices(event, booking)
    programme = programme_words(event.id, choices, now=now) if found.has_rounds and ticketed else {}
    tells_more = draft.order["on_invoice_at"] and not ticketed
    return Prepared(
        event_version=found.version,
        draft=draft,
        letter=None if tells_more else letter_for(draft, event, association, found, programme, now=now),
        of_organisation=event.free_per_organisation is not None
        and counts(
            category=entitlement.category,
            price_cents=entitlement.price_cents,
            organisation_id=entitlement.proof.organisation_id,
        ),
        answers_invitation=found.invited and ticketed,
        choices=choices,
        answers=booking.answers,
    )


def _check_way_to_pay(event: Event, booking: ApiBooking, *, can_pay: bool) -> None:
    if booking.invoice and not may_pay_on_invoice(event):
        raise InvoiceNotPossible()
    if not (can_pay or may_pay_on_invoice(event)):
        raise PaymentNotPossible()


def _choices(event: Event, booking: ApiBooking) -> Mapping[int, int | None]:
    if not booking.sessions:
        return {}
    choices, unknown = choices_by_slug(event.id, booking.sessions)
    if unknown:
        raise UnknownBreakout(slugs=", ".join(unknown))
    return choices


def _still_possible(booking: ApiBooking, *, now: datetime) -> Outlook:
    """The event at a glance, and who of those we know this is. Refuses what needs no lock to refuse."""
    key = name_key(booking.given_name, booking.infix, booking.family_name)
    found = outlook(booking.slug, booking.address, key)
    if found is None:
        raise NotFound()
    if (window := found.window(now)) != Window.OPEN:
        raise RegistrationClosed(window=window.value)
    if found.registration_id:
        raise AlreadyRegistered(registration_id=found.registration_id)
    if found.places.full and booking.fills_a_place:
        raise EventFull(event_id=found.event_id)
    return found


def _entitlement(
    event: Event, booking: ApiBooking, association: Association, *, known: bool, now: datetime
) -> Entitlement:
    """What one comes in as; `known` is whether the mail domain is that of an organisation."""
    if booking.category:
        return _named(event, booking.category, organisation_of(booking.address) if known else None)
    on = association.membership_day(starts_at=event.starts_at, booked_at=now)
    entitlement = decide(event.price_lines, proofs_by_domain(booking.address, on=on) if known else [])
    beyond = organisation_places.beyond_at(event, entitlement)
    if beyond is None:
        return entitlement
    if beyond.entitlement is None:
        raise NoFreePlaceLeft(organisation=beyond.organisation, function=beyond.function)
    return beyond.entitlement


def _named(event: Event, category: Category, organisation: Organisation | None) -> Entitlement:
    """What the event says to the category that the other system names."""
    facts = {"organisation": organisation.name} if organisation else {}
    owner, kind = (organisation.id, organisation.kind) if organisation else (None, None)
    return as_named(event.price_lines, Proof(category, "office", facts, owner, kind))


def _person(booking: ApiBooking, person_id: int | None, *, now: datetime) -> dict[str, Any]:
    if person_id:
        known = db.session.get_one(Person, person_id)
        return {"given_name": known.given_name, "infix": known.infix, "family_name": known.family_name}
    names = {"given_name": booking.given_name, "infix": booking.infix, "family_name": booking.family_name}
    return {**names, "sort_key": sort_key(*names.values()), "created_at": now}


def _draft(
    event: Event,
    person_id: int | None,
    booking: ApiBooking,
    given: Entitlement,
    association: Association,
    *,
    now: datetime,
) -> Draft:
    on_invoice = booking.invoice is not None and given.price_cents > 0
    waits = given.price_cents > 0 and not (on_invoice and event.confirm_on_invoice)
    expires_at = None
    if waits and not on_invoice:
        expires_at = payment_hold_until(now=now, hours=association.payment_hold_hours, starts_at=event.starts_at)
    return Draft(
        person_id=person_id,
        person=_person(booking, person_id, now=now),
        order={
            "token": new_token(),
            "pay_token": new_token(),
            "address": booking.address,
            "created_at": now,
            "on_invoice_at": now if on_invoice else None,
            "invoice_buyer": vars(booking.invoice) if booking.invoice and on_invoice else {},
        },
        registration={
            "event_id": event.id,
            "organisation_id": given.proof.organisation_id,
            "address": booking.address,
            "mail_domain": mail_domain(booking.address),
            "organisation_name": given.proof.facts.get("organisation") or booking.organisation_name,
            "function": booking.function,
            "attends": EventForm.ONLINE if event.form == EventForm.ONLINE else EventForm.FYSIEK,
            "state": State.AWAITING_PAYMENT if waits else State.CONFIRMED,
            "category": given.category,
            "price_cents": given.price_cents,
            "counts": booking.fills_a_place,
            "reason": given.reason(),
            "terms": frozen_terms(event, association) if given.price_cents else None,
            "source": SOURCE,
            "created_at": now,
            "expires_at": expires_at,
            "confirmed_at": None if waits else now,
            "calendar_uid": f"{new_token()}@{association.calendar_domain}",
        },
        ticket=None if waits else _ticket(now),
    )


def _ticket(now: datetime) -> dict[str, Any]:
    code = new_code()
    return {"code": code, "code_digest": code_digest(code), "token": new_token(), "created_at": now}
