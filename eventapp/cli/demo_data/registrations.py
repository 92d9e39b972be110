"""Who of the demo's people comes to what? Priced by the rules of the house, written as rows, and counted."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from eventapp.cli.demo_data.events import Crowd, Entry
from eventapp.cli.demo_data.people import Guest
from eventapp.domain.addresses import mail_domain
from eventapp.domain.admission import TicketState
from eventapp.domain.errors import NotAdmitted
from eventapp.domain.events import EventForm, EventKind, EventState
from eventapp.domain.ledger import MovementKind
from eventapp.domain.organisation_places import counts
from eventapp.domain.payments import AttemptStatus, Outcome
from eventapp.domain.pricing import Category, Entitlement, Proof, decide, organisation_proof, status_proof
from eventapp.domain.registrations import State
from eventapp.domain.tickets import code_digest, new_code
from eventapp.domain.times import local_date
from eventapp.domain.tokens import new_token
from eventapp.domain.waiting import EntryState
from eventapp.models import Event, MoneyMovement, Order, PaymentAttempt, PlaceHold, Registration, Ticket, WaitingEntry

_SPREAD_DAYS = 60
_OFFICE = Entitlement(Category.LID, 0, Proof(Category.LID, "office"))


class Booker:
    """Fills events with guests; the same random numbers choose the same ones."""

    def __init__(self, guests: list[Guest], numbers: random.Random, *, now: datetime) -> None:
        self._guests = guests
        self._numbers = numbers
        self._now = now
        self._free: Counter[tuple[str, int | None]] = Counter()

    def fill(self, event: Event, entry: Entry) -> Iterator[Registration | PaymentAttempt | WaitingEntry]:
        """The rows of everybody who registered for the event, the special names first."""
        wanted = entry.crowd
        members = self._drawn(guest for guest in self._guests if guest.member)
        outsiders = self._drawn(g for g in self._guests if not g.member and not g.person.statuses)
        ambassadors = [guest for guest in self._guests if guest.person.statuses]
        yield from self._take(event, members, wanted.members + wanted.withdrawn, wanted)
        yield from self._take(event, outsiders, wanted.outsiders)
        yield from self._take(event, iter(ambassadors), wanted.ambassadors)
        yield from self._line(event, members, wanted.waiting)

    def fill_circle(self, meetings: Sequence[Event], *, members: int, source: str) -> Iterator[Registration]:
        """The same people at each of these meetings, of those whom every meeting admits free."""
        drawn = self._drawn(guest for guest in self._guests if guest.member)
        free = (g for g in drawn if all((e := _entitlement(m, g)) and e.price_cents == 0 for m in meetings))
        for guest in list(islice(free, members)):
            for event in meetings:
                entitlement = _entitlement(event, guest)
                assert entitlement is not None
                for row in self._book(event, guest, entitlement, State.CONFIRMED):
                    assert isinstance(row, Registration)
                    row.source = source
                    yield row

    def _drawn(self, guests: Iterable[Guest]) -> Iterator[Guest]:
        """In a random order, but for the largest events nobody with a difficult name is left out."""
        pool = list(guests)
        special, rest = pool[:12], pool[12:]
        self._numbers.shuffle(rest)
        return iter([*special, *rest])

    def _take(
        self, event: Event, guests: Iterator[Guest], count: int, crowd: Crowd | None = None
    ) -> Iterator[Registration | PaymentAttempt]:
        """Book so many of the guests who may come; with `crowd` the last ones withdrew."""
        withdraw_from = crowd.members if crowd else count
        taken = 0
        for guest in guests:
            if taken == count:
                return
            entitlement = _entitlement(event, guest)
            if entitlement is None or self._organisation_full(event, entitlement):
                continue
            state = State.CANCELLED if taken >= withdraw_from or event.cancelled_at else State.CONFIRMED
            yield from self._book(event, guest, entitlement, state)
            taken += 1

    def _line(self, event: Event, guests: Iterator[Guest], count: int) -> Iterator[WaitingEntry]:
        """So many more who came too late, in line since a while after the event was full."""
        admitted = ((guest, found) for guest in guests if (found := _entitlement(event, guest)))
        for number, (guest, entitlement) in enumerate(islice(admitted, count)):
            at = min(self._now, event.starts_at) - timedelta(hours=20 * (count - number))
            registration = _registration(event, guest, entitlement, State.WAITLISTED, at=at)
            registration.attends = self._attends(event)
            event.capacities[0].waiting += 1
            yield WaitingEntry(
                registration=registration,
                capacity=event.capacities[0],
                state=EntryState.WAITING,
                token=new_token(),
                joined_at=at + timedelta(minutes=7),
            )

    def _organisation_full(self, event: Event, entitlement: Entitlement) -> bool:
        """Whether the free places of the organisation are gone; nobody of the demo pays for one more."""
        category, cents = entitlement.category, entitlement.price_cents
        organisation_id, limit = entitlement.proof.organisation_id, event.free_per_organisation
        if limit is None or not counts(category=category, price_cents=cents, organisation_id=organisation_id):
            return False
        self._free[event.slug, organisation_id] += 1
        return self._free[event.slug, organisation_id] > limit

    def _book(
        self, event: Event, guest: Guest, entitlement: Entitlement, state: State
    ) -> Iterator[Registration | PaymentAttempt]:
        at = self._moment_before(event)
        if entitlement.price_cents and state == State.CANCELLED:
            # Withdrawing a paid place goes through the office and a refund; the demo starts without those.
            return
        registration = _registration(event, guest, entitlement, state, at=at)
        if event.cancelled_at and state == State.CANCELLED:
            registration.cancelled_at = event.cancelled_at
        registration.attends = self._attends(event)
        if state == State.CONFIRMED:
            registration.holds = [PlaceHold(capacity=event.capacities[0])]
            event.capacities[0].taken += 1
        yield registration
        if entitlement.price_cents:
            yield _paid(registration.order, entitlement.price_cents, at=at)

    def _moment_before(self, event: Event) -> datetime:
        """Some time in the weeks before now, or before the event when that is past."""
        until = min(self._now, event.starts_at)
        minutes = self._numbers.randrange(24 * 60, _SPREAD_DAYS * 24 * 60)
        return until - timedelta(minutes=minutes)

    def _attends(self, event: Event) -> EventForm:
        if event.form != EventForm.HYBRIDE:
            return event.form
        return self._numbers.choice((EventForm.FYSIEK, EventForm.ONLINE, EventForm.ONLINE))


def _entitlement(event: Event, guest: Guest) -> Entitlement | None:
    """As what this guest comes in; None when the event does not admit them."""
    if event.kind == EventKind.KOPGROEP:
        return _OFFICE
    on = local_date(event.starts_at)
    proofs = [status_proof(status.category, status.period, on=on) for status in guest.person.statuses]
    if guest.organisation:
        detail = mail_domain(guest.address)
        proofs.append(organisation_proof(guest.organisation.facts(), via="domain", detail=detail, on=on))
    try:
        return decide(event.price_lines, [proof for proof in proofs if proof])
    except NotAdmitted:
        return None


def _registration(event: Event, guest: Guest, entitlement: Entitlement, state: State, *, at: datetime) -> Registration:
    order = Order(
        token=new_token(),
        pay_token=new_token(),
        event=event,
        booker=guest.person,
        address=guest.address,
        created_at=at,
    )
    confirmed_at = at + timedelta(minutes=7)
    registration = Registration(
        order=order,
        event=event,
        person=guest.person,
        organisation_id=entitlement.proof.organisation_id,
        address=guest.address,
        mail_domain=mail_domain(guest.address),
        organisation_name=guest.organisation_name,
        function=guest.function,
        function_group=guest.group,
        state=state,
        category=entitlement.category,
        price_cents=entitlement.price_cents,
        reason=entitlement.reason(),
        source="organiser" if entitlement is _OFFICE else "form",
        created_at=at,
        proven_at=confirmed_at,
        confirmed_at=None if state == State.WAITLISTED else confirmed_at,
        cancelled_at=confirmed_at + timedelta(hours=9) if state == State.CANCELLED else None,
        calendar_uid=f"{new_token()}@aanmelden.kindcentra.example",
    )
    if state != State.WAITLISTED:
        registration.tickets = [_ticket(registration, at=confirmed_at)]
    return registration


def _ticket(registration: Registration, *, at: datetime) -> Ticket:
    code = new_code()
    cancelled = registration.state == State.CANCELLED
    return Ticket(
        code=code,
        code_digest=code_digest(code),
        token=new_token(),
        state=TicketState.CANCELLED if cancelled else TicketState.VALID,
        created_at=at,
        ended_at=registration.cancelled_at if cancelled else None,
    )


def _paid(order: Order, amount_cents: int, *, at: datetime) -> PaymentAttempt:
    """Paid in full at once. The provider has not heard of it yet: payments.py tells the sandbox."""
    return PaymentAttempt(
        order=order,
        token=new_token(),
        idempotency_key=new_token(),
        amount_cents=amount_cents,
        status=AttemptStatus.PAID,
        outcome=Outcome.CONFIRMED,
        mode="test",
        method="ideal",
        created_at=at,
        checked_at=at + timedelta(minutes=7),
        paid_at=at + timedelta(minutes=7),
        movements=[
            MoneyMovement(
                kind=MovementKind.RECEIVED,
                amount_cents=amount_cents,
                booked_at=at + timedelta(minutes=7),
                happened_at=at + timedelta(minutes=7),
            )
        ],
    )


def fits(event: Event) -> bool:
    """Whether the event takes registrations in the demo."""
    return event.state != EventState.DRAFT and bool(event.prices)
