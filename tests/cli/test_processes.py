"""Children that live and die together, whichever way the end comes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import active_children

import pytest

from eventapp.cli.processes import ChildEnded, Family

STAYS = [sys.executable, "-c", "import time; time.sleep(60)"]
IGNORES_TERM = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """A family takes over the signals of its process; the test process takes them back."""
    before = {wanted: signal.getsignal(wanted) for wanted in (signal.SIGTERM, signal.SIGINT)}
    yield
    for wanted, handler in before.items():
        signal.signal(wanted, handler)


def children() -> list[str]:
    """The running children of this process."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return [line for line in listed.stdout.splitlines() if "time.sleep(60)" in line]


def test_child_that_ends_takes_the_others_along() -> None:
    with pytest.raises(ChildEnded, match=r"worker ended unexpectedly \(exit code 3\)"), Family(os.environ) as family:
        family.start("web server", STAYS)
        family.start("worker", [sys.executable, "-c", "raise SystemExit(3)"])
        family.watch()

    assert children() == []


def test_signal_ends_the_watch_and_every_child() -> None:
    with Family(os.environ) as family:
        family.start("web server", STAYS)
        family.start("worker", STAYS)
        started = len(children())
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        family.watch()

    assert (started, children()) == (2, [])


def test_ctrl_c_of_the_terminal_is_for_the_launcher_only() -> None:
    with Family(os.environ) as family:
        family.start("web server", STAYS)
        os.kill(int(children()[0].split()[0]), signal.SIGINT)

        still_there = family.pause(0.5)

    assert (still_there, children()) == (True, [])


def test_error_in_the_launcher_ends_the_children_too() -> None:
    with pytest.raises(RuntimeError), Family(os.environ) as family:
        family.start("web server", STAYS)
        raise RuntimeError

    assert children() == []


def test_child_that_does_not_listen_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventapp.cli.processes.PATIENCE_SECONDS", 0.3)

    with Family(os.environ) as family:
        family.start("stubborn", IGNORES_TERM)
        time.sleep(0.5)

    assert children() == []


def leave() -> None:
    raise SystemExit(3)


def test_fork_that_ends_takes_the_others_along() -> None:
    with pytest.raises(ChildEnded, match=r"worker ended unexpectedly \(exit code 3\)"), Family(os.environ) as family:
        family.start("web server", STAYS)
        family.fork("worker", leave)
        family.watch()

    assert (children(), active_children()) == ([], [])


def test_fork_hears_the_launcher_and_not_the_terminal() -> None:
    with Family(os.environ) as family:
        family.fork("web server", lambda: time.sleep(60))
        (forked,) = active_children()
        os.kill(forked.pid or 0, signal.SIGINT)
        still_there = family.pause(0.5)

    assert (still_there, forked.exitcode) == (True, -signal.SIGTERM)


def test_fork_that_does_not_listen_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventapp.cli.processes.PATIENCE_SECONDS", 0.3)

    with Family(os.environ) as family:
        family.fork("stubborn", sleep_through_term)
        (forked,) = active_children()
        family.pause(0.5)

    assert forked.exitcode == -signal.SIGKILL


def sleep_through_term() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)


def test_child_gets_the_environment_of_the_family() -> None:
    code = "import os; raise SystemExit(0 if os.environ.get('COLOUR') == 'blue' else 1)"

    with pytest.raises(ChildEnded, match="exit code 0"), Family({**os.environ, "COLOUR": "blue"}) as family:
        family.start("child", [sys.executable, "-c", code])
        family.watch()
