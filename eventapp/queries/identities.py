"""Which accounts elsewhere are tied to an address, and of which organisation is a tenant?"""

from collections.abc import Sequence

import sqlalchemy as sa

from eventapp.domain.accounts import Account
from eventapp.extensions import db
from eventapp.models import ExternalIdentity, Organisation, OrganisationTenant


def identity_of(account: Account) -> ExternalIdentity | None:
    """The row of this account, found by what never changes of it."""
    return db.session.scalar(
        sa.select(ExternalIdentity).where(
            ExternalIdentity.issuer == account.issuer, ExternalIdentity.subject == account.subject
        )
    )


def address_of(account: Account) -> str:
    """With which address this account would sign in: the one it is tied to, else the one it claims, '' without one."""
    identity = identity_of(account)
    return identity.address if identity else account.address


def organisation_of_tenant(tenant_id: str) -> Organisation | None:
    """The organisation to which the office gave this Microsoft tenant."""
    if not tenant_id:
        return None
    return db.session.scalar(
        sa.select(Organisation).join(OrganisationTenant).where(OrganisationTenant.tenant_id == tenant_id)
    )


def identities_at(address: str) -> Sequence[tuple[ExternalIdentity, str]]:
    """The accounts that sign in with this address, the first tied first, each with the name of its organisation."""
    found = db.session.execute(
        sa.select(ExternalIdentity, sa.func.coalesce(Organisation.name, ""))
        .outerjoin(OrganisationTenant, OrganisationTenant.tenant_id == ExternalIdentity.tenant_id)
        .outerjoin(Organisation, Organisation.id == OrganisationTenant.organisation_id)
        .where(ExternalIdentity.address == address)
        .order_by(ExternalIdentity.id)
    )
    return [(identity, name) for identity, name in found]
