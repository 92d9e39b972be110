"""A provider that says nothing is left alone for a while, and asked again by one at a time."""

import pytest

from eventapp.payments.gateway import GatewayUnknownOutcome, PaymentNotFound
from eventapp.payments.mollie import MollieGateway
from eventapp.payments.silence import Silence
from tests.sandbox import API_KEY, RunningSandbox


class Hand:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_silences_in_a_row_give_rest_and_then_one_at_a_time():
    clock = Hand()
    silence = Silence(enough=2, rest=10, clock=clock)
    silence.unheard()
    after_one = silence.may_call()
    silence.unheard()
    at_once = silence.may_call()
    clock.now += 10
    later = [silence.may_call(), silence.may_call()]
    silence.heard()

    assert (after_one, at_once, later) == (True, False, [True, False])
    assert [silence.may_call() for _ in range(3)] == [True] * 3


def test_answers_in_between_leave_it_as_it_was():
    silence = Silence(enough=2, clock=Hand())
    for _ in range(3):
        silence.unheard()
        silence.heard()

    assert silence.may_call()


def test_silent_provider_is_not_called_until_it_had_its_rest(sandbox: RunningSandbox):
    clock = Hand()
    silence = Silence(enough=2, rest=10, clock=clock)
    gateway = MollieGateway(API_KEY, sandbox.url, timeout=(5, 1), silence=silence)
    sandbox.fault("timeout:5", times=2)

    for _ in range(5):
        with pytest.raises(GatewayUnknownOutcome):
            gateway.fetch_payment("tr_nobody")
    called = sum(sandbox.calls().values())
    clock.now += 10
    for _ in range(2):
        with pytest.raises(PaymentNotFound):
            gateway.fetch_payment("tr_nobody")

    assert (called, sum(sandbox.calls().values())) == (2, 4)
