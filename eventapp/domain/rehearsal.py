"""What did a phone prove before the doors opened, and what can it not do?"""

from collections.abc import Iterable
from enum import StrEnum


class Check(StrEnum):
    """What a rehearsal tries on the phone itself, in this order."""

    STORAGE = "storage"
    ROSTER = "roster"
    OFFLINE = "offline"
    CAMERA = "camera"
    DECODER = "decoder"
    SOUND = "sound"


def read_failed(text: str) -> list[Check]:
    """What failed, as it is kept: words with a space between; a word of a newer phone is left out."""
    said = set(text.split())
    return [check for check in Check if check.value in said]


def write_failed(failed: Iterable[Check]) -> str:
    """The same as text; '' when all went well."""
    known = set(failed)
    return " ".join(check.value for check in Check if check in known)
