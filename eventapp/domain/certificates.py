"""What does a certificate of attendance say, for how many hours, and does it still hold?"""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from eventapp.domain.presence import WAS_THERE, PresenceStatus
from eventapp.domain.tickets import ALPHABET
from eventapp.domain.times import local_date

_LENGTH = 12
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SHAPE = re.compile(f"[{ALPHABET}]{{{_LENGTH}}}")
MOST_MINUTES = 100 * 60


class Verdict(StrEnum):
    """What the public page answers."""

    VALID = "valid"
    REVOKED = "revoked"
    UNDER_REVIEW = "under_review"
    FORGOTTEN = "forgotten"


def verdict(*, revoked: bool, forgotten: bool, meetings: int, presences: Iterable[PresenceStatus | None]) -> Verdict:
    """`meetings` is on how many it rests, `presences` what is fixed of them now.

    It holds as long as presence at every one of them is fixed: taking that back, or correcting it, needs no second act.
    """
    if revoked:
        return Verdict.REVOKED
    if forgotten:
        return Verdict.FORGOTTEN
    there = sum(status in WAS_THERE for status in presences)
    return Verdict.VALID if meetings and there == meetings else Verdict.UNDER_REVIEW


def new_code() -> str:
    """A fresh code: 60 random bits as twelve characters, upper case."""
    bits = secrets.randbits(5 * _LENGTH)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(_LENGTH))


def normalise_code(typed: str) -> str | None:
    """The code as somebody copied it, forgiving case, spaces, dashes, O/0 and I/L/1; None when it is none."""
    if len(typed) > 4 * _LENGTH:
        return None
    code = re.sub(r"[\s\-.]", "", typed).upper().translate(_FORGIVEN)
    return code if _SHAPE.fullmatch(code) else None


def readable(code: str) -> str:
    """A code in three groups of four, as it stands on paper."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def contact_minutes(starts_at: datetime, ends_at: datetime, set_minutes: int | None) -> int:
    """How long it lasted for who was there: what the office says, else from begin to end of a single day.

    0 is unknown: of several days somebody has to say how many hours they were.
    """
    if set_minutes is not None:
        return set_minutes
    return int((ends_at - starts_at).total_seconds() // 60) if local_date(starts_at) == local_date(ends_at) else 0


def abbreviated(given_name: str, infix: str, family_name: str) -> tuple[str, str, str]:
    """The parts of a name for who checks a certificate: the first letter of the given name, the rest whole."""
    return (f"{given_name[0]}." if given_name and family_name else given_name), infix, family_name
