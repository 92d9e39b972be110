"""What do an address and a person prove on a given day?"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.addresses import is_free_mail, mail_domain
from eventapp.domain.pricing import Category, Proof, Relation, organisation_proof, status_proof
from eventapp.extensions import db
from eventapp.models import Membership, Organisation, OrganisationDomain, OrganisationPerson, PersonStatus
from eventapp.queries.identities import organisation_of_tenant


def organisation_of(address: str) -> Organisation | None:
    """The organisation to which the mail domain of this address belongs; free mail belongs to nobody."""
    domain = mail_domain(address)
    if not domain or is_free_mail(domain):
        return None
    return db.session.scalar(
        sa.select(Organisation).join(OrganisationDomain).where(OrganisationDomain.domain == domain)
    )


def proofs_by_domain(address: str, *, on: date) -> list[Proof]:
    """What the mail domain proves, once the address itself is proven; for a known non-member that is niet-lid."""
    organisation = organisation_of(address)
    if organisation is None:
        return []
    return [organisation_proof(organisation.facts(), via="domain", detail=mail_domain(address), on=on)]


def proofs_by_status(person_id: int, *, on: date) -> list[Proof]:
    """What somebody's own statuses prove, once their address is proven; a colleague at that address has none."""
    statuses = db.session.scalars(sa.select(PersonStatus).where(PersonStatus.person_id == person_id))
    proofs = (status_proof(status.category, status.period, on=on) for status in statuses)
    return [proof for proof in proofs if proof]


def proofs_by_naming(person_id: int, *, on: date) -> list[Proof]:
    """What it proves that an organisation named this person, once their address is proven; of no one else there.

    Nothing on a day on which that organisation is no member or partner.
    """
    namings = db.session.scalars(
        sa.select(OrganisationPerson)
        .where(OrganisationPerson.person_id == person_id)
        .options(joinedload(OrganisationPerson.organisation).selectinload(Organisation.memberships))
        .order_by(OrganisationPerson.id)
    )
    proofs = (
        organisation_proof(naming.organisation.facts(), via="named", detail=naming.named_by, on=on)
        for naming in namings
        if naming.period.covers(on)
    )
    return [proof for proof in proofs if proof and proof.category != Category.NIET_LID]


def proofs_by_tenant(tenant_id: str, *, on: date) -> list[Proof]:
    """What a session opened with an account of this Microsoft tenant proves, whatever the mail domain says."""
    organisation = organisation_of_tenant(tenant_id)
    if organisation is None:
        return []
    return [organisation_proof(organisation.facts(), via="tenant", detail="", on=on)]


def member_domains() -> list[str]:
    """The mail domains of who is, was or becomes a member, to recognise a slip of the finger."""
    members = sa.select(Membership.organisation_id).where(Membership.relation == Relation.LID)
    return list(
        db.session.scalars(sa.select(OrganisationDomain.domain).where(OrganisationDomain.organisation_id.in_(members)))
    )
