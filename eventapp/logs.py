"""How does the house tell what goes on? A line of JSON on stderr per happening, without personal data."""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from eventapp.domain.discretion import discreet

# The request that is being answered, as its answer, its error page and its lines name it; "" outside requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# Facts of a line beyond its words: `log.info("request", extra={FACTS: {"status": 200}})`.
FACTS = "facts"


# What Python quotes in a message, in its own way of writing text down.
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")

# Made once: `json.dumps` makes one for every line.
_JSON = json.JSONEncoder(ensure_ascii=False, default=lambda value: discreet(str(value)))


class JsonLines(logging.Formatter):
    """Each record as one JSON object: when (UTC), how grave, who says it, in which request, the words, the facts."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "process": record.process,
        }
        if current := request_id.get():
            line["request"] = current
        line["says"] = record.getMessage()
        line.update(getattr(record, FACTS, {}))
        if record.exc_info and record.exc_info[1]:
            line["error"] = told(record.exc_info[1])
        kept = {name: discreet(value) if isinstance(value, str) else value for name, value in line.items()}
        return _JSON.encode(kept)


class PlainLines(logging.Formatter):
    """For who looks at a terminal: the words, and an error as `told` tells it."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return told(error) if isinstance(error, BaseException) else ""


def told(error: BaseException) -> str:
    """An error with the way to it and those behind it, without the values that it quotes.

    PostgreSQL repeats what a row holds ("Key (email)=(…) already exists") in lines after the first, and Python what it
    was given ("'Anna Bakker' is not a valid Role"). The way to it says which value that was.
    """
    seen: set[int] = set()
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.append("".join(traceback.format_tb(current.__traceback__)) + _named(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nbehind it:\n".join(parts)


def _named(error: BaseException) -> str:
    # Here, as the console needs these lines before it knows whether its command needs a database.
    from sqlalchemy.exc import StatementError

    words = str(error)
    if isinstance(error, StatementError) or type(error).__module__.startswith(("psycopg", "sqlite3")):
        words = words.partition("\n")[0]
    if isinstance(error, (ValueError, LookupError)):
        words = _QUOTED.sub("(waarde)", words)
    return f"{type(error).__name__}: {words}"


def configure(*, as_json: bool) -> None:
    """Let everything that is logged in this process leave by stderr, once, from `info` on when it is JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else PlainLines("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO if as_json else logging.WARNING)
    for chatty in ("fontTools", "PIL", "urllib3", "openpyxl"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
