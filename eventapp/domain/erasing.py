"""Somebody asks to be forgotten: what has to be settled first, and by what do we know them when they come by again?"""

import hashlib
import hmac
from enum import StrEnum
from typing import NamedTuple


class Blocker(StrEnum):
    """Why somebody cannot be forgotten yet: as long as this is so, we need to know who they are."""

    COMING = "coming"
    CIRCLE = "circle"
    MONEY = "money"
    STAFF = "staff"
    OTHER_MAILBOX = "other_mailbox"


class Standing(NamedTuple):
    """One thing that stands in the way; `title` names it.

    `token` opens where the person settles it and `row` says where the office does: the number of a registration, or the
    slug of a circle. '' is nowhere.
    """

    why: Blocker
    title: str = ""
    token: str = ""
    row: str = ""


class Kept(NamedTuple):
    """What the law keeps: how many invoices, and the last year of the latest of their terms."""

    invoices: int = 0
    until_year: int = 0


def mark_of(key: bytes, address: str, name_key: str) -> str:
    """What is kept of who was forgotten: nobody makes or checks it without the key, not even with all addresses."""
    return hmac.new(key, f"{address}\n{name_key}".encode(), hashlib.sha256).hexdigest()
