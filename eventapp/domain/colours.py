"""Which colours may the association choose, and which steps follow from them, in light and in dark?

Colours are text, "#0b5563". Contrast is that of WCAG 2.2, from 1 to 21.
"""

import re

BRAND, ACCENT = "#0b5563", "#e8743b"
# What words need, and what a mark or a line needs, on what they stand on.
READABLE, VISIBLE = 4.5, 3.0
# The least that is asked of words in the dark: lighter than need be, as large areas glare less there.
_EASY = 7.0
_WHITE, _BLACK = "#ffffff", "#000000"
# The papers of static/css/tokens.css, the darker of the light ones and the lighter of the dark ones.
_LIGHT, _QUIET, _DARK, _DARK_QUIET, _DARK_INK = "#ffffff", "#f6f4ef", "#15191c", "#1e2428", "#ece9e2"
_STEPS = [step / 20 for step in range(21)]


def is_colour(text: str) -> bool:
    """Whether this is a colour as we write them."""
    return re.fullmatch(r"#[0-9a-f]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """How far two colours lie apart, rounded down to a tenth."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return int((lighter + 0.05) / (darker + 0.05) * 10) / 10


def brand_contrast(colour: str) -> float:
    """Of words in this colour on our least light paper; white words on it have a little more."""
    return contrast(colour, _QUIET)


def accent_contrast(colour: str) -> float:
    """Of a mark in this colour on white paper."""
    return contrast(colour, _LIGHT)


def in_the_light(brand: str, accent: str) -> dict[str, str]:
    """The colours by role, as tokens.css names them, for a brand colour that can be read."""
    return {
        "brand": brand,
        "brand-hover": _mixed(brand, _BLACK, 0.22),
        "brand-pressed": _mixed(brand, _BLACK, 0.41),
        "brand-tint": _tint(brand),
        "on-brand": _WHITE,
        "cover": brand,
        "on-cover": _WHITE,
        "accent": accent,
    }


def in_the_dark(brand: str, accent: str) -> dict[str, str]:
    """The same on dark paper: lighter until words can be read with ease."""
    light = _until(brand, _WHITE, on=_DARK_QUIET, least=_EASY)
    return {
        "brand": light,
        "brand-hover": _mixed(light, _WHITE, 0.25),
        "brand-pressed": _mixed(light, _WHITE, 0.45),
        "brand-tint": _mixed(_DARK, light, 0.16),
        "on-brand": _until(brand, _BLACK, on=light, least=_EASY),
        "cover": _until(brand, _BLACK, on=_DARK_INK, least=_EASY),
        "on-cover": _DARK_INK,
        "accent": _until(accent, _WHITE, on=_DARK_QUIET, least=READABLE),
    }


def _tint(brand: str) -> str:
    """As much of it on paper as its own words can stand."""
    tints = (_mixed(_QUIET, brand, share) for share in (0.11, 0.08, 0.05, 0.0))
    return next(tint for tint in tints if contrast(brand, tint) >= READABLE)


def _until(colour: str, towards: str, *, on: str, least: float) -> str:
    """The first step from a colour to white or black that has this contrast on another colour."""
    steps = (_mixed(colour, towards, share) for share in _STEPS)
    return next(step for step in steps if contrast(step, on) >= least or step == towards)


def _mixed(one: str, other: str, share: float) -> str:
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(mine + (yours - mine) * share):02x}" for mine, yours in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
