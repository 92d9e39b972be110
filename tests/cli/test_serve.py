"""Production refuses what is unsafe, naming it, and otherwise runs web server and worker until it is told to stop."""

import gc
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import TestConfig, UnsafeSetting
from eventapp import create_app
from eventapp.cli.addresses import free_port
from eventapp.cli.server import make_shareable
from eventapp.cli.serving import check_production
from eventapp.extensions import db
from eventapp.payments import settings as payment_settings
from tests.cli.console import ROOT, SECRET, clean_environment, run_outside

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DEMO": True}, "EVENTAPP_DEMO"),
        ({"PUBLIC_BASE_URL": "http://aanmelden.kindcentra.example"}, "PUBLIC_BASE_URL"),
        ({"MOLLIE_API_ENDPOINT": "http://127.0.0.1:8001"}, "MOLLIE_API_ENDPOINT"),
    ],
)
def test_unsafe_setting_is_named(make_app: Callable[..., Flask], settings: dict[str, object], named: str) -> None:
    with pytest.raises(UnsafeSetting, match=named):
        check_production(make_app(**settings))


def test_live_key_goes_to_the_provider_only(make_app: Callable[..., Flask]) -> None:
    with pytest.raises(payment_settings.UnsafeSetting, match="MOLLIE_API_ENDPOINT"):
        make_app(MOLLIE_API_KEY="live_0123456789", MOLLIE_API_ENDPOINT="https://elders.example")


@pytest.mark.parametrize("base", ["https://aanmelden.kindcentra.example", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_https_and_this_machine_are_safe(make_app: Callable[..., Flask], base: str) -> None:
    check_production(make_app(PUBLIC_BASE_URL=base, SMTP_URL="smtps://post.example"))


def test_schema_that_is_not_at_head_is_refused(tmp_path: Path) -> None:
    done = run_outside("serve", SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: the schema of the database is not at head: run `eventapp db upgrade`"
    )


def test_port_in_use_is_one_line(sqlite_blank: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_outside("serve", SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{sqlite_blank}", PORT=str(port))

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"Error: cannot listen on 127.0.0.1:{port}: the port is in use (choose another with PORT=)"
    )


def test_workers_inherit_no_connection(make_app: Callable[..., Flask]) -> None:
    app = create_app(TestConfig(make_app().config["SQLALCHEMY_DATABASE_URI"]))

    with app.app_context():
        made = connections()
        db.session.execute(sa.text("SELECT 1"))
        asked = connections()
    make_shareable(app)
    gc.unfreeze()
    with app.app_context():
        shared = connections()

    assert (made, asked, shared) == (0, 1, 0)


def connections() -> int:
    """How many the pool of this app has, in use or at rest."""
    pool = db.engine.pool
    assert isinstance(pool, sa.QueuePool)
    return pool.checkedin() + pool.checkedout()


def test_serving_answers_and_ends_everything_on_term(sqlite_blank: Path, tmp_path: Path) -> None:
    database = tmp_path / "served.db"
    database.write_bytes(sqlite_blank.read_bytes())
    port = free_port("127.0.0.1")
    environment = clean_environment(SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{database}", PORT=str(port))
    server = subprocess.Popen(
        [sys.executable, "-m", "eventapp.cli", "serve"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    ready = until_ready(f"http://127.0.0.1:{port}/readyz")
    born = {member: is_fork(member) for member in members_of(server.pid)}

    server.send_signal(signal.SIGTERM)

    said = server.communicate(timeout=60)[1]
    assert b'"status":"ok"' in ready
    assert (server.returncode, said) == (0, "SMTP_URL is not set: mail stays in the outbox\n")
    assert members_of(server.pid) == []
    # The app is made in one process; web server, those who answer and the worker go on from there.
    assert born.pop(str(server.pid)) is False
    assert (len(born) >= 3, set(born.values())) == (True, {True})


def until_ready(url: str) -> bytes:
    """What the address says once the worker has been seen; the last answer after a minute."""
    end, answer = time.monotonic() + 60, b""
    while b'"status":"ok"' not in answer and time.monotonic() < end:
        time.sleep(0.2)
        try:
            with DIRECT.open(url, timeout=5) as response:
                answer = response.read()
        except OSError:
            continue
    return answer


def members_of(group: int) -> list[str]:
    """The processes of a process group."""
    return subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True).stdout.split()


def is_fork(process_id: str) -> bool:
    """Whether a process still is what its parent was, and never became another program (PF_FORKNOEXEC of Linux)."""
    after_the_name = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return bool(int(after_the_name[6]) & 0x40)
