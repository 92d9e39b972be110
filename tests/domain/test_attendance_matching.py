"""Which registration a name on the list of Teams means."""

import pytest

from eventapp.domain.attendance_matching import Expected, Match, match

PEOPLE = [
    Expected(1, "Zoë van 't Hoff", frozenset({"zoe@zonnevlinder.example"})),
    Expected(2, "Piet Jansen", frozenset({"directie@spruit.example"})),
    Expected(3, "Karin Jansen", frozenset({"directie@spruit.example"})),
    Expected(4, "Ali Yılmaz", frozenset({"ali@regenjas.example"})),
    Expected(5, "Kim Bos", frozenset({"kim@een.example"})),
    Expected(6, "Kim Bos", frozenset({"kim@twee.example"})),
]


@pytest.mark.parametrize(
    ("name", "address", "kind", "candidates"),
    [
        ("Z. Hoff", "zoe@zonnevlinder.example", Match.SURE, (1,)),
        ("zoe van t hoff", "", Match.SURE, (1,)),
        ("Hoff, Zoë van 't | Zonnevlinder", "zoe@prive.example", Match.SURE, (1,)),
        ("Karin Jansen", "directie@spruit.example", Match.SURE, (3,)),
        ("Directie", "directie@spruit.example", Match.UNSURE, (2, 3)),
        ("Kim Bos", "", Match.UNSURE, (5, 6)),
        ("Kim Bos", "kim@twee.example", Match.SURE, (6,)),
        ("P. Jansen", "", Match.UNSURE, (2,)),
        ("Jansen", "", Match.UNSURE, (2, 3)),
        ("Ali", "", Match.UNSURE, (4,)),
        ("Ali Yilmaz", "", Match.SURE, (4,)),
        ("iPad van de zaal", "", Match.UNKNOWN, ()),
        ("", "", Match.UNKNOWN, ()),
    ],
)
def test_sure_is_only_what_nobody_else_can_be(name, address, kind, candidates):
    found = match(name, address, PEOPLE)

    assert (found.match, found.candidates) == (kind, candidates)
