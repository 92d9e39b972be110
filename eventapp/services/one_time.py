"""Links that work once: the mail carries the token, the database its digest."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.errors import ExpiredLink, UnknownLink, UsedLink
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import OneTimeLink


def make(purpose: str, *, subject_id: int | None, address: str = "", expires_at: datetime, now: datetime) -> str:
    """A fresh token for this purpose."""
    token = new_token()
    db.session.add(
        OneTimeLink(
            token_digest=digest(token),
            purpose=purpose,
            subject_id=subject_id,
            address=address,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def revoke(purpose: str, subject_id: int, *, now: datetime, address: str | None = None) -> None:
    """No link made so far for this purpose and subject works any more; who opens one sees that it has expired.

    With an address only the links that went there.
    """
    which = [OneTimeLink.purpose == purpose, OneTimeLink.subject_id == subject_id, OneTimeLink.used_at.is_(None)]
    if address is not None:
        which.append(OneTimeLink.address == address)
    db.session.execute(sa.update(OneTimeLink).where(*which).values(expires_at=now))


def look(token: str, purpose: str, *, now: datetime, used_is_fine: bool = False) -> OneTimeLink:
    """The link behind a token. Refuses with UnknownLink, UsedLink or ExpiredLink."""
    link: OneTimeLink | None = db.session.scalar(
        sa.select(OneTimeLink).where(OneTimeLink.token_digest == digest(token), OneTimeLink.purpose == purpose)
    )
    if link is None:
        raise UnknownLink()
    if link.used_at is not None and not used_is_fine:
        raise UsedLink(subject_id=link.subject_id)
    if link.used_at is None and link.expires_at <= now:
        raise ExpiredLink(subject_id=link.subject_id)
    return link


def use(token: str, purpose: str, *, now: datetime) -> OneTimeLink:
    """Use the link up; of two at once only one gets through. Refuses as `look` does."""
    return use_link(look(token, purpose, now=now), now=now)


def use_link(link: OneTimeLink, *, now: datetime) -> OneTimeLink:
    """Use up a link that was looked at just before. Refuses with UsedLink."""
    claimed = db.session.scalar(
        sa.update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
        .returning(OneTimeLink.id)
    )
    if claimed is None:
        raise UsedLink(subject_id=link.subject_id)
    return link
