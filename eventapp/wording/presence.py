"""The Dutch words of presence and of certificates of attendance."""

from collections.abc import Mapping

from eventapp import formatting
from eventapp.domain.cancellation import Ending
from eventapp.domain.certificates import Verdict
from eventapp.domain.presence import PresenceStatus
from eventapp.wording.kinds import ENDINGS

PRESENCE = {
    PresenceStatus.VERWACHT: "Verwacht",
    PresenceStatus.AANWEZIG: "Aanwezig",
    PresenceStatus.ONLINE: "Online",
    PresenceStatus.GAST: "Gast",
    PresenceStatus.WAARNEMEND: "Waarnemend",
    PresenceStatus.MET_BERICHT: "Afwezig met bericht",
    PresenceStatus.OP_DE_DAG: ENDINGS[Ending.ON_THE_DAY],
    PresenceStatus.AFWEZIG: "Afwezig",
}
# The key that sets it on the page, and the letter in the matrix.
PRESENCE_KEYS = {
    "A": PresenceStatus.AANWEZIG,
    "O": PresenceStatus.ONLINE,
    "G": PresenceStatus.GAST,
    "W": PresenceStatus.WAARNEMEND,
    "B": PresenceStatus.MET_BERICHT,
    "D": PresenceStatus.OP_DE_DAG,
    "X": PresenceStatus.AFWEZIG,
}
VERDICTS = {
    Verdict.VALID: "Dit bewijs is echt",
    Verdict.REVOKED: "Dit bewijs is ingetrokken",
    Verdict.UNDER_REVIEW: "Dit bewijs wordt nagekeken",
    Verdict.FORGOTTEN: "Dit bewijs is te oud om na te kijken",
}


def presence_counts(counts: Mapping[PresenceStatus, int]) -> str:
    """For example "182 aanwezig, 12 online en 5 afwezig met bericht"; "niemand" of nobody."""
    parts = [f"{number} {PRESENCE[status].lower()}" for status, number in counts.items()]
    return formatting.listed(parts) or "niemand"
