"""Who wants no announcements? Kept by a digest of the address, so that a no outlives the address."""

from collections.abc import Iterable

import sqlalchemy as sa

from eventapp.domain.events import Field
from eventapp.domain.mailings import Wishes
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import MailPreference


def refusals(topic: Field) -> frozenset[str]:
    """Digests of the addresses where announcements about this are not wanted."""
    rows = db.session.execute(
        sa.select(MailPreference.address_digest, MailPreference.off).where(MailPreference.off != "")
    )
    return frozenset(address for address, off in rows if not Wishes.read(off).wants(topic))


def refuses(addresses: Iterable[str], topic: Field) -> bool:
    """Whether at one of these addresses of one person announcements about this are not wanted."""
    digests = [digest(address) for address in addresses]
    kept = db.session.scalars(sa.select(MailPreference).where(MailPreference.address_digest.in_(digests)))
    return any(not row.wishes.wants(topic) for row in kept)


def preference_by_token(token: str) -> MailPreference | None:
    return db.session.scalar(sa.select(MailPreference).where(MailPreference.token == token))


def preference_of(address: str) -> MailPreference | None:
    """What whoever reads this mailbox said, or could say by the link they were sent."""
    return db.session.get(MailPreference, digest(address))
