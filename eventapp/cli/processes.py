"""How do several programs live and die together? One launcher starts them, watches them and ends them all."""

import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
# Longer than the web server gives its requests to finish.
PATIENCE_SECONDS = 40.0
LOOK_EVERY_SECONDS = 0.2


class ChildEnded(Exception):
    """A program ended that should have stayed; the text names it."""


class Family(AbstractContextManager["Family"]):
    """Child processes in the launcher's own process group, all ended when the block ends.

    From entering on, SIGTERM and SIGINT ask for the end instead of breaking off.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = Event()

    def __enter__(self) -> "Family":
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: self._asked_to_stop.set())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def start(self, name: str, command: list[str]) -> None:
        """Start a child that does not hear Ctrl-C.

        The terminal sends that to the whole group, but the launcher is the one to tell the children, once: the web
        server takes half a minute to end when it is told twice in two ways.
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._children[name] = subprocess.Popen(command, cwd=ROOT, env=dict(self._environment))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def pause(self, seconds: float) -> bool:
        """Wait a while, watching the children. False as soon as the end was asked for. Raises ChildEnded."""
        asked = self._asked_to_stop.wait(seconds)
        if asked:
            return False
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ChildEnded(f"{name} ended unexpectedly (exit code {child.returncode})")
        return True

    def watch(self) -> None:
        """Stay until the end is asked for. Raises ChildEnded."""
        while self.pause(LOOK_EVERY_SECONDS):
            pass

    def _stop(self) -> None:
        """Ask every child to end, the last one started first, and insist when one does not."""
        for child in reversed(self._children.values()):
            child.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
