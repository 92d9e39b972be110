"""Are the numbers of an organisation right, and how are they written? For its forms and for the API alike.

What knows these numbers is loaded with the first of them: few processes read one, and all of them start.
"""

import re

from eventapp.domain.invoice_details import HOME_COUNTRY


def postcode(typed: str, *, country: str) -> str:
    """Dutch ones are written as 1234 AB; abroad they are left as they are. Raises ValueError with what to say."""
    if not typed or country != HOME_COUNTRY:
        return typed
    from stdnum.nl import postcode as dutch

    try:
        return str(dutch.validate(typed))
    except ValueError as error:
        raise ValueError("Een postcode is vier cijfers en twee letters, zoals 1234 AB.") from error


def kvk(typed: str) -> str:
    """Eight digits. Raises ValueError with what to say, as all of these do."""
    return _digits(typed, 8, "Een KvK-nummer heeft 8 cijfers.")


def oin(typed: str) -> str:
    """Twenty digits, of a government."""
    return _digits(typed, 20, "Een OIN heeft 20 cijfers.")


def btw_id(typed: str) -> str:
    """With a check digit that fits."""
    from stdnum.eu import vat

    try:
        return str(vat.validate(typed)) if typed else ""
    except ValueError as error:
        raise ValueError("Dit btw-id klopt niet; het ziet eruit als NL123456789B01.") from error


def house_number(typed: str) -> str:
    """Digits alone."""
    if typed and not typed.isdecimal():
        raise ValueError("Alleen het nummer; letters horen bij de toevoeging.")
    return typed


def _digits(typed: str, length: int, otherwise: str) -> str:
    """Without the spaces, dots and dashes that make a number readable."""
    found = re.sub(r"[\s.-]", "", typed)
    if found and not re.fullmatch(rf"[0-9]{{{length}}}", found):
        raise ValueError(otherwise)
    return found
