"""A mail in the association's own colours.

Mail programs read colours beside each element and nowhere else. So the templates hold our own, and here they become
those of the settings.
"""

from functools import lru_cache

from eventapp.domain import colours
from eventapp.domain.association import Association

_IN_THE_DARK = {"brand": "#83cbd6", "on-brand": "#07252b"}


def in_own_colours(html: str, association: Association) -> str:
    """The same mail as the association would print it."""
    if association.colours:
        for ours, theirs in _instead(association.brand_colour, association.accent_colour):
            html = html.replace(ours, theirs)
    return html


@lru_cache(maxsize=4)
def _instead(brand: str, accent: str) -> tuple[tuple[str, str], ...]:
    dark = colours.in_the_dark(brand, accent)
    roles = tuple((ours, dark[role]) for role, ours in _IN_THE_DARK.items())
    return ((colours.BRAND, brand), (colours.ACCENT, accent), *roles)
