"""Who is behind a session or a token?"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.times import local_date
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import ApiToken, StaffMember, UserSession


@dataclass(frozen=True)
class LiveSession:
    """Which address a browser proved, and when: a plain value that outlives the transaction it was read in."""

    id: int
    address: str
    created_at: datetime


def live_session(token: str, *, now: datetime) -> LiveSession | None:
    """The session with this secret, unless it was ended or its time is over."""
    found = db.session.execute(
        sa.select(UserSession.id, UserSession.address, UserSession.created_at).where(
            UserSession.token_digest == digest(token), UserSession.revoked_at.is_(None), UserSession.expires_at > now
        )
    ).one_or_none()
    return LiveSession(*found) if found else None


def address_of_session(token: str, *, now: datetime) -> str | None:
    """The address a live session proves."""
    found = live_session(token, now=now)
    return found.address if found else None


def staff_actor(address: str, *, now: datetime) -> Actor | None:
    """The member of staff with this address, as long as the account has not ended."""
    member = db.session.scalar(sa.select(StaffMember).where(StaffMember.address == address))
    if member is None or not member.active(local_date(now)):
        return None
    return Actor("staff", member.name or member.address, member.id, frozenset({member.role}))


def token_bearer(token: str, *, now: datetime) -> ApiToken | None:
    """The API token or door device that this secret belongs to, unless it was revoked or has expired."""
    found = db.session.scalar(sa.select(ApiToken).where(ApiToken.token_digest == digest(token)))
    if found is None or found.revoked_at is not None or (found.expires_at and found.expires_at <= now):
        return None
    return found
