"""Eight signs that couple a phone which can neither scan the QR code nor get the link: made, read and forgiven here."""

import secrets

from eventapp.domain.tickets import ALPHABET

LENGTH = 8
# What people type besides letters and digits, and what they read wrongly: the alphabet has no O, I and L.
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, ".": None, "\u00a0": None})


def new_code() -> str:
    """A fresh code, upper case: 40 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise_code(typed: str) -> str | None:
    """The code somebody typed, forgiving case, spaces, dashes, O/0 and I/L/1; None when it cannot be one."""
    if len(typed) > 4 * LENGTH:
        return None
    code = typed.upper().translate(_FORGIVEN)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
