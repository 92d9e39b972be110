"""Is it the database or the disk that fails us for a while, or a bug of ours? The former passes, and is waited for."""

import errno

from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolIsEmpty

# SQLite's primary result codes: busy, locked, read-only, input/output, full, cannot open, locking protocol.
_SQLITE = frozenset({5, 6, 8, 10, 13, 14, 15})
# SQLSTATE, by how it begins: connection lost, resources gone (full, too many clients), lock not available in time,
# shutting down or starting up, system trouble (input/output), and a server that only reads for now.
_POSTGRESQL = ("08", "53", "55P03", "57P", "58", "25006")
_SQLITE_FULL, _DISK_FULL = 13, "53100"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_outage(error: BaseException | None) -> bool:
    """Whether the same act may simply work later: the database is away, locked or full, or the disk is full."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _says_later(error)
    if isinstance(error, OSError):
        return error.errno in _FULL
    # What the pool says when a connection that it made just now was cut before it could be handed out.
    cut = isinstance(error, InvalidRequestError) and str(error) == "This connection is closed"
    return cut or isinstance(error, PoolIsEmpty)


def is_full(error: BaseException | None) -> bool:
    """Whether what is missing is room: smaller acts may work, and this one never again."""
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code == _SQLITE_FULL if code is not None else getattr(error.orig, "sqlstate", None) == _DISK_FULL
    return isinstance(error, OSError) and error.errno in _FULL


def _says_later(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE
    state = getattr(error.orig, "sqlstate", None)
    # Without a state there was no server to give one.
    return state.startswith(_POSTGRESQL) if state else isinstance(error, OperationalError)
