"""What a machine is told: units that systemd accepts, and an nginx that lets through what it should and no more."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from eventapp.cli.addresses import free_port
from tests.cli.console import ROOT, SECRET, clean_environment
from tests.deploy import nginx
from tests.deploy.nginx import NAME
from tests.killable import bare, until

pytestmark = pytest.mark.machine
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_each_unit(unit: str, tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text()
        # Where these tests run nothing is installed under /opt.
        (tmp_path / name).write_text(text.replace("/opt/eventapp/current/.venv/bin/eventapp", "/bin/true"))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:/lib/systemd/system", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


class Front:
    """nginx with our file before the real web server, each on a port of its own."""

    def __init__(self, plain: int, secure: int, trusted: Path) -> None:
        self._http, self._https = f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}"
        self._trusted = str(trusted)

    def get(self, path: str, headers: dict[str, str] | None = None) -> requests.Response:
        return bare("GET", self._https + path, verify=self._trusted, headers={"Host": NAME, **(headers or {})})

    def get_plain(self, path: str) -> requests.Response:
        return bare("GET", self._http + path, headers={"Host": NAME})

    def answers(self) -> bool:
        try:
            return self.get("/healthz").status_code == 200
        except requests.RequestException:
            return False


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, sqlite_blank: Path) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    plain, secure, behind = (free_port("127.0.0.1") for _ in range(3))
    proxy = nginx.prepare(folder, plain=plain, secure=secure, behind=behind)
    assert subprocess.run([*proxy, "-t", "-q"]).returncode == 0
    settings = clean_environment(
        SECRET_KEY=SECRET,
        DATABASE_URL=f"sqlite:///{shutil.copy(sqlite_blank, folder / 'front.db')}",
        PUBLIC_BASE_URL=f"https://{NAME}",
        TRUSTED_PROXIES="1",
        PORT=str(behind),
        WEB_CONCURRENCY="1",
    )
    serve = [sys.executable, "-m", "eventapp.cli", "serve", "--web-only"]
    running = [
        subprocess.Popen([*proxy, "-g", "daemon off;"]),
        subprocess.Popen(serve, cwd=ROOT, env=settings, stderr=subprocess.DEVNULL),
    ]
    front = Front(plain, secure, folder / "fullchain.pem")
    try:
        until(lambda: front.answers() or None)
        yield front
    finally:
        for process in running:
            process.terminate()
            process.wait(60)


def test_pages_come_over_https_and_say_so(front: Front) -> None:
    answer = front.get("/inloggen")

    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Set-Cookie"].startswith("__Host-")
    assert answer.headers["Server"] == "nginx"


def test_http_leads_to_https(front: Front) -> None:
    answer = front.get_plain("/agenda/themadag?van=mail")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{NAME}/agenda/themadag?van=mail")


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}])
def test_figures_stay_on_the_machine(front: Front, headers: dict[str, str]) -> None:
    assert front.get("/metrics", headers).status_code == 404
