"""The steps between the states of a registration: exactly these, and no other."""

from itertools import product

import pytest

from eventapp.domain.errors import IllegalStep
from eventapp.domain.registrations import HOLDING, LIVE, State, check_step

ALLOWED = {
    ("awaiting_confirmation", "confirmed"),
    ("awaiting_confirmation", "awaiting_payment"),
    ("awaiting_confirmation", "waitlisted"),
    ("awaiting_confirmation", "cancelled"),
    ("awaiting_confirmation", "expired"),
    ("awaiting_payment", "awaiting_confirmation"),
    ("awaiting_payment", "confirmed"),
    ("awaiting_payment", "cancelled"),
    ("awaiting_payment", "expired"),
    ("waitlisted", "offered"),
    ("waitlisted", "cancelled"),
    ("waitlisted", "expired"),
    ("offered", "confirmed"),
    ("offered", "awaiting_payment"),
    ("offered", "waitlisted"),
    ("offered", "cancelled"),
    ("offered", "expired"),
    ("confirmed", "cancelled"),
    ("expired", "confirmed"),
    ("expired", "awaiting_payment"),
    ("expired", "awaiting_confirmation"),
}


@pytest.mark.parametrize(("state", "to"), [*product(State, State)])
def test_a_step_is_taken_only_when_the_table_has_it(state, to):
    if (state.value, to.value) in ALLOWED:
        check_step(state, to)
    else:
        with pytest.raises(IllegalStep) as refusal:
            check_step(state, to)
        assert refusal.value.facts == {"state": state.value, "to": to.value}


def test_a_cancelled_registration_is_the_end():
    assert [to for state, to in ALLOWED if state == "cancelled"] == []


def test_the_states_that_hold_a_place_are_those_of_the_contract():
    assert {"awaiting_confirmation", "awaiting_payment", "offered", "confirmed"} == HOLDING
    assert {"waitlisted", *HOLDING} == LIVE
