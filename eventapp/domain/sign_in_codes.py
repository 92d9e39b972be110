"""What does a code in a sign-in mail look like, and how often may somebody try? Short to type, and few guesses."""

import secrets

DIGITS = 8
# Five codes an hour of a hundred million each: nobody guesses one in time.
MOST_TRIES = 5


def new_code() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def typed_code(text: str) -> str:
    """The digits of what somebody typed or pasted, '' when these are not as many as a code has."""
    digits = "".join(char for char in text if char in "0123456789")
    return digits if len(digits) == DIGITS and not any(char.isalpha() for char in text) else ""
