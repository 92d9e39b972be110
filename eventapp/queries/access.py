"""Who is behind a session?"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.times import local_date
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import ExternalIdentity, StaffMember, UserSession


@dataclass(frozen=True)
class LiveSession:
    """Which address a browser proved, and when: a plain value that outlives the transaction it was read in."""

    id: int
    address: str
    created_at: datetime
    # The account elsewhere it was opened with, if it was, and the Microsoft tenant in which that is at home, else ''.
    identity_id: int | None = None
    tenant: str = ""


def live_session(token: str, *, now: datetime) -> LiveSession | None:
    """The session with this secret, unless it was ended or its time is over."""
    found = db.session.execute(
        sa.select(
            UserSession.id,
            UserSession.address,
            UserSession.created_at,
            UserSession.identity_id,
            sa.func.coalesce(ExternalIdentity.tenant_id, ""),
        )
        .outerjoin(ExternalIdentity, ExternalIdentity.id == UserSession.identity_id)
        .where(
            UserSession.token_digest == digest(token), UserSession.revoked_at.is_(None), UserSession.expires_at > now
        )
    ).one_or_none()
    return LiveSession(*found) if found else None


def staff_actor(address: str, *, now: datetime) -> Actor | None:
    """The member of staff with this address, as long as the account has not ended."""
    member = db.session.scalar(sa.select(StaffMember).where(StaffMember.address == address))
    if member is None or not member.active(local_date(now)):
        return None
    return Actor("staff", member.name or member.address, member.id, frozenset({member.role}))
