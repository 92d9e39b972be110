"""Has this request been answered before? A POST with a key of its own does its work once and is answered alike."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.extensions import db, insert_into
from eventapp.models import IdempotentAnswer
from eventapp.transaction import transaction

KEPT = timedelta(hours=24)
# A request still unanswered after this died on the way; the next with its key may try again.
GIVEN_UP_AFTER = timedelta(minutes=1)
_TABLE: sa.Table = IdempotentAnswer.__table__


class Claim(NamedTuple):
    """The key is ours: do the work, then `keep_answer` or `release`."""

    id: int


class Earlier(NamedTuple):
    """The key was used before: `status` is None while the first request is being worked on."""

    request_digest: str
    status: int | None
    body: str


def claim(token_id: int, key: str, request_digest: str, *, now: datetime) -> Claim | Earlier:
    """Take this key of this token, unless an earlier request has it. Of two at once only one gets it."""
    values = {"token_id": token_id, "key": key, "request_digest": request_digest, "created_at": now, "body": ""}
    with transaction() as session:
        forget_old_answers(now=now)
        claimed = session.scalar(_claim_statement(db.engine.dialect.name), values)
        if claimed is not None:
            return Claim(claimed)
        earlier = sa.select(_TABLE.c.request_digest, _TABLE.c.status, _TABLE.c.body)
        return Earlier(*session.execute(earlier.where(_TABLE.c.token_id == token_id, _TABLE.c.key == key)).one())


def keep_answer(claimed: Claim, *, status: int, body: str) -> None:
    """Keep the answer for whoever asks the same again."""
    with transaction() as session:
        session.execute(sa.update(_TABLE).where(_TABLE.c.id == claimed.id).values(status=status, body=body))


def release(claimed: Claim) -> None:
    """Nothing worth repeating was answered: the next request with this key may try again."""
    with transaction() as session:
        session.execute(sa.delete(_TABLE).where(_TABLE.c.id == claimed.id))


def forget_old_answers(*, now: datetime) -> None:
    """Delete what is older than a day, and what was never answered; answers can hold names."""
    with transaction() as session:
        old = _TABLE.c.created_at <= now - KEPT
        abandoned = sa.and_(_TABLE.c.status.is_(None), _TABLE.c.created_at <= now - GIVEN_UP_AFTER)
        session.execute(sa.delete(_TABLE).where(sa.or_(old, abandoned)))


@cache
def _claim_statement(dialect: str) -> Any:
    insert = insert_into(_TABLE, dialect)
    return insert.on_conflict_do_nothing(index_elements=[_TABLE.c.token_id, _TABLE.c.key]).returning(_TABLE.c.id)
