"""How does a long list go over the wire? In pages, each with an opaque cursor to the next."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import request

from eventapp.web.api.refusals import Refused

Item = TypeVar("Item")
USUAL = 100
MOST = 500


def page_size() -> int:
    """How many rows the caller wants at once."""
    asked = request.args.get("limit", str(USUAL))
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked) <= MOST:
        raise Refused(422, "invalid", "Some fields are not understood", errors={"limit": [f"1 to {MOST}"]})
    return int(asked)


def after(read: Callable[[list[Any]], Item]) -> Item | None:
    """Where the caller's last page ended, as `read` makes it of the cursor's parts; None at the beginning."""
    cursor = request.args.get("cursor", "")
    if not cursor:
        return None
    try:
        return read(json.loads(base64.urlsafe_b64decode(cursor.encode())))
    except (ValueError, TypeError, LookupError) as error:
        raise Refused(422, "invalid", "Some fields are not understood", errors={"cursor": ["unknown"]}) from error


def row_id(part: Any) -> int:
    """A part of a cursor that is a row's number. Refuses with ValueError what no row can have."""
    if not isinstance(part, int) or not 0 <= part < 2**31:
        raise ValueError("not a row number")
    return part


def moment(part: Any) -> datetime:
    """A part of a cursor that is a moment, aware."""
    return datetime.fromisoformat(part).astimezone(UTC)


def cut(rows: Sequence[Item], size: int, key: Callable[[Item], list[Any]]) -> tuple[Sequence[Item], str | None]:
    """The rows of this page and the cursor to the next, given one row more than the page holds when there are more."""
    if len(rows) <= size:
        return rows, None
    page = rows[:size]
    return page, base64.urlsafe_b64encode(json.dumps(key(page[-1])).encode()).decode()
