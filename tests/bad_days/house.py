"""A house in production on a bad day: web server with several processes and worker on real settings, and its crowd.

FULL is the whole dose (BAD_DAYS=full); `make test` takes a small one.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from eventapp.cli.addresses import free_port
from tests.cli.console import SECRET, clean_environment
from tests.killable import answers, bare, until
from tests.made_ready import started

FULL = os.environ.get("BAD_DAYS") == "full"
_HOST = "127.0.0.1"


@contextmanager
def serving(database_url: str, folder: Path, *, workers: int = 2, **settings: str) -> Iterator[str]:
    """`eventapp serve` on this database, behind one proxy; gives its address. It has to last until the block ends."""
    port = free_port(_HOST)
    url = f"http://{_HOST}:{port}"
    ours = {"SECRET_KEY": SECRET, "DATABASE_URL": database_url, "PORT": str(port), "PUBLIC_BASE_URL": url}
    environment = clean_environment(**ours, TRUSTED_PROXIES="1", **settings)
    log = folder / "house.log"
    house = started(["serve", "--workers", str(workers)], environment, out=log, err=log)
    try:
        until(lambda: answers(f"{url}/healthz"))
        yield url
        assert house.is_alive(), "the house fell over"
    finally:
        os.killpg(house.pid or 0, signal.SIGKILL)
        house.join()


def status(url: str) -> int:
    return bare("GET", url).status_code


def readiness(url: str) -> dict[str, Any]:
    answer: dict[str, Any] = bare("GET", f"{url}/readyz").json()
    return answer


def is_ready(url: str) -> bool:
    """Whether pages are served and the worker was seen lately."""
    try:
        return readiness(url)["status"] == "ok"
    except requests.RequestException:
        return False


def told(figures: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures of a run, for docs/reliability.md."""
    with capsys.disabled():
        print(f"\n{figures}")
