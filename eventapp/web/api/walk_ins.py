"""People at the door without a registration: what it costs, taking them in, paying by a QR code, and being let in."""

from uuid import UUID

from eventapp import documents, wording
from eventapp.domain.actors import Actor, Scope
from eventapp.domain.errors import (
    CircleMembersOnly,
    EventFull,
    EventOver,
    InvoiceNotPossible,
    NoFreePlaceLeft,
    NotAdmitted,
    NotAllowed,
    NotAtTheDoor,
    NotFound,
    NothingToPay,
    OrganisationFull,
    PaymentNotPossible,
    PaymentUnavailable,
    PresenceFixed,
    PriceDiffers,
    RegistrationClosed,
    ToTheDesk,
)
from eventapp.domain.registrations import State
from eventapp.domain.walk_ins import Way
from eventapp.extensions import db
from eventapp.formatting import full_name
from eventapp.models import Registration
from eventapp.queries.walk_ins import inside
from eventapp.services import paying, walking_in
from eventapp.services.prospects import look
from eventapp.services.walking_in import WalkIn
from eventapp.web import money
from eventapp.web.access import Audience, audience
from eventapp.web.api import blueprint
from eventapp.web.api.bearer import current_bearer, reachable_event
from eventapp.web.api.operations import operation
from eventapp.web.api.refusals import OTHER_EVENT, UNKNOWN_EVENT, of
from eventapp.web.api.schemas.roster import DoorAsked
from eventapp.web.api.schemas.walk_ins import PayOut, ProspectOut, WalkInIn, WalkInOut, WalkInStepIn
from eventapp.web.clock import now

_WALK_INS = "/checkin/walk-ins"
_EVENT = (UNKNOWN_EVENT, OTHER_EVENT)
_OPEN = (*_EVENT, *map(of, (RegistrationClosed, NotAtTheDoor, EventOver, PresenceFixed)))
_ARRIVAL = (
    *_OPEN,
    of(CircleMembersOnly),
    of(EventFull),
    of(InvoiceNotPossible),
    of(NoFreePlaceLeft),
    of(NotAdmitted),
    of(NotAllowed),
    of(OrganisationFull),
    of(PaymentNotPossible),
    of(PriceDiffers),
    of(ToTheDesk),
)
_STEP = (*_EVENT, of(NotFound))
_PAYMENT = (*_STEP, of(NothingToPay), of(PaymentUnavailable))
_ENTRY = (*_STEP, of(NotAllowed))
_INVOICE = (*_OPEN, *map(of, (NotFound, NotAllowed, NothingToPay, InvoiceNotPossible, ToTheDesk)))


@blueprint.post(f"{_WALK_INS}/quote")
@audience(Audience.TOKEN, scopes=(Scope.WALK_INS,))
@operation("Ask what somebody at the door would meet", refuses=_OPEN)
def walk_in_quote(said: WalkInIn) -> ProspectOut:
    """Changes nothing; a POST because a name has no place in an address."""
    wanted = _walk_in(said)
    found = look(wanted, by=_actor(), now=now())
    ways = {Way.ONLINE: money.gateway() is not None, Way.INVOICE: found.may_invoice, Way.GUEST: True}
    return ProspectOut(
        organisation=found.organisation,
        category=found.category,
        price_cents=found.price_cents,
        known=found.known,
        state=found.state,
        left=found.left,
        waiting=found.waiting,
        ways=[way for way, there in ways.items() if there],
    )


@blueprint.post(_WALK_INS)
@audience(Audience.TOKEN, scopes=(Scope.WALK_INS,))
@operation("Take somebody in at the door", refuses=_ARRIVAL)
def walk_in_arrival(said: WalkInIn) -> WalkInOut:
    """Take somebody in. The same `walk_in_id` again is the same person."""
    wanted = _walk_in(said)
    can_pay = money.gateway() is not None
    arrival = walking_in.come_in(wanted, by=_actor(), door=current_bearer(), can_pay=can_pay, now=now())
    return _state_of(arrival.registration_id, wanted.event_id, registered=arrival.registered)


