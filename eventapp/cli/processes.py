"""How do several processes live and die together? One launcher starts them, watches them and ends them all."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
# Longer than the web server gives its requests to finish.
PATIENCE_SECONDS = 40.0
LOOK_EVERY_SECONDS = 0.2
_HEARD_BY_LAUNCHER = (signal.SIGTERM, signal.SIGINT)


class ChildEnded(Exception):
    """A process ended that should have stayed; the text names it."""


class Family(AbstractContextManager["Family"]):
    """Child processes in the launcher's own process group, all ended when the block ends.

    From entering on, SIGTERM and SIGINT ask for the end instead of breaking off.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._children: dict[str, subprocess.Popen[bytes] | _Fork] = {}
        self._asked_to_stop = Event()

    def __enter__(self) -> "Family":
        for wanted in _HEARD_BY_LAUNCHER:
            signal.signal(wanted, lambda *_: self._asked_to_stop.set())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def start(self, name: str, command: list[str]) -> None:
        """Start a program as a child that does not hear Ctrl-C.

        The terminal sends that to the whole group, but the launcher is the one to tell the children, once: the web
        server takes half a minute to end when it is told twice in two ways.
        """
        with _held_up(signal.SIGINT):
            self._children[name] = subprocess.Popen(command, cwd=ROOT, env=dict(self._environment))

    def fork(self, name: str, work: Callable[[], None]) -> None:
        """Let a child that does not hear Ctrl-C go on from here with this work. It shares what was made so far.

        There may be no thread and no connection yet.
        """
        # SIGTERM that comes while the child is still the launcher waits until it no longer is.
        with _held_up(*_HEARD_BY_LAUNCHER):
            self._children[name] = _Fork(work)

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


class _Fork:
    """A fork of this process, in the words of Popen."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._process = get_context("fork").Process(target=_carry_out, args=(work,))
        self._process.start()
        self.terminate, self.kill = self._process.terminate, self._process.kill

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> None:
        self._process.join(timeout)
        if timeout is not None and self.returncode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout)


def _carry_out(work: Callable[[], None]) -> None:
    """In the child, which is no launcher: SIGTERM ends it, unless its work says otherwise."""
    for wanted in _HEARD_BY_LAUNCHER:
        signal.signal(wanted, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    work()


@contextmanager
def _held_up(*signals: signal.Signals) -> Iterator[None]:
    """Let these signals wait, for children that begin meanwhile too: those hear them when they ask to."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
