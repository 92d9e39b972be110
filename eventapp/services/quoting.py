"""What would somebody pay, by their address alone? Said before anything is written."""

from dataclasses import dataclass
from datetime import date, datetime

from eventapp.domain.errors import NotAdmitted
from eventapp.domain.people import STATUSES
from eventapp.domain.pricing import Category, Entitlement, PriceLine, Proof, decide, line_for, more_than_niet_lid
from eventapp.models import Event
from eventapp.queries.association import load_association
from eventapp.queries.identities import organisation_of_tenant
from eventapp.queries.membership import organisation_of, proofs_by_domain, proofs_by_tenant


@dataclass(frozen=True)
class Quote:
    """What the form says before somebody commits; decided on the mail domain and the tenant one signed in from,
    never on who the address is.

    `entitlement` is None when the event admits nobody on these grounds.
    """

    organisation_name: str
    entitlement: Entitlement | None
    outsider: Entitlement | None
    may_claim: bool
    may_have_status: bool


# What rests on who somebody is: a status, or having been named by a member or partner.
_PERSONAL = (*STATUSES, Category.LID, Category.KERNPARTNER, Category.STEUNPARTNER)


def day_that_counts(event: Event, *, booked_at: datetime) -> date:
    """The day on which a membership or status must count for whoever books this event at that moment."""
    return load_association().membership_day(starts_at=event.starts_at, booked_at=booked_at)


def quote(event: Event, address: str, *, now: datetime, tenant: str = "") -> Quote:
    """What this address gives at this event, and which other grounds the visitor may name.

    `tenant` is that of the account with which the visitor is signed in at this very address.
    """
    lines, on = event.price_lines, day_that_counts(event, booked_at=now)
    proofs = [*proofs_by_domain(address, on=on), *proofs_by_tenant(tenant, on=on)]
    organisation = organisation_of_tenant(tenant) or organisation_of(address)
    admitted = {line.category for line in lines if line.admits}
    claimable = line_for(lines, Category.LID, None)
    recognised = more_than_niet_lid(proofs)
    return Quote(
        organisation_name=organisation.name if organisation else "",
        entitlement=_decide_or_none(lines, proofs),
        outsider=_decide_or_none(lines, []),
        may_claim=not recognised and claimable is not None and claimable.admits,
        may_have_status=not recognised and bool(admitted.intersection(_PERSONAL)),
    )


def _decide_or_none(lines: list[PriceLine], proofs: list[Proof]) -> Entitlement | None:
    try:
        return decide(lines, proofs)
    except NotAdmitted:
        return None
