"""Labels fit on A4 or say why not; who needs a new badge follows from how the last one read."""

from dataclasses import replace

import pytest

from eventapp.domain.badges import SHEETS, Badge, Sheet, SheetProblem, SortOrder, changed, in_order
from eventapp.domain.pricing import Category

BADGE = Badge(7, "Jan-Willem", "van der", "Meulen", "Zonnevlinder", Category.LID, False, "T7K2M9QWXZ3JH8P0RTVB")


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_sheet_of_a_maker_fits_and_is_the_same_on_both_sides(sheet):
    right, bottom = sheet.place(sheet.labels - 1)

    assert sheet.problem() is None
    assert (right + sheet.width + sheet.left, bottom + sheet.height + sheet.top) == (2100, 2970)


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        (Sheet(1, 1, 2100, 2970, left=0, top=0), None),
        (Sheet(1, 1, 2100, 2970, left=1, top=0), SheetProblem.TOO_WIDE),
        (Sheet(1, 1, 2100, 2970, left=0, top=1), SheetProblem.TOO_HIGH),
        (Sheet(2, 1, 1000, 500, left=0, top=0, gap_across=100), None),
        (Sheet(2, 1, 1000, 500, left=0, top=0, gap_across=101), SheetProblem.TOO_WIDE),
        (Sheet(1, 3, 500, 990, left=0, top=0), None),
        (Sheet(1, 3, 500, 980, left=0, top=0, gap_down=16), SheetProblem.TOO_HIGH),
        (Sheet(1, 1, 399, 500, left=0, top=0), SheetProblem.TOO_SMALL),
        (Sheet(1, 1, 500, 249, left=0, top=0), SheetProblem.TOO_SMALL),
    ],
)
def test_labels_have_to_fit_on_the_sheet(sheet, problem):
    assert sheet.problem() == problem


def test_labels_are_counted_row_by_row():
    sheet = Sheet(2, 3, 800, 500, left=100, top=200, gap_across=30, gap_down=40)

    assert [sheet.place(number) for number in (0, 1, 2, 5)] == [(100, 200), (930, 200), (100, 740), (930, 1280)]


@pytest.mark.parametrize(
    "change",
    [
        {"given_name": "Jan"},
        {"infix": ""},
        {"family_name": "Molen"},
        {"organisation": "Kompaskring"},
        {"category": Category.SPREKER},
        {"no_photo": True},
        {"code": "T7K2M9QWXZ3JH8P0RTVC"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_stands_on_a_badge_makes_it_print_again(change):
    printed = {7: BADGE.digest, 8: replace(BADGE, registration_id=8).digest}

    assert changed([BADGE], printed) == []
    assert changed([replace(BADGE, **change)], printed) == [replace(BADGE, **change)]
    assert changed([replace(BADGE, registration_id=9)], printed) == [replace(BADGE, registration_id=9)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (SortOrder.FAMILY_NAME, [3, 2, 4, 1]),
        (SortOrder.ORGANISATION, [2, 4, 1, 3]),
        (SortOrder.ARRIVAL, [1, 2, 3, 4]),
    ],
)
def test_badges_lie_in_the_order_that_was_asked(order, expected):
    badges = [
        replace(BADGE, registration_id=4, infix="", family_name="Éclair", organisation="de Dijk"),
        replace(BADGE, registration_id=1, family_name="Zwart"),
        replace(BADGE, registration_id=3, infix="d'", family_name="Ancona", organisation=""),
        replace(BADGE, registration_id=2, infix="de", family_name="Boer", organisation="De Dijk"),
    ]

    assert [badge.registration_id for badge in in_order(badges, order)] == expected
