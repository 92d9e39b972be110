"""How much of a payment is still with us, and how much of it went back or was promised to? In cents."""

from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.payments import RefundState
from eventapp.models import PaymentAttempt

# These the provider counts in what went back; an unknown one becomes sent in the transaction that finds it there.
AT_PROVIDER = (RefundState.SENT, RefundState.DONE)
_BY_BANK = (BankRefundState.WAITING, BankRefundState.DONE)


def left_cents(attempt: PaymentAttempt) -> int:
    """What is left of a paid attempt to give back: not sent back or charged back yet, and not promised either."""
    promised = _sum(attempt, *AT_PROVIDER, RefundState.PLANNED, RefundState.UNKNOWN) + by_bank_cents(attempt)
    return attempt.received_cents - promised - elsewhere_cents(attempt) - attempt.charged_back_cents


def by_bank_cents(attempt: PaymentAttempt) -> int:
    """What failed at the provider and goes, or went, by bank instead."""
    failed = [refund.bank_refund for refund in attempt.refunds if refund.state == RefundState.FAILED]
    return sum(row.amount_cents for row in failed if row and row.state in _BY_BANK)


def held_cents(attempt: PaymentAttempt) -> int:
    """What the provider still has of a paid attempt, whatever was promised."""
    return attempt.received_cents - attempt.refunded_cents - attempt.charged_back_cents


def elsewhere_cents(attempt: PaymentAttempt) -> int:
    """What went back by other hands than ours, such as in the provider's dashboard."""
    return max(0, attempt.refunded_cents - _sum(attempt, *AT_PROVIDER))


def _sum(attempt: PaymentAttempt, *states: RefundState) -> int:
    return sum(refund.amount_cents for refund in attempt.refunds if refund.state in states)
