"""What does a badge say, and which colour goes with which category? Plain data, for paper and for the page about it."""

from collections.abc import Mapping
from typing import NamedTuple

from eventapp.domain.pricing import Category

# White words on these are read well, and the word of the category always stands on them: no colour says it alone.
COLOURS: Mapping[Category, str] = {
    Category.LID: "#0b5563",
    Category.AMBASSADEUR: "#a3470f",
    Category.KERNPARTNER: "#4b3c8e",
    Category.STEUNPARTNER: "#87326b",
    Category.BESTUUR: "#1d2429",
    Category.SERVICEBUREAU: "#1e6b3a",
    Category.SPREKER: "#a3211b",
    Category.WAARNEMEND: "#56616a",
    Category.NIET_LID: "#735300",
}


class BadgeData(NamedTuple):
    """What one badge says; `code` is empty for who has no ticket, `word` is the category in words."""

    first_name: str
    surname: str
    organisation: str
    category: Category
    word: str
    code: str
    no_photo: bool = False
