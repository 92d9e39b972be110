"""Which of the people we expect is this name on somebody else's list? Surely, perhaps, or nobody we know."""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.names import fold

# More than this is no help to who has to choose.
_MOST = 8


class Match(StrEnum):
    SURE = "sure"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


class Expected(NamedTuple):
    """Somebody who may be meant; `addresses` in lower case."""

    registration_id: int
    name: str
    addresses: frozenset[str]


class Matched(NamedTuple):
    """`candidates` in the order in which they are likely; exactly one when it is sure, none when nobody is known."""

    match: Match
    candidates: tuple[int, ...] = ()


def match(name: str, address: str, people: Sequence[Expected]) -> Matched:
    """By address first; colleagues who share one are told apart by their name. Without, by a whole name that one has.

    A name that is only partly the same, and a first name alone, are never sure.
    """
    words = _words(name)
    at_address = [one for one in people if address and address in one.addresses]
    if len(at_address) == 1:
        return _sure(at_address[0])
    same = [one for one in at_address or people if words and _words(one.name) == words]
    if len(same) == 1 and (len(words) > 1 or at_address):
        return _sure(same[0])
    likely = same or at_address or _alike(words, people)
    if not likely:
        return Matched(Match.UNKNOWN)
    return Matched(Match.UNSURE, tuple(one.registration_id for one in likely[:_MOST]))


def _sure(one: Expected) -> Matched:
    return Matched(Match.SURE, (one.registration_id,))


def _alike(words: Collection[str], people: Iterable[Expected]) -> list[Expected]:
    """Who has every word of the shorter name, or shares one of them and an initial."""
    return [one for one in people if words and _resembles(words, _words(one.name))]


def _resembles(words: Collection[str], other: Collection[str]) -> bool:
    ours, theirs = set(words), set(other)
    if not theirs:
        return False
    shared = {word for word in ours & theirs if len(word) > 2}
    if shared and (ours <= theirs or theirs <= ours):
        return True
    return bool(shared) and any(
        one[0] == two[0] for one in ours - shared for two in theirs - shared if min(len(one), len(two)) == 1
    )


def _words(name: str) -> frozenset[str]:
    """The words of a name, whatever their order: "Jansen, Piet" is Piet Jansen; what stands after a bar is no name."""
    plain = "".join(char if char.isalnum() else " " for char in fold(name.split("|")[0]))
    return frozenset(plain.split())
