"""How does somebody sign in? With a mailed link or its code, or with a tied account; each leaves a session row."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.accounts import Account
from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotAllowed, NotFound, TooManyRequests
from eventapp.domain.limits import LIMITS, Limit
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import ExternalIdentity, OneTimeLink, UserSession
from eventapp.queries.access import staff_actor
from eventapp.queries.member import is_known
from eventapp.services import identities, one_time, sign_in_codes
from eventapp.services.audit import note
from eventapp.transaction import transaction

PURPOSE = "sign_in"
LINK_LIVES = timedelta(minutes=60)
STAFF_SESSION_LIVES = timedelta(hours=12)
MEMBER_SESSION_LIVES = timedelta(days=30)


class SignedIn(NamedTuple):
    """The secret of the new session, and who it is: a member of staff, or a person at the address that is its name."""

    session_token: str
    actor: Actor

    @property
    def staff(self) -> bool:
        return self.actor.kind == "staff"


def request_link(address: str, *, visitor_key: str, next_path: str = "", now: datetime) -> str:
    """Mail a link and a code to this address when staff or a person we know has it.

    Answers a secret for the browser that asks: only together with it the code works. A stranger's address gets a mail
    without link and code: the work and the answer are the same. `next_path` is where to go afterwards, a local path.
    Refuses with TooManyRequests (domain/limits.py).
    """
    with transaction():
        _check_not_too_many(address, visitor_key, now)
        token, link = _new_link(address, visitor_key, now)
        secret, code = sign_in_codes.make(link)
        # Both are asked for whatever the address is, so that the time it takes tells nothing.
        actor, known = staff_actor(address, now=now), is_known(address)
        write(
            "sign_in" if actor or known else "sign_in_unknown",
            Recipient(address, actor.name if actor else ""),
            purpose=f"sign_in-{digest(token)}",
            now=now,
            member=actor is None,
            token=token,
            code=code,
            until=now + LINK_LIVES,
            useless_at=now + LINK_LIVES,
            next_path=next_path,
        )
        return secret


def make_link(address: str, *, now: datetime) -> str:
    """The secret of a link for a member of staff, to be handed over by hand. Refuses with NotFound."""
    with transaction():
        if staff_actor(address, now=now) is None:
            raise NotFound()
        return _new_link(address, "", now)[0]


def check_link(token: str, *, now: datetime) -> timedelta:
    """How long somebody stays signed in with this link; uses nothing up.

    Refuses with UnknownLink, UsedLink or ExpiredLink what would not sign anybody in.
    """
    address = one_time.look(token, PURPOSE, now=now).address
    return STAFF_SESSION_LIVES if staff_actor(address, now=now) else MEMBER_SESSION_LIVES


def sign_in(token: str, *, account: Account | None = None, now: datetime) -> SignedIn:
    """Use the link up and open a session: twelve hours for staff, thirty days for everybody else.

    `account` is one elsewhere that this same browser came back from: with its address proven here, it is tied to it.
    Refuses with UnknownLink, UsedLink or ExpiredLink, and with NotAllowed when the account ended meanwhile and no
    person has the address either.
    """
    with transaction():
        return _by_mail(one_time.use(token, PURPOSE, now=now), account, now)


def sign_in_with_code(secret: str, code: str, *, account: Account | None = None, now: datetime) -> SignedIn:
    """The same with the code of the mail, in the browser that keeps the secret of the request; uses the link up.

    Refuses also with WrongCode, and with CodeBlocked after five of those.
    """
    link_id = sign_in_codes.check(secret, code, now=now)
    with transaction() as session:
        return _by_mail(one_time.use_link(session.get_one(OneTimeLink, link_id), now=now), account, now)


def sign_in_with_account(account: Account, *, now: datetime) -> SignedIn | None:
    """Open a session at the address this account is tied to, or None: then its address must be proven by mail first.

    The first time, a member's own tenant may vouch for an address at that member's own mail domain.
    """
    with transaction():
        identity = identities.recognise(account, now=now)
        return _open(identity.address, identity, now) if identity else None


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
    if _beyond(LIMITS["sign_in_to_mailbox"], OneTimeLink.address == address, now):
        raise TooManyRequests()
    if visitor_key and _beyond(LIMITS["sign_in_by_visitor"], OneTimeLink.visitor_key == visitor_key, now):
        raise TooManyRequests()


def _beyond(limit: Limit, whose: sa.ColumnElement[bool], now: datetime) -> bool:
    """Whether as many links were asked for lately as may be."""
    asked = sa.select(sa.func.count(OneTimeLink.id)).where(
        OneTimeLink.purpose == PURPOSE, OneTimeLink.created_at > now - limit.over, whose
    )
    return (db.session.scalar(asked) or 0) >= limit.most


def _new_link(address: str, visitor_key: str, now: datetime) -> tuple[str, OneTimeLink]:
    token = new_token()
    link = OneTimeLink(
        token_digest=digest(token),
        purpose=PURPOSE,
        address=address,
        visitor_key=visitor_key,
        created_at=now,
        expires_at=now + LINK_LIVES,
    )
    db.session.add(link)
    return token, link


def _by_mail(link: OneTimeLink, account: Account | None, now: datetime) -> SignedIn:
    address = link.address
    if staff_actor(address, now=now) is None and not is_known(address):
        raise NotAllowed()
    identity = None
    if account is not None and account.address == address:
        identity = identities.tie(account, now=now, how="mail")
    return _open(address, identity if identity and identity.address == address else None, now)


def _open(address: str, identity: ExternalIdentity | None, now: datetime) -> SignedIn:
    """A fresh session: nothing of an earlier one lives on in it."""
    staff = staff_actor(address, now=now)
    actor = staff or Actor("person", address)
    secret = new_token()
    opened = UserSession(
        token_digest=digest(secret),
        address=address,
        created_at=now,
        expires_at=now + (STAFF_SESSION_LIVES if staff else MEMBER_SESSION_LIVES),
        identity_id=identity.id if identity else None,
    )
    db.session.add(opened)
    db.session.flush()
    subject, subject_id = ("staff", staff.id) if staff else ("session", opened.id)
    note("signed_in", subject, subject_id, by=actor, now=now, with_account=identity is not None)
    return SignedIn(secret, actor)
