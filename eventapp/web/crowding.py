"""Did somebody wait so long for their turn that the crowd is told to come back, rather than that all wait longer?

More visitors at once than there are threads wait in line, in the web server and before it in the system. Answering
each of them in turn, however late, means that after a while nobody is answered in time, and that we work for those
who gave up. So whoever had to wait too long is refused before anything is done for them, which takes next to nothing,
and the line is short again. The line is measured in time and not in heads: that holds on any machine.
"""

import random
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, g, request

from eventapp.web import errors

# About the half minute that the page says in words, and not all at once.
_COME_AGAIN_SECONDS = (20, 40)
# Short work that others count on: probes have to see how it is just then, a payment and a door cannot come back.
_AT_ONCE = ("/healthz", "/readyz", "/metrics", "/webhooks/", "/api/v1/checkin")
_SINCE = "crowding_since"
# Where Linux' tcp_info holds tcpi_last_data_recv, and how much of it that takes.
_LAST_DATA_AT, _ENOUGH = 52, 56


def init_app(app: Flask) -> None:
    """To be called right after tracing: who is refused is counted, and costs nothing else."""
    app.extensions[_SINCE] = time.monotonic()
    app.before_request(_turn_away)


def waited_too_long(environ: Mapping[str, Any]) -> bool:
    """Whether a request came in so long ago that it is better turned away."""
    longest: float = current_app.config["LONGEST_WAIT_SECONDS"]
    return _waited_seconds(environ) > longest and not environ["PATH_INFO"].startswith(_AT_ONCE)


def _turn_away() -> Response | None:
    if not waited_too_long(request.environ):
        return None
    if known := current_app.extensions.get("known_association"):
        g.association = known
    return errors.come_again("Het is nu heel druk", random.randint(*_COME_AGAIN_SECONDS), untouched=True)


def _waited_seconds(environ: Mapping[str, Any]) -> float:
    """How long ago the last of this request came in at this machine, also while nobody had looked at it yet.

    Only the system knows that, and only Linux tells. 0 where nobody does: in tests, and over a Unix socket. Whoever
    knocked while the server was started anew waited for that and not for a crowd: it counts from when the app was made.
    """
    connection: socket.socket | None = environ.get("gunicorn.socket")
    if connection is None or not hasattr(socket, "TCP_INFO"):
        return 0.0
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ENOUGH)
    except OSError:
        return 0.0
    milliseconds: int = struct.unpack_from("=I", info, _LAST_DATA_AT)[0]
    return min(milliseconds / 1000, time.monotonic() - current_app.extensions[_SINCE])
