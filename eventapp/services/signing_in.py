"""How does somebody sign in? With a link in the mail that works once, which leaves a session row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotAllowed, NotFound, TooManyRequests
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import OneTimeLink, UserSession
from eventapp.queries.access import staff_actor
from eventapp.queries.member import is_known
from eventapp.services import one_time
from eventapp.services.audit import note
from eventapp.transaction import transaction

PURPOSE = "sign_in"
LINK_LIVES = timedelta(minutes=60)
STAFF_SESSION_LIVES = timedelta(hours=12)
MEMBER_SESSION_LIVES = timedelta(days=30)
COUNTED_OVER = timedelta(hours=1)
MOST_PER_ADDRESS = 5
MOST_PER_VISITOR = 20


@dataclass(frozen=True)
class SignedIn:
    """The secret of the new session, and who it is: a member of staff, or a person at the address that is its name."""

    session_token: str
    actor: Actor

    @property
    def staff(self) -> bool:
        return self.actor.kind == "staff"


def request_link(address: str, *, visitor_key: str, next_path: str = "", now: datetime) -> None:
    """Mail a link to this address when staff or a person we know has it.

    A stranger's address gets a mail without one: the work and the answer are the same.
    `next_path` is where to go afterwards, a local path. Refuses with TooManyRequests after five for an address or
    twenty from a visitor within the hour.
    """
    with transaction():
        _check_not_too_many(address, visitor_key, now)
        token = _new_link(address, visitor_key, now)
        # Both are asked for whatever the address is, so that the time it takes tells nothing.
        actor, known = staff_actor(address, now=now), is_known(address)
        write(
            "sign_in" if actor or known else "sign_in_unknown",
            Recipient(address, actor.name if actor else ""),
            purpose=f"sign_in-{digest(token)}",
            now=now,
            member=actor is None,
            token=token,
            until=now + LINK_LIVES,
            next_path=next_path,
        )


def make_link(address: str, *, now: datetime) -> str:
    """The secret of a link for a member of staff, to be handed over by hand. Refuses with NotFound."""
    with transaction():
        if staff_actor(address, now=now) is None:
            raise NotFound()
        return _new_link(address, "", now)


def check_link(token: str, *, now: datetime) -> timedelta:
    """How long somebody stays signed in with this link; uses nothing up.

    Refuses with UnknownLink, UsedLink or ExpiredLink what would not sign anybody in.
    """
    address = one_time.look(token, PURPOSE, now=now).address
    return STAFF_SESSION_LIVES if staff_actor(address, now=now) else MEMBER_SESSION_LIVES


def sign_in(token: str, *, now: datetime) -> SignedIn:
    """Use the link up and open a session: twelve hours for staff, thirty days for everybody else.

    Refuses with UnknownLink, UsedLink or ExpiredLink, and with NotAllowed when the account ended meanwhile and no
    person has the address either.
    """
    with transaction() as session:
        address = one_time.use(token, PURPOSE, now=now).address
        staff = staff_actor(address, now=now)
        if staff is None and not is_known(address):
            raise NotAllowed()
        actor = staff or Actor("person", address)
        lives = STAFF_SESSION_LIVES if staff else MEMBER_SESSION_LIVES
        secret = new_token()
        opened = UserSession(token_digest=digest(secret), address=address, created_at=now, expires_at=now + lives)
        session.add(opened)
        session.flush()
        note("signed_in", "staff" if staff else "session", staff.id if staff else opened.id, by=actor, now=now)
        return SignedIn(secret, actor)


def sign_out(session_token: str, *, now: datetime) -> None:
    """End the session; ending it twice changes nothing."""
    with transaction() as session:
        live = sa.update(UserSession).where(
            UserSession.token_digest == digest(session_token), UserSession.revoked_at.is_(None)
        )
        session.execute(live.values(revoked_at=now).execution_options(synchronize_session=False))


def sign_out_everywhere(address: str, *, now: datetime) -> int:
    """End every session of this address, in whatever browser; answers how many were live."""
    with transaction() as session:
        live = sa.update(UserSession).where(
            UserSession.address == address, UserSession.revoked_at.is_(None), UserSession.expires_at > now
        )
        ended: Any = session.execute(live.values(revoked_at=now).execution_options(synchronize_session=False))
        note("signed_out_everywhere", "session", None, by=Actor("person", address), now=now, sessions=ended.rowcount)
        return int(ended.rowcount)


def _check_not_too_many(address: str, visitor_key: str, now: datetime) -> None:
    if _recent(OneTimeLink.address == address, now) >= MOST_PER_ADDRESS:
        raise TooManyRequests()
    if visitor_key and _recent(OneTimeLink.visitor_key == visitor_key, now) >= MOST_PER_VISITOR:
        raise TooManyRequests()


def _recent(whose: sa.ColumnElement[bool], now: datetime) -> int:
    """How many links were asked for within the hour."""
    asked = sa.select(sa.func.count(OneTimeLink.id)).where(
        OneTimeLink.purpose == PURPOSE, OneTimeLink.created_at > now - COUNTED_OVER, whose
    )
    return db.session.scalar(asked) or 0


def _new_link(address: str, visitor_key: str, now: datetime) -> str:
    token = new_token()
    db.session.add(
        OneTimeLink(
            token_digest=digest(token),
            purpose=PURPOSE,
            address=address,
            visitor_key=visitor_key,
            created_at=now,
            expires_at=now + LINK_LIVES,
        )
    )
    return token
