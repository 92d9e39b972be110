"""To whom may a place be handed over?"""

import pytest

from eventapp.domain.handing_over import may_take_over


@pytest.mark.parametrize(
    ("same_organisation", "to_anybody", "price_cents", "agreed_cents", "may"),
    [
        (True, False, 0, 0, True),
        (True, False, 24500, 0, True),
        (False, False, 0, 0, False),
        (False, True, 0, 0, True),
        (False, True, 14500, 14500, True),
        (False, True, 14500, 24500, True),
        (False, True, 24500, 14500, False),
    ],
)
def test_a_colleague_always_others_where_allowed_at_no_higher_price(
    same_organisation, to_anybody, price_cents, agreed_cents, may
):
    found = may_take_over(
        same_organisation=same_organisation, to_anybody=to_anybody, price_cents=price_cents, agreed_cents=agreed_cents
    )

    assert found == may
