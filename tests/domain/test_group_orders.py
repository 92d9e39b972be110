"""Several people in one order: whose proof carries whom, what comes next for each, and who of them fits."""

import pytest

from eventapp.domain.group_orders import Seat, Step, Trouble, Wish, cheaper_claim, goes_with_booker, next_step, seat
from eventapp.domain.payments import Outcome, outcome_for_group
from eventapp.domain.pricing import OUTSIDER, Category, Entitlement, Proof
from eventapp.domain.registrations import Review

LID, NIET, STEUN = Category.LID, Category.NIET_LID, Category.STEUNPARTNER
MEMBER, NAMED = Proof(LID, "domain", {}, 1), Proof(LID, "named", {}, 1)
OTHER, PARTNER = Proof(LID, "domain", {}, 2), Proof(STEUN, "domain", {}, 3)
COUNCIL, AMBASSADOR = Proof(NIET, "domain", {}, 4), Proof(Category.AMBASSADEUR, "status")
CLAIM = Proof(LID, "office")


def comes(proof: Proof, cents: int = 0) -> Entitlement:
    return Entitlement(proof.category, cents, proof)


@pytest.mark.parametrize(
    ("booker", "colleague", "same_mailbox", "along"),
    [
        ([MEMBER], comes(MEMBER), False, True),
        ([MEMBER], comes(MEMBER, 4500), False, True),
        ([NAMED], comes(MEMBER), False, True),
        ([AMBASSADOR, MEMBER], comes(MEMBER), False, True),
        ([PARTNER], comes(PARTNER), False, True),
        ([MEMBER], comes(OUTSIDER, 9500), False, True),
        ([], comes(OUTSIDER, 9500), False, True),
        ([], comes(OUTSIDER), True, True),
        ([], comes(CLAIM), True, True),
        ([MEMBER], comes(OTHER), False, False),
        ([MEMBER], comes(NAMED), False, False),
        ([MEMBER], comes(CLAIM), False, False),
        ([CLAIM], comes(CLAIM), False, False),
        ([CLAIM], comes(MEMBER), False, False),
        ([AMBASSADOR], comes(MEMBER), False, False),
        ([COUNCIL], comes(COUNCIL), False, False),
        ([], comes(MEMBER), False, False),
        ([], comes(OUTSIDER), False, False),
        ([Proof(STEUN, "domain", {}, 1)], comes(MEMBER), False, False),
    ],
)
def test_a_colleague_goes_along_only_on_the_same_member_the_same_mailbox_or_the_strangers_price(
    booker, colleague, same_mailbox, along
):
    assert goes_with_booker(colleague, booker, same_mailbox=same_mailbox) is along


@pytest.mark.parametrize(
    ("with_booker", "booker_proven", "own_proven", "cents", "review", "step"),
    [
        (True, False, False, 0, Review.NONE, Step.WAIT),
        (False, False, False, 0, Review.NONE, Step.WAIT),
        (True, True, False, 0, Review.NONE, Step.CONFIRM),
        (True, True, False, 9500, Review.NONE, Step.PAY),
        (False, True, False, 0, Review.NONE, Step.OWN_LINK),
        (False, True, False, 9500, Review.NONE, Step.OWN_LINK),
        (False, True, True, 0, Review.NONE, Step.CONFIRM),
        (False, True, True, 4500, Review.NONE, Step.PAY),
        (False, True, False, 0, Review.PENDING, Step.OWN_LINK),
        (False, True, True, 0, Review.PENDING, Step.OFFICE),
        (False, True, True, 0, Review.APPROVED, Step.CONFIRM),
    ],
)
def test_nothing_happens_to_anybody_before_a_proof_that_counts(
    with_booker, booker_proven, own_proven, cents, review, step
):
    found = next_step(
        with_booker=with_booker,
        booker_proven=booker_proven,
        own_proven=own_proven,
        price_cents=cents,
        review=review,
    )

    assert found == step


FREE, PAID = comes(MEMBER), comes(MEMBER, 4500)
NO_FREE = Seat(FREE, Trouble.NO_FREE_PLACE, beyond_free=True)
WHOLE, ONLINE, POOL = 7, 8, 9
FULL = Seat(FREE, Trouble.NO_PLACE, full=WHOLE)


def wish(*more: int, free_of: int | None = None, beyond: Entitlement | None = None) -> Wish:
    return Wish(FREE, (WHOLE, *more), free_of, beyond)


@pytest.mark.parametrize(
    ("wishes", "left", "free_left", "seats"),
    [
        ([wish()] * 3, {}, {}, [Seat(FREE)] * 3),
        ([wish()] * 3, {WHOLE: 2}, {}, [Seat(FREE), Seat(FREE), FULL]),
        ([wish(), Wish(None), wish()], {WHOLE: 2}, {}, [Seat(FREE), Seat(None, Trouble.NOT_ADMITTED), Seat(FREE)]),
        ([wish(free_of=1, beyond=PAID)] * 2, {WHOLE: 9}, {1: 1}, [Seat(FREE), Seat(PAID, beyond_free=True)]),
        ([wish(free_of=1)] * 2, {WHOLE: 9}, {1: 1}, [Seat(FREE), NO_FREE]),
        ([wish(free_of=1), wish(free_of=2), wish(free_of=1)], {WHOLE: 2}, {1: 1, 2: 1}, [*[Seat(FREE)] * 2, FULL]),
        (
            [wish(ONLINE), wish(ONLINE), wish(), wish(POOL)],
            {WHOLE: 3, ONLINE: 1, POOL: 0},
            {},
            [
                Seat(FREE),
                Seat(FREE, Trouble.NO_PLACE, full=ONLINE),
                Seat(FREE),
                Seat(FREE, Trouble.NO_PLACE, full=POOL),
            ],
        ),
    ],
    ids=[
        "no limit",
        "two places",
        "not admitted takes none",
        "beyond pays",
        "beyond is refused",
        "place before free",
        "a form and a pool that are full",
    ],
)
def test_who_fits_is_told_in_the_order_of_the_form(wishes, left, free_left, seats):
    assert seat(wishes, left=left, free_left=free_left) == seats


@pytest.mark.parametrize(
    ("own", "claim", "chosen"),
    [
        (None, comes(CLAIM), comes(CLAIM)),
        (comes(OUTSIDER, 9500), comes(CLAIM), comes(CLAIM)),
        (comes(OUTSIDER), comes(CLAIM), comes(OUTSIDER)),
        (comes(OUTSIDER, 9500), None, comes(OUTSIDER, 9500)),
        (None, None, None),
    ],
)
def test_the_office_is_only_asked_for_what_it_would_better(own, claim, chosen):
    assert cheaper_claim(own, claim) == chosen


@pytest.mark.parametrize(
    ("bought", "dropped", "late", "confirmed_already", "cancelled", "outcome"),
    [
        (2, 0, False, False, False, Outcome.CONFIRMED),
        (2, 0, True, False, False, Outcome.PAID_LATE),
        (1, 1, False, False, False, Outcome.PAID_IN_PART),
        (1, 1, False, True, False, Outcome.PAID_IN_PART),
        (0, 2, False, False, False, Outcome.PAID_WITHOUT_PLACE),
        (0, 2, False, True, True, Outcome.PAID_TWICE),
        (0, 2, False, False, True, Outcome.PAID_AFTER_CANCEL),
    ],
)
def test_money_for_several_people_has_one_name(bought, dropped, late, confirmed_already, cancelled, outcome):
    found = outcome_for_group(
        bought=bought, dropped=dropped, late=late, confirmed_already=confirmed_already, cancelled=cancelled
    )

    assert found == outcome
