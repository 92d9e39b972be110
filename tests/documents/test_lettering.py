"""Text is cleaned, turned, joined, broken and cut so that it fits its place."""

import pytest

from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import balanced, block, one_line, runs, snug, width_of
from eventapp.documents.script import clean, on_paper

TITLE = "Themadag 2027: Van samen naar één"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Jan\n\tPiet  ", "Jan Piet"),
        ("Zoe\u0308", "Zoë"),
        ("a\u200bb\u202ec\ufeff", "abc"),
        ("👩\u200d👧\ufe0f", "👩👧"),
        ("👋🏽", "👋"),
        ("nul\x00bel\x07", "nul bel"),
        ("€\u00a095", "€ 95"),
        ("", ""),
    ],
)
def test_clean_leaves_what_can_be_seen(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_hebrew_is_turned_and_latin_is_not() -> None:
    assert on_paper("Jan דוד לוי 12") == "Jan יול דוד 12"
    assert on_paper("(לוי)") == "(יול)"


def test_arabic_letters_are_joined_and_turned() -> None:
    drawn = on_paper("سلام")

    assert drawn == "\ufee1\ufefc\ufeb3"  # meem alone, lam-alef at the end of seen, seen at the beginning


def test_marks_stay_behind_their_letters() -> None:
    assert on_paper("שָׁ ב") == "ב שָׁ"


def test_word_in_other_letters_is_set_wholly_in_the_spare_font() -> None:
    found = [(run.font.fontName, run.text) for run in runs("Thị Hồng", Weight.REGULAR)]

    assert found == [("DejaVuSans", "Thị"), ("Atkinson", " "), ("DejaVuSans", "Hồng")]


def test_unknown_characters_in_a_row_become_one_square() -> None:
    assert [run.text for run in runs("王小明", Weight.BOLD)] == ["□"]


def test_line_shrinks_before_it_is_cut() -> None:
    wide = width_of(TITLE, Weight.REGULAR, 10)

    shrunk = one_line(TITLE, Weight.REGULAR, 10, 7, wide * 0.8)
    cut = one_line(TITLE, Weight.REGULAR, 10, 7, wide * 0.5)

    assert (shrunk.lines, shrunk.size) == ((TITLE,), 8.0)
    assert cut.size == 7
    assert cut.lines[0].endswith("…")
    assert TITLE.startswith(cut.lines[0][:-1])
    assert width_of(cut.lines[0], Weight.REGULAR, cut.size) <= wide * 0.5


@pytest.mark.parametrize("text", [TITLE, "W" * 80, "Kwaliteitsmedewerker-bestuurder", "דוד " * 20, "a@b.example/c" * 9])
@pytest.mark.parametrize("width", [30, 60, 200])
def test_no_line_is_wider_or_lower_than_its_place(text: str, width: float) -> None:
    for make in (block, snug):
        found = make(text, Weight.BOLD, (20, 14, 9), width, height=60)

        assert max(width_of(line, Weight.BOLD, found.size) for line in found.lines) <= width
        assert found.height <= 60


def test_text_that_fits_is_not_lost() -> None:
    found = block("Directeur-bestuurder van alles", Weight.REGULAR, (9,), 50, height=100)

    assert "".join(found.lines).replace(" ", "") == "Directeur-bestuurdervanalles"


def test_word_is_made_smaller_rather_than_broken() -> None:
    width = width_of("Ambassadeur", Weight.REGULAR, 8)

    assert block("Ambassadeur", Weight.REGULAR, (10, 8), width, height=40).lines == ("Ambassadeur",)


def test_word_that_must_be_broken_gets_a_hyphen() -> None:
    found = block("Kwaliteitsmedewerker", Weight.REGULAR, (10,), 50, height=100)

    assert len(found.lines) > 1
    assert all(line.endswith("-") for line in found.lines[:-1])


def test_title_is_broken_into_lines_of_about_the_same_length() -> None:
    width = width_of("Themadag 2027: Van samen", Weight.BOLD, 20)
    greedy = block(TITLE, Weight.BOLD, (20,), width, height=80)

    assert greedy.lines == ("Themadag 2027: Van samen", "naar één")
    assert balanced(TITLE, Weight.BOLD, greedy, width).lines == ("Themadag 2027:", "Van samen naar één")


def test_paragraphs_of_a_route_stay_apart() -> None:
    found = block("Met de trein.\n\nMet de auto.\n", Weight.REGULAR, (10,), 200, height=100)

    assert found.lines == ("Met de trein.", "", "Met de auto.")
