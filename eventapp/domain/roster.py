"""What does a phone carry to scan without network? Rows to look a code up in, and a version that tells what changed.

A version is a digest of the whole list and, after a dot, a short digest of each of its 256 parts: the rows whose id
begins with that byte. It follows from the rows alone, so every process gives the same one and nothing has to be
remembered: whoever brings a version gets the parts that differ, and any other text gets the whole list.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.admission import Result, TicketFacts, standing_objection

PARTS = 256
_OF_PART = 3
_OF_WHOLE = 16


class RosterState(StrEnum):
    """What a ticket is worth at the door, before it is known on which day it is shown."""

    VALID = "valid"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    INSIDE = "inside"


_STATES = {
    Result.UNPAID: RosterState.UNPAID,
    Result.CANCELLED: RosterState.CANCELLED,
    Result.REPLACED: RosterState.REPLACED,
}


def door_id(event: str, code: str) -> str:
    """What a list calls a ticket, in hexadecimal: found with its code, never the other way round."""
    return hashlib.sha256(f"door-id|{event}|{code}".encode()).digest()[:16].hex()


def mail_mark(row_id: str, domain: str) -> str:
    """Three signs by which a phone recognises the mail domain of a colleague, and which name it to nobody.

    One domain in 262,144 looks like another: the server decides in the end.
    """
    return base64.urlsafe_b64encode(hashlib.sha256(f"door-mail|{row_id}|{domain}".encode()).digest()).decode()[:3]


def state_of(ticket: TicketFacts, *, inside: bool) -> RosterState:
    """The state a list shows. Inside says more than why a ticket would open no door any more."""
    if inside:
        return RosterState.INSIDE
    against = standing_objection(ticket)
    return _STATES[against] if against else RosterState.VALID


class Version(NamedTuple):
    """The version of a list: `whole` names it, `parts` holds the digest of each part."""

    whole: str
    parts: bytes

    def __str__(self) -> str:
        return f"{self.whole}.{base64.urlsafe_b64encode(self.parts).decode()}"

    def changed_since(self, known: "Version") -> frozenset[str]:
        """The parts that differ, each as the two digits with which the ids in it begin."""
        ours, theirs = _cut(self.parts), _cut(known.parts)
        return frozenset(f"{number:02x}" for number in range(PARTS) if ours[number] != theirs[number])


def version_of(facts: Iterable[tuple[str, object]]) -> Version:
    """The version of rows, given as id and everything that makes a row what it is."""
    parts = [hashlib.sha256() for _ in range(PARTS)]
    for row_id, said in sorted(facts, key=lambda row: row[0]):
        parts[int(row_id[:2], 16)].update(repr((row_id, said)).encode())
    digests = [part.digest() for part in parts]
    whole = hashlib.sha256(b"".join(digests)).hexdigest()[:_OF_WHOLE]
    return Version(whole, b"".join(digest[:_OF_PART] for digest in digests))


def read_version(text: str) -> Version | None:
    """The version that a phone brings back; None when it is none of ours."""
    whole, _, parts = text.partition(".")
    try:
        found = base64.b64decode(parts, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return Version(whole, found) if len(found) == PARTS * _OF_PART else None


def _cut(parts: bytes) -> list[bytes]:
    return [parts[start : start + _OF_PART] for start in range(0, len(parts), _OF_PART)]