@blueprint.get(f"{_WALK_INS}/<int:registration_id>")
@audience(Audience.TOKEN, scopes=(Scope.WALK_INS,))
@operation("Read how somebody at the door stands", refuses=_STEP)
def walk_in_state(registration_id: int, asked: DoorAsked) -> WalkInOut:
    """How it stands, for a phone that waits for the money."""
    return _state_of(registration_id, reachable_event(asked.event))


@blueprint.post(f"{_WALK_INS}/<int:registration_id>/payment")
@audience(Audience.TOKEN, scopes=(Scope.WALK_INS,))
@operation("Start the payment of somebody at the door", refuses=_PAYMENT)
def walk_in_payment(registration_id: int, step: WalkInStepIn) -> PayOut:
    """Where to pay; twice is the same payment. While the provider is silent the place stays kept: 503."""
    registration, gateway = _registration(registration_id, reachable_event(step.event)), money.gateway()
    if gateway is None:
        raise PaymentUnavailable()
    url = paying.start(registration.order_id, gateway, money.checkout(), now=now())
    return PayOut(url=url, qr=documents.qr.svg_for_text(url, wording.QR_TO_PAY))


@blueprint.post(f"{_WALK_INS}/<int:registration_id>/entry")
@audience(Audience.TOKEN, scopes=(Scope.WALK_INS,))
@operation("Let somebody in who paid", refuses=_ENTRY)
def walk_in_entry(registration_id: int, step: WalkInStepIn) -> WalkInOut:
    """Ask whether the money is in, and let them in when it is."""
    event_id = reachable_event(step.event)
    order_id = _registration(registration_id, event_id).order_id
    money.ask_again(order_id)
    walking_in.let_in(registration_id, key=_key(step.walk_in_id), door=current_bearer(), now=now())
    return _state_of(registration_id, event_id)


@blueprint.post(f"{_WALK_INS}/<int:registration_id>/invoice")
@audience(Audience.TOKEN, scopes=(Scope.WALK_INS,))
@operation("Put somebody at the door on an invoice", refuses=_INVOICE)
def walk_in_invoice(registration_id: int, step: WalkInStepIn) -> WalkInOut:
    """On an invoice after all."""
    event_id = reachable_event(step.event)
    _registration(registration_id, event_id)
    key, door = _key(step.walk_in_id), current_bearer()
    walking_in.put_on_invoice(registration_id, by=_actor(), door=door, key=key, now=now())
    return _state_of(registration_id, event_id)


def _walk_in(said: WalkInIn) -> WalkIn:
    return WalkIn(
        event_id=reachable_event(said.event),
        address=said.email,
        given_name=said.given_name,
        infix=said.infix,
        family_name=said.family_name,
        organisation_name=said.organisation,
        way=said.way,
        guest_of=said.guest_of,
        price_cents=said.price_cents,
        key=_key(said.walk_in_id),
    )


def _key(walk_in_id: UUID | None) -> str:
    return str(walk_in_id) if walk_in_id else ""


def _actor() -> Actor:
    bearer = current_bearer()
    return Actor("device", bearer.name, bearer.id)


def _registration(registration_id: int, event_id: int) -> Registration:
    """Only of the event of this door. Refuses with NotFound."""
    found = db.session.get(Registration, registration_id)
    if found is None or found.event_id != event_id:
        raise NotFound()
    return found


def _state_of(registration_id: int, event_id: int, *, registered: bool = False) -> WalkInOut:
    found = _registration(registration_id, event_id)
    person = found.person
    return WalkInOut(
        id=found.id,
        name=full_name(person.given_name, person.infix, person.family_name),
        organisation=found.organisation_name,
        state=found.state,
        category=found.category,
        price_cents=found.price_cents,
        inside=inside(found.id),
        registered=registered,
        pay_until=found.expires_at if found.state == State.AWAITING_PAYMENT else None,
    )
