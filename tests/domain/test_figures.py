"""What is held and what is open follows per order: too much paid for one hides nothing of another."""

from eventapp.domain.figures import Figure, Line, sums, with_held_and_open
from tests.factories import NOW


def line(figure: Figure, cents: int, *, order: int = 1) -> Line:
    return Line(figure, 1, order, order, cents, NOW)


def test_nothing_gives_nothing():
    assert sums(with_held_and_open([])) == dict.fromkeys(Figure, 0)


def test_too_much_for_one_order_hides_nothing_of_another():
    lines = [
        line(Figure.BOOKED, 9500),
        line(Figure.PAID, 19000),
        line(Figure.BOOKED, 9500, order=2),
        line(Figure.PAID, 4500, order=2),
    ]

    total = sums(with_held_and_open(lines))

    assert (total[Figure.HELD], total[Figure.OPEN]) == (23500, 5000)


def test_what_went_back_is_open_again_and_what_was_given_up_is_not():
    back = [line(Figure.BOOKED, 9500), line(Figure.PAID, 9500), line(Figure.CHARGED_BACK, 9500)]
    given_up = [*back, line(Figure.WRITTEN_OFF, 9500)]

    assert sums(with_held_and_open(back))[Figure.OPEN] == 9500
    assert sums(with_held_and_open(given_up))[Figure.OPEN] == 0


def test_what_is_kept_of_somebody_who_withdrew_is_held_and_opens_nothing():
    total = sums(with_held_and_open([line(Figure.PAID, 9500), line(Figure.REFUNDED, 4750)]))

    assert (total[Figure.HELD], total[Figure.OPEN]) == (4750, 0)
