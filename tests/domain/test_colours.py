"""Colours of the association: what can be read, and the steps that follow from a choice."""

import pytest

from eventapp.domain import colours
from eventapp.domain.association import Association, Letterhead

CHOICES = ["#0b5563", "#000000", "#6b1f6b", "#7a4a00", "#005a9c", "#b3001b", "#2f6b00"]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("#ffffff", "#000000", 21.0), ("#777777", "#ffffff", 4.4), ("#0b5563", "#0b5563", 1.0)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, apart: float) -> None:
    assert (colours.contrast(one, other), colours.contrast(other, one)) == (apart, apart)


@pytest.mark.parametrize(("text", "whether"), [("#0b5563", True), ("#0B5563", False), ("#fff", False), ("red", False)])
def test_colour_is_six_figures(text: str, whether: bool) -> None:
    assert colours.is_colour(text) == whether


@pytest.mark.parametrize("brand", CHOICES)
def test_every_step_can_be_read(brand: str) -> None:
    assert colours.brand_contrast(brand) >= colours.READABLE
    light, dark = colours.in_the_light(brand, "#e8743b"), colours.in_the_dark(brand, "#e8743b")

    for roles, paper, quiet in ((light, "#ffffff", "#f6f4ef"), (dark, "#15191c", "#1e2428")):
        for role in ("brand", "brand-hover", "brand-pressed"):
            for ground in (paper, quiet, roles["brand-tint"]):
                assert colours.contrast(roles[role], ground) >= colours.READABLE, (role, ground)
            assert colours.contrast(roles["on-brand"], roles[role]) >= colours.READABLE, role
        assert colours.contrast(roles["on-cover"], roles["cover"]) >= colours.READABLE
        assert colours.contrast(roles["accent"], paper) >= colours.VISIBLE


def test_own_colours_have_an_address_and_a_letterhead() -> None:
    usual, own = Association(), Association(name="VNK", brand_colour="#6b1f6b")

    assert (usual.colours, own.colours) == ("", "6b1f6b-e8743b")
    assert (own.letterhead, own.letterhead.brand) == (Letterhead("VNK"), "#6b1f6b")
