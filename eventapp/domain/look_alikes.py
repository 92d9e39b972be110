"""Is a mail domain made to look like one that we know? Close to a right, it gives none; the office is told in time."""

from collections.abc import Iterable, Sequence

from eventapp.domain.addresses import likely_typo, mail_domain
from eventapp.domain.names import fold


def look_alike(domain: str, known: Iterable[str]) -> str | None:
    """Which known domain this one may be taken for: a slip away, above or below it, or with accents.

    `domain` is as it is compared, and not itself among the known ones. Free mail is known to everybody.
    """
    others: Sequence[str] = sorted(known)
    # To compare all of them letter by letter takes long; of two that are a slip apart, one half is the same.
    meant = likely_typo(f"x@{domain}", (one for one in others if _alike(one, domain)))
    if meant:
        return mail_domain(meant)
    shown = _without_accents(domain)
    return next((one for one in others if shown == one or _holds(domain, one)), None)


def _alike(known: str, domain: str) -> bool:
    half = min(len(known), len(domain)) // 2 - 1
    return known[:half] == domain[:half] or known[-half:] == domain[-half:]


def _without_accents(domain: str) -> str:
    try:
        return fold(domain.encode("ascii").decode("idna"))
    except UnicodeError:
        return domain


def _holds(domain: str, known: str) -> bool:
    """The known domain with a piece before or behind it."""
    return domain.startswith(f"{known}.") or domain.endswith(f".{known}")
