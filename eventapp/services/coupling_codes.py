"""The code beside a coupling link: short enough to type, so it lives half an hour and few may be tried."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.coupling_codes import new_code, normalise_code
from eventapp.domain.errors import DomainError, TooManyRequests, WrongCouplingCode
from eventapp.domain.limits import LIMITS
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import OneTimeLink
from eventapp.services import one_time
from eventapp.services.coupling import PURPOSE as COUPLE
from eventapp.services.coupling import device_to_couple
from eventapp.transaction import transaction

PURPOSE = "couple_code"
CODE_LIVES = timedelta(minutes=30)
# A link that a code led to is opened by the page that follows.
_LINK_LIVES = timedelta(minutes=15)
_TRY = "couple_try"
# Volunteers share the address of the venue's wifi, and some of them mistype.
_TRIES = LIMITS["coupling_tries"]


class CouplingCode(NamedTuple):
    """The code itself, known here and nowhere else, and until when it works."""

    code: str
    until: datetime


def code_for(token: str, *, now: datetime) -> CouplingCode:
    """A code that leads to the same door as this link; an earlier one of that door works no more.

    Refuses with UnknownLink, UsedLink or ExpiredLink.
    """
    with transaction():
        link = one_time.look(token, COUPLE, now=now)
        assert link.subject_id is not None
        one_time.revoke(PURPOSE, link.subject_id, now=now)
        made = CouplingCode(new_code(), min(now + CODE_LIVES, link.expires_at))
        _add(PURPOSE, made.code, link.subject_id, made.until, now=now)
        return made


def link_for(typed: str, *, visitor_key: str, now: datetime) -> str:
    """The token of a link to the door of this code, which works until a phone was coupled.

    Refuses with WrongCouplingCode whatever leads nowhere any more, and with TooManyRequests after twenty wrong
    tries from one visitor in a quarter of an hour.
    """
    tried = _count_try(visitor_key, now)
    code = normalise_code(typed)
    if code is None:
        raise WrongCouplingCode()
    with transaction():
        try:
            device_id = one_time.look(code, PURPOSE, now=now).subject_id
            device_to_couple(device_id)
        except DomainError as refusal:
            raise WrongCouplingCode() from refusal
        db.session.execute(sa.delete(OneTimeLink).where(OneTimeLink.token_digest == tried))
        token = new_token()
        _add(COUPLE, token, device_id, now + _LINK_LIVES, now=now)
        return token


def _count_try(visitor_key: str, now: datetime) -> str:
    """A transaction of its own: a try counts, although it is refused, until it proves right. Answers its digest."""
    with transaction():
        tried = sa.select(sa.func.count(OneTimeLink.id)).where(
            OneTimeLink.purpose == _TRY,
            OneTimeLink.visitor_key == visitor_key,
            OneTimeLink.created_at > now - _TRIES.over,
        )
        if (db.session.scalar(tried) or 0) >= _TRIES.most:
            raise TooManyRequests()
        secret = new_token()
        _add(_TRY, secret, None, now, now=now, visitor_key=visitor_key)
    return digest(secret)


def _add(
    purpose: str, secret: str, subject_id: int | None, until: datetime, *, now: datetime, visitor_key: str = ""
) -> None:
    row = OneTimeLink(
        token_digest=digest(secret),
        purpose=purpose,
        subject_id=subject_id,
        visitor_key=visitor_key,
        created_at=now,
        expires_at=until,
    )
    db.session.add(row)
