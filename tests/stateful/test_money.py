"""Whatever happens to payments, in whatever order and however often: money at the provider is money in our journal."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.errors import DomainError
from eventapp.domain.invoices import InvoiceKind, MatchSource
from eventapp.domain.money import from_provider
from eventapp.domain.payments import ALIVE, AttemptStatus, Outcome, RefundState
from eventapp.domain.registrations import HOLDING, State
from eventapp.extensions import db
from eventapp.models import (
    BankRefund,
    Event,
    Invoice,
    InvoiceMatch,
    MoneyMovement,
    Order,
    PaymentAttempt,
    Refund,
    Registration,
    Ticket,
)
from eventapp.payments.gateway import GatewayError
from eventapp.queries import bank_refunds
from eventapp.queries.attempts import held_cents
from eventapp.queries.invoices import matched_cents
from eventapp.queries.money import wrong_dues
from eventapp.services import (
    choosing_invoice,
    crediting,
    invoicing,
    lapsing,
    matching,
    paying_back,
    refunding,
    refunding_by_hand,
    settling,
)
from eventapp.services.cancelling import cancel_registration
from tests.factories import NOW, OFFICE, make_event
from tests.invoicing import BUYER, TREASURER, make_ready
from tests.shop import Shop

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "8"))
PLACES = 2
ALL_BACK = (Outcome.PAID_TWICE, Outcome.PAID_WITHOUT_PLACE, Outcome.PAID_AFTER_CANCEL)
nth = st.integers(min_value=0, max_value=20)
cents = st.sampled_from([500, 2500, 9500])
faults = st.sampled_from(["", "", "", "drop", "http-500", "http-429", "html:502", "broken-json"])
endings = st.sampled_from(["paid", "paid", "failed", "canceled", "expired", "pending"])


class Till(RuleBasedStateMachine):
    """A gathering with two places, and all that payers, banks, the dashboard, the office and a bad line can do.

    The provider calls nobody: whether and how often we hear of something is a step of its own.
    """

    shop: Shop

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self._close_what_was_before()
        self.shop.sandbox.control("reset")
        self.shop.sandbox.switch("no-webhooks")
        self.event_id = make_event(capacity=PLACES, confirm_on_invoice=False).id
        make_ready()
        self.orders: list[int] = []
        self.journal: list[tuple[Any, ...]] = []

    @precondition(lambda self: len(self.orders) < 4 and self._taken() < PLACES)
    @rule(fault=faults)
    def somebody_books_and_pays(self, fault: str) -> None:
        event = db.session.get_one(Event, self.event_id)
        self.orders.append(self.shop.booked(event, expires_at=self.now + timedelta(hours=1), proven_at=self.now))
        self.somebody_clicks_pay(len(self.orders) - 1, fault)

    @rule(n=nth, fault=faults)
    def somebody_clicks_pay(self, n: int, fault: str) -> None:
        if self.orders:
            self._spoil("create", fault)
            self._try(lambda: self.shop.start(self.orders[n % len(self.orders)], now=self.now))

    @rule(n=nth, status=endings, heard=st.booleans())
    def payment_changes(self, n: int, status: str, heard: bool) -> None:
        if changing := [payment for payment in self._payments() if payment["status"] != "paid"]:
            payment = changing[n % len(changing)]
            self.shop.sandbox.mark(payment["id"], status)
            if heard:
                self._webhook(payment)

    @rule(n=nth, times=st.integers(min_value=1, max_value=2), fault=faults)
    def webhook_comes(self, n: int, times: int, fault: str) -> None:
        if payments := self._payments():
            self._spoil("get", fault)
            for _ in range(times):
                self._try(lambda: self._webhook(payments[n % len(payments)]))

    @rule(n=nth, amount=cents, what=st.sampled_from(["refund", "charge-back"]), heard=st.booleans())
    def others_take_back(self, n: int, amount: int, what: str, heard: bool) -> None:
        """Somebody in the dashboard, or the payer's bank."""
        if paid := [payment for payment in self._paid() if held_by(payment) >= amount]:
            payment = paid[n % len(paid)]
            self.shop.sandbox.control(f"payments/{payment['id']}/{what}", amount_cents=amount)
            if heard:
                self._webhook(payment)

    @rule(n=nth)
    def bank_gives_back(self, n: int) -> None:
        if paid := self._paid():
            self.shop.sandbox.control(f"payments/{paid[n % len(paid)]['id']}/reverse-chargebacks")

    @rule(n=nth, status=st.sampled_from(["refunded", "refunded", "failed"]))
    def refund_ends(self, n: int, status: str) -> None:
        under_way = [r for r in self.shop.at_provider("/v2/refunds") if r["status"] not in ("refunded", "failed")]
        if under_way:
            self.shop.sandbox.control(f"refunds/{under_way[n % len(under_way)]['id']}/settle", status=status)

    @rule(n=nth, back=st.sampled_from([0, 4750, 9500]))
    def office_withdraws(self, n: int, back: int) -> None:
        if not self.orders:
            return
        registration_id = self.shop.registration(self.orders[n % len(self.orders)]).id
        self._try(lambda: cancel_registration(registration_id, by=OFFICE, now=self.now, back_cents=back))

    @rule(n=nth, amount=cents)
    def office_refunds(self, n: int, amount: int) -> None:
        if ids := self._ids(PaymentAttempt, PaymentAttempt.status == AttemptStatus.PAID):
            self._try(
                lambda: refunding_by_hand.refund(
                    ids[n % len(ids)], amount, self.shop.gateway, reason="zo besloten", by=OFFICE, now=self.now
                )
            )

    @rule(n=nth, times=st.integers(min_value=1, max_value=2))
    def office_does_over(self, n: int, times: int) -> None:
        if ids := self._ids(Refund, Refund.state == RefundState.FAILED):
            for _ in range(times):
                self._try(
                    lambda: refunding_by_hand.retry(ids[n % len(ids)], self.shop.gateway, by=OFFICE, now=self.now)
                )

    @rule(n=nth, sure_at_once=st.booleans())
    def somebody_chooses_an_invoice(self, n: int, sure_at_once: bool) -> None:
        if self.orders:
            db.session.get_one(Event, self.event_id).confirm_on_invoice = sure_at_once
            db.session.commit()
            order_id = self.orders[n % len(self.orders)]
            self._try(lambda: choosing_invoice.choose(order_id, BUYER, self.shop.gateway, by=OFFICE, now=self.now))
            invoicing.issue_due(now=self.now)

    @rule(n=nth, amount=st.sampled_from([2500, 9500, 9500]))
    def bank_pays(self, n: int, amount: int) -> None:
        if ids := self._invoices():
            on, wanted = self.now.date(), ids[n % len(ids)]
            self._try(lambda: matching.match(wanted, amount, received_on=on, by=TREASURER, now=self.now))

    @rule(n=nth, what=st.sampled_from(["undo", "write-off", "credit", "replace"]))
    def treasurer_changes_an_invoice(self, n: int, what: str) -> None:
        ids, matches = self._invoices(), self._matches()
        facts = {"reason": "zo besloten", "by": TREASURER, "now": self.now}
        if what == "undo" and matches:
            self._try(lambda: matching.undo_match(matches[n % len(matches)], **facts))
        elif what == "write-off" and ids:
            self._try(lambda: matching.write_off(ids[n % len(ids)], **facts))
        elif what == "credit" and ids:
            self._try(lambda: crediting.credit(ids[n % len(ids)], **facts))
        elif what == "replace" and ids:
            self._try(lambda: crediting.new_reference(ids[n % len(ids)], BUYER, **facts))

    @rule(n=nth, what=st.sampled_from(["done", "keep", "undo", "instead"]))
    def treasurer_pays_back(self, n: int, what: str) -> None:
        on, facts = self.now.date(), {"by": TREASURER, "now": self.now}
        if what == "instead":
            if failed := self._ids(Refund, Refund.state == RefundState.FAILED):
                wanted = failed[n % len(failed)]
                self._try(lambda: paying_back.instead_of(wanted, self.shop.gateway, paid_on=None, **facts))
            return
        rows = self._back_by_bank(BankRefundState.WAITING, *([] if what != "undo" else list(BankRefundState)))
        if rows:
            row_id, cents = rows[n % len(rows)]
            ways: dict[str, Callable[[], object]] = {
                "done": lambda: paying_back.mark_done(row_id, on, confirmed_cents=cents, **facts),
                "keep": lambda: paying_back.keep(row_id, "gift", confirmed_cents=cents, **facts),
                "undo": lambda: paying_back.undo(row_id, "vergissing", **facts),
            }
            self._try(ways[what])

    @rule(fault=faults, after_work=st.booleans())
    def worker_sends_refunds(self, fault: str, after_work: bool) -> None:
        self._spoil("refund", fault, after_work=after_work)
        refunding.send_due(self.shop.gateway, now=self.now)

    @rule(nightly=st.booleans())
    def worker_reconciles(self, nightly: bool) -> None:
        settling.reconcile(self.shop.gateway, now=self.now, nightly=nightly)

    @rule()
    def worker_issues_invoices(self) -> None:
        invoicing.issue_due(now=self.now)

    @rule(minutes=st.sampled_from([1, 6, 61, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        lapsing.lapse_unpaid(self.shop.gateway, now=self.now)

    @invariant()
    def rows_are_only_added(self) -> None:
        rows = self._rows()
        assert rows[: len(self.journal)] == self.journal
        self.journal = rows

    @invariant()
    def what_is_owed_is_in_the_journal(self) -> None:
        assert wrong_dues() == []

    @invariant()
    def no_invoice_claims_money_that_is_not_there(self) -> None:
        for attempt_id in self._ids(PaymentAttempt, PaymentAttempt.status == AttemptStatus.PAID):
            assert matched_cents(attempt_id) <= held_cents(db.session.get_one(PaymentAttempt, attempt_id))

    @invariant()
    def what_is_too_much_by_bank_waits_for_the_treasurer(self) -> None:
        for order_id in self.orders:
            owed = {number: cents for number, cents in bank_refunds.owed_by_invoice(order_id).items() if cents}
            rows = {row.invoice_id: row.amount_cents for row in bank_refunds.waiting_of_order(order_id)}
            assert {number: cents for number, cents in rows.items() if number} == owed

    @invariant()
    def only_money_is_ever_too_much(self) -> None:
        """Never more is open below nothing than came in: what goes back is a row, or is the provider's to give back."""
        for invoice_id in self._invoices():
            invoice = db.session.get_one(Invoice, invoice_id)
            too_much = -invoice.balance.open_cents
            live = [row for row in invoice.live_matches if row.source == MatchSource.MOLLIE]
            back = bank_refunds.owed_by_invoice(invoice.order_id)[invoice_id]
            assert too_much <= back + max(0, sum(row.amount_cents for row in live))

    @invariant()
    def who_paid_the_invoice_has_the_place(self) -> None:
        for invoice_id in self._invoices():
            invoice = db.session.get_one(Invoice, invoice_id)
            if invoice.order.on_invoice_at and invoice.balance.bought:
                states = {line.registration.state for line in invoice.lines if line.registration}
                assert State.AWAITING_PAYMENT not in states

    @invariant()
    def nobody_comes_above_the_places(self) -> None:
        holding = sa.select(sa.func.count(Registration.id)).where(
            Registration.event_id == self.event_id, Registration.state.in_(HOLDING)
        )
        assert db.session.scalar(holding) == self._taken() <= PLACES

    def teardown(self) -> None:
        """The line is good again; what the provider had called about is heard once, or found by the nightly look."""
        for payment in self._payments():
            if payment["id"] not in self._known():
                self._webhook(payment)
        for hours in (1, 3, 30):
            settling.reconcile(self.shop.gateway, now=self.now + timedelta(hours=hours))
            settling.reconcile(self.shop.gateway, now=self.now + timedelta(hours=hours), nightly=True)
        assert self._booked() == {payment["id"]: held_by(payment) for payment in self._paid()}
        self._every_payment_is_a_booking_or_goes_back()
        self._nothing_went_back_twice()

    def _booked(self) -> dict[str, int]:
        total = sa.func.sum(MoneyMovement.amount_cents)
        per_payment = sa.select(PaymentAttempt.provider_id, total).join(MoneyMovement.attempt)
        mine = per_payment.where(PaymentAttempt.order_id.in_(self.orders)).group_by(PaymentAttempt.provider_id)
        return {row[0]: row[1] for row in db.session.execute(mine)}

    def _every_payment_is_a_booking_or_goes_back(self) -> None:
        ids = self._ids(PaymentAttempt, PaymentAttempt.paid_at.is_not(None))
        paid = [db.session.get_one(PaymentAttempt, attempt_id) for attempt_id in ids]
        assert len(paid) == len(self._paid())
        for attempt in paid:
            assert attempt.outcome is not None
            if attempt.outcome in ALL_BACK and not [r for r in attempt.refunds if r.state == RefundState.FAILED]:
                # Below nothing when a bank took some of it back as well: the refund is lowered when it is sent.
                assert refunding.left_cents(attempt) <= 0
        bought = Counter(a.order_id for a in paid if a.outcome in (Outcome.CONFIRMED, Outcome.PAID_LATE))
        tickets = sa.select(Registration.order_id).join(Ticket).where(Registration.event_id == self.event_id)
        came = Counter(db.session.scalars(tickets))
        # On an invoice a place may be sure before money comes, and money may come in parts.
        on_invoice = set(db.session.scalars(sa.select(Order.id).where(Order.on_invoice_at.is_not(None))))
        assert {order: n for order, n in came.items() if order not in on_invoice} == {
            order: n for order, n in bought.items() if order not in on_invoice
        }
        assert bought.keys() <= came.keys()
        assert set(came.values()) <= {1}

    def _nothing_went_back_twice(self) -> None:
        ours = [r["metadata"]["reference"] for r in self.shop.at_provider("/v2/refunds") if r["metadata"]]
        assert len(ours) == len(set(ours))
        over = [r.retry_of_id for r in db.session.scalars(sa.select(Refund)) if r.retry_of_id]
        assert len(over) == len(set(over))

    def _try(self, act: Callable[[], object]) -> None:
        """A refusal, or a provider that does not answer, is an ordinary day."""
        try:
            act()
        except (DomainError, GatewayError):
            db.session.rollback()

    def _spoil(self, operation: str, fault: str, *, after_work: bool = False) -> None:
        self.shop.sandbox.control("faults/clear")
        if fault:
            self.shop.sandbox.fault(fault, operation=operation, after_work=after_work)

    def _webhook(self, payment: dict[str, Any]) -> None:
        """Once it is heard, the books say what the provider says, at once."""
        attempt_id = settling.attempt_of_webhook(payment["webhookUrl"].rpartition("/")[2])
        assert attempt_id
        settling.settle(attempt_id, self.shop.gateway, now=self.now, provider_id=payment["id"])
        if found := [paid for paid in self._paid() if paid["id"] == payment["id"]]:
            assert self._booked()[payment["id"]] == held_by(found[0])

    def _payments(self) -> list[dict[str, Any]]:
        self.shop.sandbox.control("faults/clear")
        return self.shop.at_provider()

    def _paid(self) -> list[dict[str, Any]]:
        return [payment for payment in self._payments() if payment["status"] == "paid"]

    def _known(self) -> set[str | None]:
        db.session.rollback()
        return set(db.session.scalars(sa.select(PaymentAttempt.provider_id)))

    def _ids(self, model: Any, where: Any) -> list[int]:
        """Rows of this example, in order."""
        db.session.rollback()
        of = sa.select(model.id).where(where)
        attempts = sa.select(PaymentAttempt.id).where(PaymentAttempt.order_id.in_(self.orders))
        mine = model.attempt_id.in_(attempts) if model is Refund else model.id.in_(attempts)
        return list(db.session.scalars(of.where(mine).order_by(model.id)))

    def _invoices(self) -> list[int]:
        db.session.rollback()
        mine = Invoice.order_id.in_(self.orders), Invoice.number.is_not(None), Invoice.kind == InvoiceKind.INVOICE
        return list(db.session.scalars(sa.select(Invoice.id).where(*mine).order_by(Invoice.id)))

    def _matches(self) -> list[int]:
        """What stands or stood on an invoice."""
        mine = InvoiceMatch.invoice_id.in_(self._invoices())
        return list(db.session.scalars(sa.select(InvoiceMatch.id).where(mine).order_by(InvoiceMatch.id)))

    def _back_by_bank(self, *states: BankRefundState) -> list[tuple[int, int]]:
        db.session.rollback()
        mine = sa.select(BankRefund.id, BankRefund.amount_cents).where(
            BankRefund.order_id.in_(self.orders), BankRefund.state.in_(states)
        )
        return [(row.id, row.amount_cents) for row in db.session.execute(mine.order_by(BankRefund.id))]

    def _rows(self) -> list[tuple[Any, ...]]:
        db.session.rollback()
        columns = MoneyMovement.id, MoneyMovement.attempt_id, MoneyMovement.kind, MoneyMovement.amount_cents
        mine = sa.select(*columns).join(MoneyMovement.attempt).join(Order).where(Order.event_id == self.event_id)
        return [tuple(row) for row in db.session.execute(mine.order_by(MoneyMovement.id))]

    def _taken(self) -> int:
        return self.shop.taken(self.event_id)

    def _close_what_was_before(self) -> None:
        """The provider forgets earlier examples, so nothing of them may be asked about again."""
        db.session.rollback()
        long_ago = NOW - timedelta(days=1000)
        ended = {"status": AttemptStatus.EXPIRED, "created_at": long_ago}
        db.session.execute(sa.update(PaymentAttempt).where(PaymentAttempt.status.in_(ALIVE)).values(**ended))
        db.session.execute(sa.update(PaymentAttempt).values(created_at=long_ago))
        db.session.execute(sa.update(Refund).values(state=RefundState.DONE))
        waiting = sa.update(Registration).where(Registration.state == State.AWAITING_PAYMENT)
        db.session.execute(waiting.values(expires_at=NOW + timedelta(days=9000)))
        db.session.commit()


def held_by(payment: dict[str, Any]) -> int:
    """What the provider holds of a paid payment, by its own JSON."""
    gone = [payment[name]["value"] for name in ("amountRefunded", "amountChargedBack") if name in payment]
    return from_provider(payment["amount"]["value"]) - sum(map(from_provider, gone))


def test_money_at_the_provider_is_money_in_our_journal(shop: Shop):
    Till.shop = shop

    run_state_machine_as_test(
        Till,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            # The dose of every run is the same one; the full one looks elsewhere each time.
            derandomize="STATEFUL_EXAMPLES" not in os.environ,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
