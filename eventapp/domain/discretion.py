"""What may stand in a log that others keep and read? No address of anybody, and no secret that opens a page."""

import re

_ADDRESS = re.compile(r"[\w.+'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# What domain/tokens makes: 43 signs of which no word of ours is made.
_SECRET = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])", re.ASCII)


def discreet(text: str) -> str:
    """The text with addresses and secrets blotted out."""
    return _SECRET.sub("(geheim)", _ADDRESS.sub("(adres)", text))
