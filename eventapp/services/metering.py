"""Was a token used, and how often in this minute? Told now and then, so that reading costs no writing."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.api_limits import window_of
from eventapp.models import ApiToken
from eventapp.transaction import transaction

_TOKENS: sa.Table = ApiToken.__table__


def note_use(token_id: int, count: int, *, now: datetime) -> None:
    """Add what a process counted in the window of this moment; whatever was counted in an earlier one is over."""
    window = window_of(now)
    same = _TOKENS.c.used_since == window
    said = {
        "used": sa.case((same, _TOKENS.c.used + count), else_=count),
        "used_since": window,
        "last_used_at": now,
    }
    with transaction() as session:
        session.execute(sa.update(_TOKENS).where(_TOKENS.c.id == token_id).values(said))
