"""Dutch names sort as people expect, and two spellings of one name are one name."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.names import fold, name_key, sort_key

text = st.text(max_size=30)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("van der Meulen", "van der meulen"),
        ("Yıldız", "yildiz"),
        ("İPEK", "ipek"),
        ("Zoë", "zoe"),
        ("Hoff-Müller", "hoff-muller"),
        ("Ĳsbrand", "ijsbrand"),
        ("ĳsbrand", "ijsbrand"),
        ("Éclair", "eclair"),
        ("e\u0301clair", "eclair"),
        ("Łukasz", "lukasz"),
        ("Søren", "soren"),
        ("Đorđe", "dorde"),
        ("Þór", "thor"),
        ("Æbele Œuvre", "aebele oeuvre"),
        ("Groß", "gross"),
        ("  in   't\u00a0 Veld ", "in 't veld"),
        ("Jan™", "jantm"),
        ("", ""),
    ],
)
def test_folding_leaves_plain_small_letters(written, folded):
    assert fold(written) == folded


@given(text)
def test_folding_twice_changes_nothing_more(written):
    assert fold(fold(written)) == fold(written)


def test_a_list_sorts_on_family_name_then_given_name_then_infix():
    expected = [
        ("Ĳsbrand", "d'", "Ancona"),
        ("Anne", "van den", "Berg"),
        ("Zeger", "", "Berg"),
        ("Aad", "", "Berg Jansen"),
        ("Aad", "", "Bergen"),
        ("Éva", "", "Éclair"),
        ("A.", "de la", "Fuente-El Idrissi"),
        ("Zoë", "van 't", "Hoff-Müller"),
        ("Jan", "", "Ĳsselstein"),
        ("Jan-Willem", "", "Meulen"),
        ("Jan-Willem", "van der", "Meulen"),
        ("Suharti", "", ""),
        ("M. (Marieke)", "in 't", "Veld"),
        ("Fatma", "", "Yıldız"),
    ]

    shuffled = Random(7).sample(expected, len(expected))

    assert sorted(shuffled, key=lambda name: sort_key(*name)) == expected


@given(text, text, text)
def test_a_sort_key_has_three_parts_whatever_was_typed(given_name, infix, family_name):
    assert sort_key(given_name, infix, family_name).count("\x1f") == 2


@given(text, text, text)
def test_case_does_not_matter_for_sorting(given_name, infix, family_name):
    lower = sort_key(given_name.casefold(), infix.casefold(), family_name.casefold())

    assert sort_key(given_name, infix, family_name) == lower


@pytest.mark.parametrize(
    "spelling",
    [
        ("Marieke", "van der", "Meulen"),
        ("marieke", "Van Der", "MEULEN"),
        ("Mariëke", "", "van der Meulen"),
        ("Marieke van der", "", "Meulen"),
        (" Marieke ", "van  der", "Meulen"),
    ],
)
def test_spellings_of_one_name_are_the_same_name(spelling):
    assert name_key(*spelling) == "marieke van der meulen"


@pytest.mark.parametrize(
    "other",
    [("M.", "van der", "Meulen"), ("Marieke", "", "Meulen"), ("Meulen", "van der", "Marieke"), ("Suharti", "", "")],
)
def test_other_names_are_other_people(other):
    assert name_key(*other) != name_key("Marieke", "van der", "Meulen")
