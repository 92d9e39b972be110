"""What stands in the QR code of a ticket? "T" and 19 characters of Crockford base32: 95 random bits, nothing else."""

import re
import secrets

from eventapp.domain.tokens import digest

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SHAPE = re.compile(f"T[{ALPHABET}]{{{LENGTH - 1}}}")


def new_code() -> str:
    """A fresh ticket code, upper case."""
    bits = secrets.randbits(5 * (LENGTH - 1))
    return "T" + "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH - 1))


def normalise_code(typed: str) -> str | None:
    """The code somebody typed or scanned, forgiving case, spaces, dashes, O/0 and I/L/1; None when it is not ours."""
    if len(typed) > 4 * LENGTH:
        return None
    code = re.sub(r"[\s\-.]", "", typed).upper()
    code = code[:1] + code[1:].translate(_FORGIVEN)
    return code if _SHAPE.fullmatch(code) else None


def code_digest(code: str) -> str:
    """What the server looks a code up by."""
    return digest(code)
