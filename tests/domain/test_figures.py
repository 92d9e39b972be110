"""What is held, open, to invoice and in advance follows per order: too much of one hides nothing of another."""

from eventapp.domain.figures import Figure, Line, sums, with_what_follows
from tests.factories import NOW


def line(figure: Figure, cents: int, *, order: int = 1) -> Line:
    return Line(figure, 1, order, order, cents, NOW)


def test_nothing_gives_nothing():
    assert sums(with_what_follows([], ahead=())) == dict.fromkeys(Figure, 0)


def test_too_much_for_one_order_hides_nothing_of_another():
    lines = [
        line(Figure.BOOKED, 9500),
        line(Figure.PAID, 19000),
        line(Figure.BOOKED, 9500, order=2),
        line(Figure.PAID, 4500, order=2),
    ]

    total = sums(with_what_follows(lines, ahead=()))

    assert (total[Figure.HELD], total[Figure.OPEN]) == (23500, 5000)


def test_what_went_back_is_open_again_and_what_was_given_up_is_not():
    back = [line(Figure.BOOKED, 9500), line(Figure.PAID, 9500), line(Figure.CHARGED_BACK, 9500)]
    given_up = [*back, line(Figure.WRITTEN_OFF, 9500)]

    assert sums(with_what_follows(back, ahead=()))[Figure.OPEN] == 9500
    assert sums(with_what_follows(given_up, ahead=()))[Figure.OPEN] == 0


def test_what_is_kept_of_somebody_who_withdrew_is_held_and_opens_nothing():
    total = sums(with_what_follows([line(Figure.PAID, 9500), line(Figure.REFUNDED, 4750)], ahead=()))

    assert (total[Figure.HELD], total[Figure.OPEN]) == (4750, 0)


def test_what_is_held_for_an_event_that_is_still_to_come_is_in_advance():
    lines = [line(Figure.PAID, 9500), line(Figure.REFUNDED, 2500)]

    ahead, over = (sums(with_what_follows(lines, ahead=events)) for events in ({1}, {2}))

    assert (ahead[Figure.IN_ADVANCE], over[Figure.IN_ADVANCE]) == (7000, 0)


def test_what_is_owed_and_on_no_invoice_is_to_invoice():
    lines = [
        line(Figure.BOOKED, 19000),
        line(Figure.INVOICED, 9500),
        # Credited too late: too much on the invoices of one order.
        line(Figure.BOOKED, 4750, order=2),
        line(Figure.INVOICED, 9500, order=2),
    ]

    assert sums(with_what_follows(lines, ahead=()))[Figure.TO_INVOICE] == 9500
