"""The office gives money back itself, does a failed refund over, and hears of what it has to look at."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from eventapp.domain.errors import NothingToRefund, ProviderSilent, RetriedAlready, SecondYesNeeded
from eventapp.domain.payments import Outcome, RefundProblem, RefundState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, MoneyMovement, OutboxMail, PaymentAttempt, Refund, RefundProposal, Setting
from eventapp.services import differences, refunding, refunding_by_hand
from eventapp.services.lapsing import lapse_unpaid
from tests.factories import NOW, OFFICE, make_organisation
from tests.shop import Shop

HOUR = timedelta(hours=1)


def give(shop: Shop, attempt: PaymentAttempt, cents: int, **more: object) -> int:
    values = {"reason": "de lunch verviel", "by": OFFICE, "now": NOW} | more
    return refunding_by_hand.refund(attempt.id, cents, shop.gateway, **values)


def again(shop: Shop, refund: Refund, *, now=NOW) -> int:
    return refunding_by_hand.retry(refund.id, shop.gateway, by=OFFICE, now=now)


def failed(shop: Shop) -> tuple[PaymentAttempt, Refund]:
    """A refund by hand that the bank sent back."""
    attempt = shop.paid(shop.booked())
    give(shop, attempt, 2500)
    refunding.send_due(shop.gateway, now=NOW)
    shop.sandbox.control(f"refunds/{shop.refunds()[0].provider_id}/settle", status="failed")
    shop.settle(attempt)
    return shop.attempts(attempt.order_id)[0], shop.refunds()[0]


def test_part_of_a_payment_goes_back_and_the_registration_stays(shop: Shop):
    attempt = shop.paid(shop.booked())

    planned = give(shop, attempt, 2500)
    refunding.send_due(shop.gateway, now=NOW)

    text = db.session.scalars(sa.select(OutboxMail.text).where(OutboxMail.kind == "money_back")).one()
    logged = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "refund_by_hand")).one()
    assert (planned, shop.refunds_at_provider()) == (2500, [(attempt.provider_id, "25.00")])
    assert (shop.state(attempt.order_id), shop.mails()) == (State.CONFIRMED, ["confirmed", "money_back"])
    assert "de lunch verviel" in text
    assert (logged.actor_name, logged.facts["amount_cents"]) == (OFFICE.name, 2500)


@pytest.mark.parametrize(
    ("proposed_cents", "by_hand_cents", "back_cents"),
    [(5000, 0, 5000), (5000, 4500, 500), (5000, 5000, 0), (5000, 7000, 0), (9500, 4500, 5000), (9500, 9500, 0)],
)
def test_difference_to_a_member_goes_back_as_far_as_it_did_not_by_hand(
    shop: Shop, proposed_cents: int, by_hand_cents: int, back_cents: int
):
    attempt = shop.paid(shop.booked())
    registration = shop.registration(attempt.order_id)
    proposal = RefundProposal(
        registration=registration,
        organisation=make_organisation(),
        amount_cents=proposed_cents,
        category=Category.LID,
        created_at=NOW,
    )
    db.session.add(proposal)
    db.session.commit()
    if by_hand_cents:
        give(shop, attempt, by_hand_cents)
    proposal_id, seen = proposal.id, proposal.back_cents
    db.session.rollback()

    with nullcontext() if back_cents else pytest.raises(NothingToRefund):
        assert differences.give(proposal_id, by=OFFICE, now=NOW) == back_cents

    registration = shop.registration(attempt.order_id)
    agreed = (Category.LID, 9500 - proposed_cents, 0) if back_cents else (Category.NIET_LID, 9500, by_hand_cents)
    assert seen == back_cents
    assert sum(refund.amount_cents for refund in shop.refunds()) == by_hand_cents + back_cents
    assert registration.price_cents == 9500 - by_hand_cents - back_cents
    assert (registration.category, registration.agreed_cents, registration.lowered_cents) == agreed


def test_large_amount_needs_a_second_yes_to_that_very_amount(shop: Shop):
    db.session.add(Setting(name="refund_confirm_cents", value="2500"))
    db.session.commit()
    attempt = shop.paid(shop.booked())

    for confirmed in (None, 2501, 9500):
        with pytest.raises(SecondYesNeeded):
            give(shop, attempt, 9000, confirmed_cents=confirmed)
    asked_nothing = shop.refunds()
    planned = [give(shop, attempt, 2500), give(shop, attempt, 7000, confirmed_cents=7000)]

    assert (asked_nothing, planned) == ([], [2500, 7000])


def test_more_than_is_left_goes_back_to_nobody(shop: Shop):
    attempt = shop.paid(shop.booked())
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=9000)

    with pytest.raises(NothingToRefund):
        give(shop, attempt, 501)

    assert (shop.refunds(), give(shop, attempt, 500)) == ([], 500)


def test_nothing_is_decided_while_the_provider_is_silent(shop: Shop):
    attempt, refund = failed(shop)
    shop.sandbox.fault("http-503", operation="get", times=2)

    with pytest.raises(ProviderSilent):
        give(shop, attempt, 500)
    with pytest.raises(ProviderSilent):
        again(shop, refund)

    assert len(shop.refunds()) == 1


def test_failed_refund_is_done_over_once(shop: Shop):
    attempt, refund = failed(shop)

    planned = again(shop, refund)
    with pytest.raises(RetriedAlready):
        again(shop, refund)
    refunding.send_due(shop.gateway, now=NOW + 2 * HOUR)

    old, new = shop.refunds()
    assert (planned, old.state, old.problem) == (2500, RefundState.FAILED, RefundProblem.RETURNED)
    assert (new.state, new.retry_of_id) == (RefundState.SENT, old.id)
    assert old.idempotency_key != new.idempotency_key
    assert sorted(r["status"] for r in shop.at_provider("/v2/refunds")) == ["failed", "pending"]
    assert shop.attempts(attempt.order_id)[0].refunded_cents == 2500


def test_refund_that_was_made_behind_a_refusal_is_not_made_again(shop: Shop):
    attempt = shop.paid(shop.booked())
    give(shop, attempt, 2500)
    shop.sandbox.fault("http-422", operation="refund", after_work=True)
    refunding.send_due(shop.gateway, now=NOW)
    refused = (shop.refunds()[0].state, shop.refunds()[0].problem)

    with pytest.raises(RetriedAlready):
        again(shop, shop.refunds()[0])

    assert refused == (RefundState.FAILED, RefundProblem.REFUSED)
    assert shop.refunds_at_provider() == [(attempt.provider_id, "25.00")]
    assert [r.state for r in shop.refunds()] == [RefundState.SENT]


@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_is_told_once_a_day_and_the_refund_waits(shop: Shop, status: int):
    attempt = shop.paid(shop.booked())
    give(shop, attempt, 2500)
    give(shop, attempt, 1000)
    shop.sandbox.fault(f"http-{status}", operation="refund", times=2)

    refunding.send_due(shop.gateway, now=NOW)
    waiting = [(refund.state, refund.problem) for refund in shop.refunds()]
    refunding.send_due(shop.gateway, now=NOW + timedelta(minutes=6))

    assert waiting == [(RefundState.UNKNOWN, RefundProblem.KEY)] * 2
    assert [(refund.state, refund.problem) for refund in shop.refunds()] == [(RefundState.SENT, None)] * 2
    assert shop.mails().count("refund_key") == 1


def test_queue_is_sent_in_the_order_in_which_it_was_planned(shop: Shop):
    attempts = [shop.paid(shop.booked()) for _ in range(3)]
    for attempt in (attempts[2], attempts[0], attempts[1]):
        give(shop, attempt, 500)

    refunding.send_due(shop.gateway, now=NOW)

    oldest_first = [payment for payment, _amount in reversed(shop.refunds_at_provider())]
    assert oldest_first == [attempts[n].provider_id for n in (2, 0, 1)]


def test_money_that_differs_goes_back_to_the_cent_that_came_and_then_holds_no_place(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.control(f"payments/{attempt.provider_id}/amend", amount_cents=9700)
    shop.becomes(attempt, "paid")
    differs = shop.attempts(order_id)[0].outcome

    give(shop, attempt, 9700)
    refunding.send_due(shop.gateway, now=NOW)
    lapsed = lapse_unpaid(shop.gateway, now=NOW + timedelta(days=9000))

    assert (differs, shop.refunds_at_provider()) == (Outcome.DIFFERS, [(attempt.provider_id, "97.00")])
    assert (lapsed, shop.state(order_id)) == (1, State.EXPIRED)


def test_journal_has_a_row_for_each_movement_and_keeps_it(shop: Shop):
    attempt, _refund = failed(shop)
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=1000)
    shop.sandbox.control(f"payments/{attempt.provider_id}/charge-back", amount_cents=3000)
    for _ in range(3):
        shop.settle(attempt)
    rows = db.session.scalars(sa.select(MoneyMovement).order_by(MoneyMovement.id)).all()
    found = [(row.kind, row.amount_cents, row.refund_id is not None) for row in rows]

    for change in (sa.update(MoneyMovement).values(amount_cents=1), sa.delete(MoneyMovement)):
        with pytest.raises(DatabaseError, match="never changes"):
            db.session.execute(change)
        db.session.rollback()

    assert found == [
        ("received", 9500, False),
        ("refund", -2500, True),
        ("refund", 2500, True),
        ("chargeback", -3000, False),
        ("refund", -1000, False),
    ]
