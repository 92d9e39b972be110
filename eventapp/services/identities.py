"""Which account elsewhere signs in with which address? Tied once after a proof, recognised by its own id ever after."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.accounts import Account, vouches
from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.extensions import db
from eventapp.models import ExternalIdentity, UserSession
from eventapp.queries.identities import identity_of, organisation_of_tenant
from eventapp.queries.membership import organisation_of
from eventapp.services.audit import note
from eventapp.transaction import transaction


def recognise(account: Account, *, now: datetime) -> ExternalIdentity | None:
    """The identity of this account: known already, or tied now because the tenant vouches for its address.

    Within the caller's transaction. None when the address must be proven by mail first.
    """
    identity = identity_of(account)
    if identity is None and _vouched(account):
        identity = tie(account, now=now, how="tenant")
    if identity is not None:
        # The same account may become a guest elsewhere's, or come home.
        identity.tenant_id, identity.last_seen_at = account.tenant, now
    return identity


def tie(account: Account, *, now: datetime, how: str) -> ExternalIdentity:
    """Let this account sign in with its address from now on. Twice, also at once, is once."""
    if found := identity_of(account):
        return found
    identity = ExternalIdentity(
        issuer=account.issuer,
        subject=account.subject,
        tenant_id=account.tenant,
        address=account.address,
        created_at=now,
        last_seen_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(identity)
    except IntegrityError:
        found = identity_of(account)
        assert found is not None
        return found
    by = Actor("person", account.address)
    note("identity_tied", "identity", identity.id, by=by, now=now, how=how, tenant=account.tenant)
    return identity


def untie(identity_id: int, *, address: str, now: datetime) -> None:
    """The account signs in with this address no more; sessions that it opened end. NotFound for another's."""
    with transaction() as session:
        identity = session.get(ExternalIdentity, identity_id)
        if identity is None or identity.address != address:
            raise NotFound()
        opened = sa.update(UserSession).where(UserSession.identity_id == identity_id, UserSession.revoked_at.is_(None))
        session.execute(opened.values(revoked_at=now).execution_options(synchronize_session=False))
        session.delete(identity)
        note("identity_untied", "identity", identity_id, by=Actor("person", address), now=now)


def _vouched(account: Account) -> bool:
    if not account.address:
        return False
    tenant_of, domain_of = organisation_of_tenant(account.tenant), organisation_of(account.address)
    return vouches(tenant_of.id if tenant_of else None, domain_of.id if domain_of else None)
