"""A house in production that can be killed: web server with several processes, worker and sandbox, each for itself."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeVar

import requests

from eventapp.cli.addresses import free_port
from tests.cli.console import SECRET, Done, clean_environment, run_outside
from tests.made_ready import started
from tests.sandbox import API_KEY, RunningSandbox

Found = TypeVar("Found")
_HOST = "127.0.0.1"
# Long enough for several restarts in a row on a busy machine.
PATIENCE_SECONDS = 180


class KillableHouse:
    """`url` is where it answers while it lives, `sandbox` the provider, which stays alive; `kills` counts by part."""

    def __init__(self, database_url: str, folder: Path, **settings: str) -> None:
        self._log = folder / "house.log"
        self._port = free_port(_HOST)
        self.url = f"http://{_HOST}:{self._port}"
        sandbox_port = free_port(_HOST)
        self.sandbox = RunningSandbox(f"http://{_HOST}:{sandbox_port}")
        self._environment = clean_environment(
            SECRET_KEY=SECRET,
            DATABASE_URL=database_url,
            PORT=str(self._port),
            PUBLIC_BASE_URL=self.url,
            MOLLIE_API_KEY=API_KEY,
            MOLLIE_API_ENDPOINT=self.sandbox.url,
            NO_PROXY=_HOST,
            **settings,
        )
        file = str(folder / "sandbox.db")
        self._provider = self._start("mollie-sandbox", "--port", str(sandbox_port), "--database", file)
        self._running: dict[str, BaseProcess] = {}
        self.kills: Counter[str] = Counter()
        until(lambda: answers(f"{self.sandbox.url}/control/calls"))

    def start(self, *, workers: int = 2) -> None:
        """Whatever of it does not run: a web server with some processes, and a worker. Comes back when it answers."""
        commands = {"web": ("serve", "--web-only", "--workers", str(workers)), "worker": ("worker",)}
        for part, words in commands.items():
            if part not in self._running:
                self._running[part] = self._start(*words)
        until(lambda: answers(f"{self.url}/healthz"))

    def kill(self, *parts: str) -> None:
        """SIGKILL to every process of these parts (without any: of all), in the middle of whatever they are doing."""
        for part in parts or tuple(self._running):
            _end(self._running.pop(part))
            self.kills[part] += 1

    def run(self, *words: str) -> Done:
        """A command of the console script on the same settings."""
        return run_outside(*words, **self._environment)

    def end(self) -> None:
        for process in (*self._running.values(), self._provider):
            _end(process)

    def _start(self, *words: str) -> BaseProcess:
        """In a process group of its own, which a kill takes whole."""
        return started(words, self._environment, out=self._log, err=self._log)


def _end(process: BaseProcess) -> None:
    if process.is_alive():
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.join()


@contextmanager
def killable_house(database_url: str, folder: Path, **settings: str) -> Iterator[KillableHouse]:
    house = KillableHouse(database_url, folder, **settings)
    try:
        yield house
    finally:
        house.end()


def until(look: Callable[[], Found | None], seconds: float = PATIENCE_SECONDS, pause: float = 0.1) -> Found:
    """Look again and again until there is something to see. Fails with AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(pause)
    return found


def answers(url: str, **options: object) -> bool:
    try:
        return bare("GET", url, **options).status_code == 200
    except requests.RequestException:
        return False


def bare(method: str, url: str, session: requests.Session | None = None, **options: object) -> requests.Response:
    """One call, past every proxy and without following redirects."""
    with session or requests.Session() as caller:
        caller.trust_env = False
        return caller.request(method, url, timeout=30, allow_redirects=False, **options)  # type: ignore[arg-type]
