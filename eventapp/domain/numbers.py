"""Can this IBAN, RSIN or btw-id exist? Check digits only: whose it is, nobody can tell from the number."""

import re


def valid_iban(text: str) -> bool:
    """Whether the check digits of an IBAN agree (modulus 97); spaces and case do not matter."""
    iban = compact(text)
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban):
        return False
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def valid_rsin(text: str) -> bool:
    """Whether nine digits pass the eleven test of Dutch legal entities."""
    if not re.fullmatch(r"\d{9}", text) or text == "000000000":
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 11 == 0


def valid_btw_id(text: str) -> bool:
    """Whether a Dutch btw-id has its form and passes either test: the eleven test, or modulus 97 since 2020."""
    number = compact(text)
    if not re.fullmatch(r"NL\d{9}B\d{2}", number) or number.endswith("B00"):
        return False
    return valid_rsin(number[2:11]) or int("".join(str(int(sign, 36)) for sign in number)) % 97 == 1


def compact(text: str) -> str:
    """The number without spaces and points, in capitals."""
    return re.sub(r"[\s.]", "", text).upper()


def grouped_iban(text: str) -> str:
    """An IBAN as people read it, in groups of four."""
    iban = compact(text)
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
