"""The design tokens of static/css/tokens.css: CSS cannot share the dark values between a choice and a preference."""

import re

from config import ROOT

CSS = (ROOT / "static" / "css" / "tokens.css").read_text()


def values(selector: str) -> dict[str, str]:
    """The custom properties in the first block of this selector."""
    block = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", CSS)
    assert block is not None
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block[1]))


def test_dark_is_the_same_by_choice_and_by_preference():
    chosen, preferred = values('[data-theme="dark"]'), values(':root:not([data-theme="light"])')

    assert len(chosen) > 20
    assert chosen == preferred
