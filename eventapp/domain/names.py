"""How do Dutch names sort, and when are two written names the same name?"""

import unicodedata

# Letters that Unicode does not decompose but that readers of Dutch lists expect under the plain letter.
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ĳ": "ij"})


def fold(text: str) -> str:
    """Lower case, no accents, `ĳ` as `ij`, runs of white space as one space."""
    if text.isascii():
        return " ".join(text.lower().split())
    # Taking signs apart brings capitals to light (™ is TM), hence the second time.
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN)).casefold()
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(letters.translate(_PLAIN).split())


def sort_key(given_name: str, infix: str, family_name: str) -> str:
    """Sorts on family name, then given name, then infix, the way Dutch lists do.

    The parts are joined by a character below every letter, so that `Berg` comes before `Bergen`.
    """
    return "\x1f".join((fold(family_name or given_name), fold(given_name if family_name else ""), fold(infix)))


def name_key(given_name: str, infix: str, family_name: str) -> str:
    """Equal for two spellings of one name: accents, case, spacing and where the infix was typed do not matter."""
    return fold(" ".join(part for part in (given_name, infix, family_name) if part))
