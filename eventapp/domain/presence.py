"""Who was there, and how does somebody stand who was not? One status for each person at each meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eventapp.domain.tokens import digest


class PresenceStatus(StrEnum):
    """`VERWACHT` is for before and during; the others say how it ended."""

    VERWACHT = "verwacht"
    AANWEZIG = "aanwezig"
    ONLINE = "online"
    GAST = "gast"
    WAARNEMEND = "waarnemend"
    MET_BERICHT = "afwezig_met_bericht"
    OP_DE_DAG = "afgemeld_op_de_dag"
    AFWEZIG = "afwezig"


WAS_THERE = frozenset({PresenceStatus.AANWEZIG, PresenceStatus.ONLINE, PresenceStatus.GAST, PresenceStatus.WAARNEMEND})
# Told beforehand, if only that morning: shown apart from those who simply stayed away.
EXCUSED = frozenset({PresenceStatus.MET_BERICHT, PresenceStatus.OP_DE_DAG})
# What somebody may say of a person by hand, in the order of the keys on the page.
SETTABLE = tuple(status for status in PresenceStatus if status != PresenceStatus.VERWACHT)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of somebody at one meeting, or at one breakout of it.

    `expected`: has a place, and chose the breakout. `at_door`: a door let them in, so they were on the spot.
    `by_video`: joins by video. `told`: a member of a circle who said beforehand to stay away. `promised`: said yes,
    which whoever registered by themselves did. `corrected` is what somebody said of them by hand.
    """

    came: bool = False
    at_door: bool = False
    by_video: bool = False
    expected: bool = True
    on_the_day: bool = False
    told: bool = False
    guest: bool = False
    observer: bool = False
    promised: bool = True
    corrected: PresenceStatus | None = None


def status_of(seen: Seen, *, over: bool) -> PresenceStatus | None:
    """The status; None for who does not belong on the list, such as somebody who withdrew in time.

    What was said by hand goes before everything, and having been there before everything else: also who had withdrawn,
    and came, was there.
    """
    if seen.corrected:
        return seen.corrected
    if seen.came:
        return _there(seen)
    if seen.expected:
        return PresenceStatus.AFWEZIG if over else PresenceStatus.VERWACHT
    if seen.on_the_day:
        return PresenceStatus.OP_DE_DAG
    return PresenceStatus.MET_BERICHT if seen.told else None


def _there(seen: Seen) -> PresenceStatus:
    if seen.observer:
        return PresenceStatus.WAARNEMEND
    if seen.guest:
        return PresenceStatus.GAST
    return PresenceStatus.ONLINE if seen.by_video and not seen.at_door else PresenceStatus.AANWEZIG


def is_no_show(status: PresenceStatus | None, *, promised: bool) -> bool:
    """Whether somebody said yes and stayed away without a word; a member who never answered did not promise."""
    return status == PresenceStatus.AFWEZIG and promised


def counted(statuses: Iterable[PresenceStatus | None]) -> dict[PresenceStatus, int]:
    """How many of each, in the order of the statuses; those of which there is none are left out."""
    found = list(statuses)
    return {status: found.count(status) for status in PresenceStatus if status in found}


def fingerprint(statuses: Mapping[int, PresenceStatus | None]) -> str:
    """Differs as soon as anybody's status does: what was read on a page is what is fixed, or nothing is."""
    return digest(repr(sorted((key, status.value) for key, status in statuses.items() if status)))
