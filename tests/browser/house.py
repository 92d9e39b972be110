"""The whole house as `make demo` starts it, for a browser: web server, worker, sandbox and mailbox on free ports."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar

Found = TypeVar("Found")
START_SECONDS = 180
# What `house.copy_data` made for the other tests of this run that start a demo.
KEPT_DEMO = "demo.db"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class House:
    """Where it stands, and the address of its database. `mails` reads the demo's mailbox, as everybody in it can."""

    url: str
    database_url: str

    def copy_data(self, file: Path) -> None:
        """Its database as it is now, into a new file."""
        with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as here:
            here.execute("VACUUM INTO ?", (str(file),))

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            content: bytes = answer.read()
            return content

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What arrived at this address, the latest first."""
        found = json.loads(self.get("/postvak.json"))
        every = found["mails"] if isinstance(found, dict) else found
        return [mail for mail in every if mail["to"] == to]

    def mail(self, to: str, subject: str) -> dict[str, Any]:
        """The latest mail to this address whose subject holds these words; waits for the worker."""
        return until(lambda: next((mail for mail in self.mails(to) if subject in mail["subject"]), None))

    def link(self, mail: dict[str, Any], path: str) -> str:
        """The link in a mail that leads to this path."""
        return next(link for link in mail["links"] if re.match(re.escape(self.url + path), link))


def until(look: Callable[[], Found | None], seconds: float = 20) -> Found:
    """Look until there is something to see. Fails with AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")


@contextmanager
def running_house(folder: Path) -> Iterator[House]:
    """Start it on a database file in this folder, and end it with Ctrl-C as a person would."""
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("PUBLIC_BASE_URL", "SECRET_KEY")},
        "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "PORT": str(port),
    }
    with (folder / "house.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "eventapp.cli", "demo"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            house = House(f"http://127.0.0.1:{port}", environment["DATABASE_URL"])
            until(lambda: _answers(house, process, folder / "house.log"), START_SECONDS)
            yield house
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _answers(house: House, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        house.get("/healthz")
    except (HTTPException, OSError):
        return False
    return True


def _free_port() -> int:
    """A port with a free neighbour, which the sandbox takes."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
