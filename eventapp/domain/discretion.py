"""What may stand in a log that others keep and read? No address of anybody, and no secret that opens a page."""

import re

_ADDRESS = re.compile(r"[\w.+'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# What domain/tokens makes: 43 signs of which no word of ours is made.
_SECRET_LENGTH = 43
_SECRET = re.compile(rf"(?<![\w-])[\w-]{{{_SECRET_LENGTH}}}(?![\w-])", re.ASCII)


def discreet(text: str) -> str:
    """The text with addresses and secrets blotted out."""
    # Most of what is logged is a word or two, in which there is room for neither.
    if "@" in text or "%40" in text:
        text = _ADDRESS.sub("(adres)", text)
    return text if len(text) < _SECRET_LENGTH else _SECRET.sub("(geheim)", text)
