"""A restart refuses nobody: systemd keeps the socket, and the server that ends answers what it took."""

import http.client
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.cli.console import ROOT, SECRET, clean_environment

pytestmark = pytest.mark.race
PATIENCE_SECONDS = 60


class Asking(threading.Thread):
    """Somebody who asks for a page again and again, each time anew, and notes what came of it."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.answers: list[str] = []
        self.stop = threading.Event()
        self._port = port

    def run(self) -> None:
        while not self.stop.is_set():
            self.answers.append(self._ask())
            time.sleep(0.01)

    def _ask(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/healthz")
            return str(connection.getresponse().status)
        except OSError as error:
            return type(error).__name__
        finally:
            connection.close()


def test_who_asks_while_the_server_restarts_is_answered(sqlite_blank: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=200) as door:
        first = serve(door, sqlite_blank)
        visitors = [Asking(door.getsockname()[1]) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        until_each_has(visitors, 20)

        first.send_signal(signal.SIGTERM)
        ended = first.wait(PATIENCE_SECONDS)
        second = serve(door, sqlite_blank)
        until_each_has(visitors, 40)

        for visitor in visitors:
            visitor.stop.set()
            visitor.join(PATIENCE_SECONDS)
        second.send_signal(signal.SIGTERM)
        second.wait(PATIENCE_SECONDS)
    assert ended == 0
    assert {answer for visitor in visitors for answer in visitor.answers} == {"200"}
    assert all(len(visitor.answers) >= 40 for visitor in visitors)


def serve(door: socket.socket, database: Path) -> subprocess.Popen[bytes]:
    """The web server as its unit starts it, with the socket as number three."""
    served = shlex.join([sys.executable, "-m", "eventapp.cli", "serve", "--web-only"])
    command = f"exec 3<&{door.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec {served}"
    settings = clean_environment(SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{database}", WEB_CONCURRENCY="1")
    return subprocess.Popen(
        ["bash", "-c", command], cwd=ROOT, env=settings, pass_fds=(door.fileno(),), stderr=subprocess.DEVNULL
    )


def until_each_has(visitors: list[Asking], answers: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(len(visitor.answers) < answers for visitor in visitors) and time.monotonic() < deadline:
        time.sleep(0.05)
