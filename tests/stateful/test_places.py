"""Whatever people do, in whatever order: never above capacity, nobody twice, no place lost, the line kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import DomainError
from eventapp.domain.events import EventForm
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING, LIVE, State
from eventapp.domain.tokens import new_token
from eventapp.domain.waiting import IN_LINE, EntryState
from eventapp.extensions import db
from eventapp.models import Event, HandOver, PaymentAttempt, Refund, Registration, WaitingEntry
from eventapp.queries.rounds import choices_of
from eventapp.services import (
    attending,
    cancelling,
    choosing,
    confirming,
    dividing,
    handing_over,
    lapsing,
    offering,
    queueing,
    receiving,
    resizing,
)
from eventapp.services.dividing import PoolDetails
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction
from tests.booking import book
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_organisation, make_round
from tests.reading import last_mail, mails_left, token_in
from tests.stateful import books

PEOPLE = ["anna@zonnevlinder.example", "bram@zonnevlinder.example", "cato@elders.example", "daan@elders.example"]
PEOPLE += ["elif@zonnevlinder.example", "fleur@elders.example"]
somebody = st.sampled_from(PEOPLE)
mostly = st.sampled_from([True, True, True, False])
ways = st.sampled_from([EventForm.FYSIEK, EventForm.ONLINE])
quotas = st.sampled_from([None, None, 1, 2])
breakouts = st.sampled_from([0, 1, 2])


class House(RuleBasedStateMachine):
    """A hybrid day: members come free within the quota of their organisation, others pay.

    Two rounds that nobody has to take: two breakouts in the first, and a third one that goes on in the second. The
    office divides the places as it likes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.tokens: dict[str, str] = {}
        # As they were after the step before.
        self.lines: dict[int, list[int]] = {}

    @initialize(
        size=st.integers(1, 4),
        small=st.integers(1, 2),
        quota=quotas,
        beyond=st.sampled_from(BeyondFree),
        early=st.integers(0, len(PEOPLE)),
    )
    def open_the_doors(self, size: int, small: int, quota: int | None, beyond: BeyondFree, early: int) -> None:
        """So many come at once: mostly the day is full soon, and somebody stands in line for it or for a breakout."""
        starts_at = NOW + timedelta(days=300)
        cents = 4500 if beyond == BeyondFree.PAYS else 0
        free = {"free_per_organisation": quota, "beyond_free": beyond, "beyond_free_cents": cents}
        rights = {"form": EventForm.HYBRIDE, "waiting_list": True, "hand_over_to_anybody": True}
        event = make_event(capacity=size, starts_at=starts_at, **rights, **(free if quota else {}))
        self.pool_id: int | None = None
        one, two = make_round(event, optional=True), make_round(event, "Ronde 2", hours=2, optional=True)
        breakouts = [make_breakout(one, size=small), make_breakout(one, size=1), make_breakout(one, two, size=small)]
        self.event_id, self.round_ids = event.id, (one.id, two.id)
        self.breakouts = [breakout.id for breakout in breakouts]
        self.rooms = [breakout.capacity.id for breakout in breakouts]
        for number, who in enumerate(PEOPLE[:early]):
            which = number if number < len(self.breakouts) else None
            self.register(who, waits=True, proves=True, attends=EventForm.FYSIEK, which=which)
            self.pay(who)
            if which not in (0, 1):
                self.queue_for_a_breakout(who, 1)

    @rule(who=somebody, waits=mostly, proves=mostly, attends=ways, which=st.one_of(st.none(), breakouts))
    def register(self, who: str, waits: bool, proves: bool, attends: EventForm, which: int | None) -> None:
        event = db.session.get_one(Event, self.event_id)
        wishes = {"wants_waiting": waits, "attends": attends, "choices": self._chosen(which)}
        with self._waiting_my_turn(who):
            try:
                receipt = book(event, who, given_name=who, now=self.now, visitor_key="", **wishes)
            except DomainError:
                return
        if receipt.state == State.AWAITING_CONFIRMATION:
            self.tokens[who] = token_in(last_mail("confirm_address"))
            if proves:
                self.prove(who)

    @rule(who=somebody)
    def prove(self, who: str) -> None:
        if token := self.tokens.get(who):
            self._try(lambda: confirming.prove(token, now=self.now))

    @rule(who=somebody)
    def pay(self, who: str) -> None:
        registration = self._of(who, State.AWAITING_PAYMENT, State.EXPIRED, State.CANCELLED)
        if registration and registration.price_cents:
            self._receive(registration.order_id, registration.price_cents)

    def _receive(self, order_id: int, cents: int) -> None:
        """Money came in at the provider; how it gets here is tested elsewhere."""
        with transaction():
            order = lock_order(order_id)
            attempt = PaymentAttempt(
                order=order,
                token=new_token(),
                idempotency_key=new_token(),
                amount_cents=cents,
                status=AttemptStatus.PAID,
                mode="test",
                created_at=self.now,
            )
            db.session.add(attempt)
            db.session.flush()
            receiving.receive(order, attempt, now=self.now)

    @rule(who=somebody)
    def cancel(self, who: str) -> None:
        if registration := self._of(who, *LIVE):
            self._try(lambda: cancelling.cancel_own(registration.id, by=VISITOR, now=self.now))

    @rule(hours=st.sampled_from([1, 12, 25, 80]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        lapsing.lapse_unconfirmed(now=self.now)
        lapsing.lapse_unpaid(None, now=self.now)
        if hours > 1:
            # An offer of which the mail did not leave begins anew.
            mails_left(at=self.now)
        offering.lapse_offers(now=self.now)

    @rule()
    def pass_on(self) -> None:
        offering.pass_on(self.event_id, now=self.now)

    @rule(who=somebody, takes=st.booleans())
    def answer(self, who: str, takes: bool) -> None:
        if token := self._entry_of(who, EntryState.OFFERED):
            answer = offering.accept if takes else offering.decline
            self._try(lambda: answer(token, by=VISITOR, now=self.now))

    @rule(who=somebody)
    def wait_no_longer(self, who: str) -> None:
        if token := self._entry_of(who, EntryState.WAITING):
            self._try(lambda: offering.decline(token, by=VISITOR, now=self.now))

    def _entry_of(self, who: str, state: EntryState) -> str | None:
        registration = self._of(who, *LIVE)
        if registration is None:
            return None
        of_theirs = sa.and_(WaitingEntry.registration_id == registration.id, WaitingEntry.state == state)
        return db.session.scalar(sa.select(WaitingEntry.token).where(of_theirs))

    @rule(who=somebody, which=st.one_of(st.none(), breakouts))
    def choose(self, who: str, which: int | None) -> None:
        if registration := self._of(who, *HOLDING):
            with self._waiting_my_turn(who):
                self._try(lambda: choosing.choose(registration.id, self._chosen(which), by=VISITOR, now=self.now))

    @contextmanager
    def _waiting_my_turn(self, who: str) -> Iterator[None]:
        """Nobody takes what others stand in line for: only who is called does."""
        held, awaited = books.held_by(self.event_id, who), books.lines(self.event_id).keys()
        yield
        assert not (books.held_by(self.event_id, who) - held) & awaited

    def _chosen(self, which: int | None) -> dict[int, int | None]:
        first, second = self.round_ids
        taken = None if which is None else self.breakouts[which]
        return {first: taken, second: taken if which == 2 else None}

    @rule(who=somebody, attends=ways)
    def come_the_other_way(self, who: str, attends: EventForm) -> None:
        if registration := self._of(who, State.CONFIRMED):
            self._try(lambda: attending.change(registration.id, attends, by=VISITOR, now=self.now))

    @rule(who=somebody, which=breakouts)
    def queue_for_a_breakout(self, who: str, which: int) -> None:
        if registration := self._of(who, *HOLDING):
            wait = queueing.wait_for_breakout
            self._try(lambda: wait(registration.id, self.breakouts[which], by=VISITOR, now=self.now))

    @rule(who=somebody, to=somebody)
    def hand_over(self, who: str, to: str) -> None:
        registration = self._of(who, State.CONFIRMED)
        if registration is None or who == to:
            return
        registration_id = registration.id
        self._try(lambda: handing_over.offer(registration_id, to, to, "", "", by=VISITOR, now=self.now))
        offered = sa.select(HandOver.token).where(HandOver.registration_id == registration_id)
        if token := db.session.scalar(offered.order_by(HandOver.id.desc())):
            self._try(lambda: handing_over.accept(token, to, "van der", "Meulen", now=self.now))

    @rule(size=st.one_of(st.none(), st.integers(0, 4)))
    def resize_the_event(self, size: int | None) -> None:
        with transaction():
            resizing.resize(self.event_id, size)

    @rule(which=breakouts, size=st.integers(0, 3))
    def resize_a_breakout(self, which: int, size: int) -> None:
        with transaction():
            resizing.resize_row(self.rooms[which], size)

    @rule(room=st.one_of(st.none(), st.integers(0, 3)), online=st.one_of(st.none(), st.integers(0, 2)))
    def divide_the_forms(self, room: int | None, online: int | None) -> None:
        sizes = {EventForm.FYSIEK: room, EventForm.ONLINE: online}
        self._try(lambda: dividing.divide_forms(self.event_id, sizes, by=OFFICE, now=self.now))

    @rule(size=st.integers(1, 3), stays=st.booleans())
    def divide_the_categories(self, size: int, stays: bool) -> None:
        """A pool for members comes, gets another size, or goes."""
        details = PoolDetails("Leden", size, categories=frozenset({Category.LID}))
        if self.pool_id is None:
            self._try(lambda: setattr(self, "pool_id", self._add_pool(details)))
        elif stays:
            self._try(lambda: dividing.change_pool(self.pool_id, details, by=OFFICE, now=self.now))
        else:
            dividing.remove_pool(self.pool_id, by=OFFICE, now=self.now)
            self.pool_id = None

    def _add_pool(self, details: PoolDetails) -> int:
        return dividing.add_pool(self.event_id, details, by=OFFICE, now=self.now)

    @rule(quota=quotas)
    def another_quota(self, quota: int | None) -> None:
        with transaction() as session:
            session.get_one(Event, self.event_id).free_per_organisation = quota
            resizing.resize_organisations(self.event_id, quota)

    @invariant()
    def nothing_is_above_its_size_and_taken_is_a_count(self) -> None:
        for row in books.rows(self.event_id) if self.opened else []:
            assert (row.taken, row.waiting) == books.counted(row.id)
            assert row.size is None or row.taken <= row.size + row.allowance

    @invariant()
    def who_is_called_came_before_everybody_who_still_stands_in_that_line(self) -> None:
        if self.opened:
            before, self.lines = self.lines, books.lines(self.event_id)
            assert books.called_in_turn(before, self.lines)

    @invariant()
    def everybody_is_there_at_most_once(self) -> None:
        live = [r.person_id for r in self._registrations() if r.state in LIVE]
        assert len(live) == len(set(live))

    @invariant()
    def holds_follow_from_states_and_choices(self) -> None:
        """Against flooding an unconfirmed registration may hold nothing; it never holds a part of what it needs."""
        for registration in self._registrations():
            held = books.held(registration)
            if registration.state not in HOLDING:
                assert not held
            elif held or registration.state != State.AWAITING_CONFIRMATION:
                assert held == books.expected(registration, self.pool_id)

    @invariant()
    def nobody_sees_half_of_a_breakout(self) -> None:
        for registration in self._registrations():
            chosen = {round_id: row.breakout_id for round_id, row in choices_of(registration.id).items()}
            first, second = (chosen.get(one) for one in self.round_ids)
            assert second in (None, self.breakouts[2])
            assert (first == self.breakouts[2]) == (second is not None)

    @invariant()
    def lines_follow_from_states(self) -> None:
        for registration in self._registrations():
            wanted = {State.WAITLISTED: EntryState.WAITING, State.OFFERED: EntryState.OFFERED}.get(registration.state)
            standing = sa.select(WaitingEntry.state).where(
                WaitingEntry.registration_id == registration.id,
                WaitingEntry.state.in_(IN_LINE),
                WaitingEntry.breakout_id.is_(None),
            )
            assert list(db.session.scalars(standing)) == ([wanted] if wanted else [])

    @invariant()
    def money_and_places_agree(self) -> None:
        """Who came in for money has paid it, and what bought no place is on its way back."""
        orders = {registration.order_id for registration in self._registrations()}
        for order_id in orders:
            own = [r for r in self._registrations() if r.order_id == order_id]
            paid = self._sum(PaymentAttempt.amount_cents, PaymentAttempt.order_id == order_id)
            back = self._sum(
                Refund.amount_cents,
                Refund.attempt_id.in_(sa.select(PaymentAttempt.id).where(PaymentAttempt.order_id == order_id)),
            )
            standing = sum(r.price_cents for r in own if r.state == State.CONFIRMED)
            assert paid - back >= 0
            assert paid - back >= standing

    def teardown(self) -> None:
        """At the end of the day whoever waits for something free is offered it: no place is lost."""
        if self.opened:
            offering.pass_on(self.event_id, now=self.now)
            assert books.free_while_somebody_waits(self.event_id) == []

    @property
    def opened(self) -> bool:
        return hasattr(self, "event_id")

    def _try(self, act) -> None:
        try:
            act()
        except DomainError:
            db.session.rollback()

    def _of(self, who: str, *states: State) -> Registration | None:
        db.session.rollback()
        own = sa.select(Registration).where(
            Registration.event_id == self.event_id, Registration.address == who, Registration.state.in_(states)
        )
        return db.session.scalars(own.order_by(Registration.id.desc())).first()

    def _registrations(self) -> list[Registration]:
        if not self.opened:
            return []
        db.session.expire_all()
        mine = sa.select(Registration).where(Registration.event_id == self.event_id)
        return list(db.session.scalars(mine.order_by(Registration.id)))

    def _sum(self, column, where) -> int:
        return db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(column), 0)).where(where))


EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "4"))


def test_places_hold_whatever_people_do(app):
    make_organisation()

    run_state_machine_as_test(
        House,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
