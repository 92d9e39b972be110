"""The demo starts everything, tells where it is, and leaves nothing behind."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventapp.cli.addresses import free_port
from eventapp.cli.demo_settings import demo_settings, kept_secret
from eventapp.payments.settings import check_settings
from tests.browser.house import KEPT_DEMO, until
from tests.cli.console import ROOT, SECRET, clean_environment, run_outside
from tests.cli.test_serve import DIRECT, members_of

START_SECONDS = 180


def settings_for(**given: str) -> dict[str, str]:
    return demo_settings(
        given, base_url="http://127.0.0.1:8000", sandbox_url="http://127.0.0.1:8001", secret=SECRET, reload=False
    )


def test_demo_never_takes_a_real_key_or_mail_server() -> None:
    settings = settings_for(MOLLIE_API_KEY="live_echt0123456789", SMTP_URL="smtps://post.example")

    check_settings(settings["MOLLIE_API_KEY"], settings["MOLLIE_API_ENDPOINT"])
    assert (settings["MOLLIE_API_KEY"][:5], settings["SMTP_URL"]) == ("test_", "")


def test_demo_keeps_the_database_and_address_it_is_given() -> None:
    given = {"DATABASE_URL": "postgresql://localhost/demo", "PUBLIC_BASE_URL": "https://demo.kindcentra.example"}

    settings = settings_for(**given)

    assert {name: settings[name] for name in given} == given


def test_demo_does_not_use_the_database_of_production() -> None:
    assert settings_for()["DATABASE_URL"] == "sqlite:///instance/demo.db"


def test_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "instance" / "demo-secret"

    first, second = kept_secret(file), kept_secret(file)

    assert (first == second, len(first) >= 32, stat.S_IMODE(file.stat().st_mode)) == (True, True, 0o600)


class RunningDemo:
    """A demo of our own, in a process group of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "demo.log"
        environment = clean_environment(
            SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{folder / 'demo.db'}", PORT=str(port)
        )
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "eventapp.cli", "demo"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def until_said(self, words: str) -> None:
        end = time.monotonic() + START_SECONDS
        while words not in self.said:
            assert self.process.poll() is None and time.monotonic() < end, self.said
            time.sleep(0.1)

    def get(self, path: str) -> str:
        with DIRECT.open(self.url + path, timeout=60) as answer:
            return answer.read().decode()

    def end(self) -> int:
        """Ctrl-C: the whole group gets the signal."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def demo(of_all_workers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """On the data of the browsers' demo if that has started: one that fills its own database is enough."""
    folder = tmp_path_factory.mktemp("demo")
    if (of_all_workers / KEPT_DEMO).exists():
        shutil.copy(of_all_workers / KEPT_DEMO, folder / "demo.db")
    running = RunningDemo(folder, free_port("127.0.0.1"))
    try:
        running.until_said("Ctrl-C")
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def test_demo_tells_where_everything_is_and_as_whom_to_sign_in(demo: RunningDemo) -> None:
    for words in (demo.url, f"{demo.url}/beheer/", f"{demo.url}/postvak", "coordinator@kindcentra.example"):
        assert words in demo.said


def test_demo_serves_pages_and_has_mail(demo: RunningDemo) -> None:
    assert demo.get("/healthz") == "ok\n"
    until(lambda: json.loads(demo.get("/readyz"))["worker"] == "ok")
    assert "Themadag" in demo.get("/")


def test_port_in_use_is_one_line(demo: RunningDemo, tmp_path: Path) -> None:
    port = demo.url.rpartition(":")[2]

    done = run_outside("demo", SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{tmp_path / 'other.db'}", PORT=port)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: cannot listen on 127.0.0.1:{port}: the port is in use (choose another with PORT=)\n"
    )


def test_ctrl_c_ends_all_of_it(demo: RunningDemo) -> None:
    before = members_of(demo.process.pid)

    code = demo.end()

    assert (len(before) >= 5, code, members_of(demo.process.pid)) == (True, 0, [])
    assert demo.said.splitlines()[-1] == "the demo has stopped"
