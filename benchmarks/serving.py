"""Starts real web servers to measure: gunicorn with two workers of four threads, ours and the bare one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import ask, get
from benchmarks.measuring import MEGABYTES, Measured
from config import ROOT
from eventapp.cli.server import own_command

# As the unit of systemd says it.
_OURS = own_command("serve", "--web-only")
_BARE = [sys.executable, "-m", "gunicorn", "benchmarks.bare:create_app()", "--preload", "--workers", "2"]
_BARE += ["--threads", "4", "--config", "python:eventapp.server_settings"]
# What is set here for another purpose. An installed house finds its code compiled, so ours may be kept compiled too.
_NOT_OURS = ("EVENTAPP_", "MOLLIE_", "SMTP_", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Server:
    """A server that answers. Until its first answered page took `started_in` seconds, and `spent` seconds of processor
    time of all its processes, which depends less on what else the machine does.
    """

    port: int
    started_in: float
    spent: float
    process_id: int

    @property
    def worker_megabytes(self) -> float:
        """The largest worker's memory, shared pages included: what the system counts for one process."""
        return max(_megabytes(child, "Rss") for child in self._workers())

    @property
    def share_megabytes(self) -> float:
        """The same where each page is divided among those who share it."""
        return max(_megabytes(child, "Pss") for child in self._workers())

    def _workers(self) -> list[str]:
        return _children(self.process_id)


def _children(process_id: int) -> list[str]:
    return Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()


def _processor_seconds(process_id: int) -> float:
    """Of a process and its children, as the system counted it so far."""
    ticks = 0
    for one in [str(process_id), *_children(process_id)]:
        after_the_name = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(after_the_name[11]) + int(after_the_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _megabytes(process_id: str, counted: str) -> float:
    rollup = Path(f"/proc/{process_id}/smaps_rollup").read_text()
    line = next(line for line in rollup.splitlines() if line.startswith(f"{counted}:"))
    return int(line.split()[1]) / 1024


def memory(when: str, database: str, ours: Server, bare: Server) -> Measured:
    """Of the largest worker, beside a bare one that did the same number of things."""
    return Measured(f"memory of a web worker {when}", database, ours.worker_megabytes, bare.worker_megabytes, MEGABYTES)


@contextmanager
def ours(database_url: str, log: Path, *, first_page: str = "/healthz") -> Iterator[Server]:
    """Our own app, as `eventapp serve --web-only` runs it."""
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": "bench" * 10, "PUBLIC_BASE_URL": "http://127.0.0.1:8000"}
    with _running(_OURS, settings, log, first_page) as server:
        yield server


@contextmanager
def bare(database_url: str, log: Path) -> Iterator[Server]:
    """The bare app on the same server."""
    with _running(_BARE, {"BENCH_DATABASE": database_url}, log, "/empty") as server:
        yield server


@contextmanager
def _running(command: list[str], settings: dict[str, str], log: Path, first_page: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
    # Where each of the two looks for the port.
    given = {"API_PER_MINUTE": "1000000", "PORT": str(port), "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{port}"}
    with log.open("w") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=kept | given | settings, stdout=output, stderr=output)
        try:
            _wait_until_answered(process, port, first_page, log)
            yield Server(port, time.perf_counter() - start, _processor_seconds(process.pid), process.pid)
        finally:
            process.terminate()
            process.wait(timeout=40)


def _wait_until_answered(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.perf_counter() + 60
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            answer = ask(port, get(path))
        except OSError:
            time.sleep(0.01)
            continue
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}: {log.read_text()[-2000:]}")
        return
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
