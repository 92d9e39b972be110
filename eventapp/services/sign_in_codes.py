"""Which code is of which browser's request, and may somebody still try? A try is counted before it is judged."""

import hmac
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.errors import CodeBlocked, ExpiredLink, UnknownLink, UsedLink, WrongCode
from eventapp.domain.sign_in_codes import MOST_TRIES, new_code
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import OneTimeLink, SignInCode
from eventapp.transaction import transaction


def make(link: OneTimeLink) -> tuple[str, str]:
    """A code that stands for this link, within the caller's transaction: the secret for the browser, and the code."""
    secret, code = new_token(), new_code()
    db.session.add(SignInCode(link=link, request_digest=digest(secret), code_digest=_sealed(secret, code), tries=0))
    return secret, code


def check(secret: str, code: str, *, now: datetime) -> int:
    """The id of the link that this code stands for, in the browser that keeps this secret.

    A transaction of its own: a wrong try counts although it is refused. Refuses with WrongCode, CodeBlocked after
    five, and UnknownLink, UsedLink or ExpiredLink as the link itself does.
    """
    sealed, link_id, left = _try_once(secret, now)
    if hmac.compare_digest(sealed, _sealed(secret, code)):
        return link_id
    raise WrongCode(left=left) if left else CodeBlocked()


def _try_once(secret: str, now: datetime) -> tuple[str, int, int]:
    with transaction() as session:
        found = session.scalar(sa.select(SignInCode).where(SignInCode.request_digest == digest(secret)))
        if found is None:
            raise UnknownLink()
        if found.link.used_at is not None:
            raise UsedLink()
        if found.link.expires_at <= now:
            raise ExpiredLink()
        counted = session.scalar(
            sa.update(SignInCode)
            .where(SignInCode.id == found.id, SignInCode.tries < MOST_TRIES)
            .values(tries=SignInCode.tries + 1)
            .returning(SignInCode.tries)
            .execution_options(synchronize_session=False)
        )
        if counted is None:
            raise CodeBlocked()
        return found.code_digest, found.link_id, MOST_TRIES - counted


def _sealed(secret: str, code: str) -> str:
    return digest(f"{secret}:{code}")
