"""How much of a payment is still with us, and how much of it went back or was promised to? In cents."""

from eventapp.domain.payments import RefundState
from eventapp.models import PaymentAttempt

# These the provider counts in what went back; an unknown one becomes sent in the transaction that finds it there.
AT_PROVIDER = (RefundState.SENT, RefundState.DONE)


def left_cents(attempt: PaymentAttempt) -> int:
    """What is left of a paid attempt to give back: not sent back or charged back yet, and not promised either."""
    promised = _sum(attempt, *AT_PROVIDER, RefundState.PLANNED, RefundState.UNKNOWN)
    return attempt.received_cents - promised - elsewhere_cents(attempt) - attempt.charged_back_cents


def held_cents(attempt: PaymentAttempt) -> int:
    """What the provider still has of a paid attempt, whatever was promised."""
    return attempt.received_cents - attempt.refunded_cents - attempt.charged_back_cents


def elsewhere_cents(attempt: PaymentAttempt) -> int:
    """What went back by other hands than ours, such as in the provider's dashboard."""
    return max(0, attempt.refunded_cents - _sum(attempt, *AT_PROVIDER))


def _sum(attempt: PaymentAttempt, *states: RefundState) -> int:
    return sum(refund.amount_cents for refund in attempt.refunds if refund.state in states)
