"""What do an address and a person prove on a given day?"""

from datetime import date

import sqlalchemy as sa

from eventapp.domain.addresses import is_free_mail, mail_domain
from eventapp.domain.pricing import Proof, Relation, organisation_proof, status_proof
from eventapp.extensions import db
from eventapp.models import Organisation, OrganisationDomain, PersonStatus


def organisation_of(address: str) -> Organisation | None:
    """The organisation to which the mail domain of this address belongs; free mail belongs to nobody."""
    domain = mail_domain(address)
    if not domain or is_free_mail(domain):
        return None
    return db.session.scalar(
        sa.select(Organisation).join(OrganisationDomain).where(OrganisationDomain.domain == domain)
    )


def proofs_by_domain(address: str, *, on: date) -> list[Proof]:
    """What the mail domain proves, once the address itself is proven."""
    organisation = organisation_of(address)
    if organisation is None:
        return []
    proof = organisation_proof(organisation.facts(), via="domain", detail=mail_domain(address), on=on)
    return [proof] if proof else []


def proofs_by_status(person_id: int, *, on: date) -> list[Proof]:
    """What somebody's own statuses prove, once their address is proven; a colleague at that address has none."""
    statuses = db.session.scalars(sa.select(PersonStatus).where(PersonStatus.person_id == person_id))
    proofs = (status_proof(status.category, status.period, on=on) for status in statuses)
    return [proof for proof in proofs if proof]


def member_domains() -> list[str]:
    """The mail domains of members, to recognise a slip of the finger."""
    return list(
        db.session.scalars(
            sa.select(OrganisationDomain.domain).join(Organisation).where(Organisation.relation == Relation.LID)
        )
    )
