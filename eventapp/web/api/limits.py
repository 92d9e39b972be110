"""How often may a program ask? A token, or without one an address, has so many requests in a minute.

Each process counts by itself and tells the token's row what it counted in parts, so that every process knows of the
others without a write per request. Without a token there is no row: those are counted per process, and the address is
only kept as a keyed hash, in memory, until the minute is over.
"""

from collections import Counter
from datetime import datetime
from threading import Lock

from flask import Blueprint, Response, current_app, g, request

from eventapp.domain.api_limits import Limit, Standing, is_stale, standing, window_of
from eventapp.queries.door import Bearer
from eventapp.services.metering import note_use
from eventapp.web.api.refusals import RATE_LIMITED, Refused
from eventapp.web.clock import now
from eventapp.web.visitor import visitor_key

# A phone at the door comes home with a thousand scans; only a program that runs wild asks this often.
_DOOR_TIMES = 10
_SCANS = ("api.check_in", "api.check_in_batch")


class Counts:
    """What this process counted in this minute, per token or address, and did not tell yet."""

    def __init__(self) -> None:
        self._window: datetime | None = None
        self._counts: Counter[int | str] = Counter()
        self._lock = Lock()

    def add(self, key: int | str, *, window: datetime, told: int, limit: Limit) -> int | None:
        """Count one more beside what is `told` already: how many that makes, or None when there were enough."""
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            if told + self._counts[key] >= limit.requests:
                return None
            self._counts[key] += 1
            return told + self._counts[key]

    def take(self, key: int | str, *, least: int) -> int:
        """What was not told yet, to be told now; 0 while it is less than this."""
        with self._lock:
            return self._counts.pop(key) if self._counts[key] >= least else 0


def init_blueprint(blueprint: Blueprint) -> None:
    """Count every request; comes after the check of the token."""
    blueprint.record(lambda state: state.app.extensions.update(api_counts=Counts()))
    blueprint.before_request(_count)
    blueprint.after_request(_tell)


def _count() -> None:
    g.standing = None
    if request.method == "OPTIONS":
        return
    bearer: Bearer | None = g.get("bearer")
    limit, window = _limit(bearer), window_of(now())
    told = bearer.used if bearer and bearer.used_since == window else 0
    counts: Counts = current_app.extensions["api_counts"]
    key = bearer.id if bearer else visitor_key()
    used = counts.add(key, window=window, told=told, limit=limit)
    g.standing = standing(limit, limit.requests if used is None else used, now=now())
    if used is None:
        raise Refused(RATE_LIMITED)
    if bearer and (part := counts.take(bearer.id, least=1 if _unseen(bearer) else limit.part)):
        note_use(bearer.id, part, now=now())


def _limit(bearer: Bearer | None) -> Limit:
    usual: int = current_app.config["API_PER_MINUTE"]
    if bearer is None:
        return Limit("address", usual)
    return Limit("token", usual) if bearer.event_id is None else Limit("door", usual * _DOOR_TIMES)


def _unseen(bearer: Bearer) -> bool:
    """Scans say so themselves, in their own transaction."""
    return request.endpoint not in _SCANS and is_stale(bearer.last_used_at, now=now())


def _tell(response: Response) -> Response:
    """The fields of the IETF draft (draft-ietf-httpapi-ratelimit-headers), and when to come again."""
    said: Standing | None = g.get("standing")
    if said:
        name = f'"{said.limit.name}"'
        response.headers["RateLimit-Policy"] = f"{name};q={said.limit.requests};w=60"
        response.headers["RateLimit"] = f"{name};r={said.left};t={said.seconds}"
        if response.status_code == 429:
            response.headers["Retry-After"] = str(said.seconds)
    return response
