"""What does a phone report, and which ticket does it mean?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from eventapp.domain.admission import Action, Result
from eventapp.domain.tickets import code_digest, normalise_code
from eventapp.queries.door import FoundTicket, ticket_by_digest, ticket_by_id, tickets_by_digest, tickets_by_id


class Newcomer(NamedTuple):
    """Who came instead of whose ticket it was; the address is normalised."""

    given_name: str
    infix: str
    family_name: str
    address: str


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a phone says happened. A ticket is named by its code or by its id, an undo by the scan it takes back.

    `seen_as` is what the phone's list called a ticket that we cannot find; a swap names the `newcomer`.
    """

    scan_id: str
    event_id: int
    action: Action
    scanned_at: datetime
    code: str | None = None
    ticket_id: int | None = None
    seen_as: str = ""
    session: str = ""
    undoes: str | None = None
    seq: int | None = None
    list_version: str = ""
    shown: Result | None = None
    newcomer: Newcomer | None = None


class Tickets(NamedTuple):
    """The tickets that some reports are about, looked up all at once."""

    by_digest: Mapping[str, FoundTicket]
    by_id: Mapping[int, FoundTicket]

    @classmethod
    def of_one(cls, report: ScanReport) -> "Tickets":
        if report.ticket_id is not None:
            found = ticket_by_id(report.ticket_id)
            return cls({}, {report.ticket_id: found} if found else {})
        digest = digest_of(report)
        found = ticket_by_digest(digest) if digest else None
        return cls({digest: found} if found else {}, {})

    @classmethod
    def of_many(cls, reports: Sequence[ScanReport]) -> "Tickets":
        digests = {digest for report in reports if (digest := digest_of(report))}
        ids = {report.ticket_id for report in reports if report.ticket_id is not None}
        return cls(tickets_by_digest(digests), tickets_by_id(ids))

    def registration_ids(self) -> set[int]:
        """Whom they belong to."""
        return {ticket.registration_id for ticket in (*self.by_digest.values(), *self.by_id.values())}

    def named_by(self, report: ScanReport) -> FoundTicket | None:
        """The ticket that this report is about."""
        if report.ticket_id is not None:
            return self.by_id.get(report.ticket_id)
        return self.by_digest.get(digest_of(report))


def digest_of(report: ScanReport) -> str:
    """The digest of the code, '' when there is none that could be ours."""
    code = normalise_code(report.code or "")
    return code_digest(code) if code else ""
