"""How does a long list go over the wire? In pages, each with an opaque cursor to the next."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, current_app, request

from eventapp.web.api.refusals import INVALID, Refused
from eventapp.web.api.schemas.events import PageAsked

Item = TypeVar("Item")


def after(asked: PageAsked, read: Callable[[list[Any]], Item]) -> Item | None:
    """Where the caller's last page ended, as `read` makes it of the cursor's parts; None at the beginning."""
    if not asked.cursor:
        return None
    try:
        return read(json.loads(base64.urlsafe_b64decode(asked.cursor.encode())))
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        raise Refused(INVALID, errors={"cursor": ["unknown"]}) from error


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


def linked(response: Response, asked: PageAsked, cursor: str | None) -> Response:
    """The page with the address of the next one in its head (RFC 8288), when there is one."""
    if cursor:
        following = urlencode({"limit": asked.limit, "cursor": cursor})
        address = f"{current_app.config['PUBLIC_BASE_URL']}{request.path}?{following}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
