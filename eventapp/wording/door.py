"""What the office reads about the phones at the door."""

from collections.abc import Collection, Sequence

from eventapp.domain.actors import Scope
from eventapp.domain.rehearsal import Check

__all__ = ["REHEARSAL_FAILURES", "device_may", "rehearsal_words"]

REHEARSAL_FAILURES = {
    Check.STORAGE: "kan niets bewaren",
    Check.ROSTER: "heeft geen lijst",
    Check.OFFLINE: "werkt niet zonder internet",
    Check.CAMERA: "heeft geen camera: kan niet scannen",
    Check.DECODER: "leest geen QR-codes: kan niet scannen",
    Check.SOUND: "geeft geen geluid",
}


def device_may(scopes: Collection[str]) -> str:
    """What a phone at the door may do."""
    more = ", en binnenlaten zonder aanmelding" if Scope.WALK_INS in scopes else ""
    if Scope.NAMES in scopes:
        return f"balie: scannen, en op naam zoeken ook zonder internet{more}"
    return f"scannen en op naam zoeken{more}" if Scope.SEARCH in scopes else "scannen"


def rehearsal_words(failed: Sequence[Check]) -> str:
    """What a phone cannot do, or that it can do everything."""
    return ", ".join(REHEARSAL_FAILURES[check] for check in failed) if failed else "alles werkt"
