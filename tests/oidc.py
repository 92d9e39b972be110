"""A running OpenID provider for tests, and the trip of a browser to it and back."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import ROOT, TestConfig
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET
from tests.web.office import csrf_token

BASE = TestConfig().PUBLIC_BASE_URL


class RunningProvider:
    """The provider as another process, with its controls as methods."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self.process = process

    @property
    def settings(self) -> dict[str, str]:
        """What make_app takes."""
        return {
            "ENTRA_CLIENT_ID": CLIENT_ID,
            "ENTRA_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_DISCOVERY_URL": f"{self.url}/.well-known/openid-configuration",
        }

    def reset(self) -> None:
        self.request("POST", "/reset")
        self.control(time=TestConfig.NOW.timestamp())

    def control(self, **values: Any) -> None:
        assert self.request("POST", "/control", json=values).status_code == 200

    def calls(self) -> dict[str, int]:
        found: dict[str, int] = self.request("GET", "/calls").json()
        return found

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """A bare HTTP call, past every proxy and without following redirects; a full address may be given too."""
        with requests.Session() as session:
            session.trust_env = False
            url = path if path.startswith("http") else self.url + path
            return session.request(method, url, timeout=10, allow_redirects=False, **options)

    def leave(self, client: FlaskClient, next_path: str = "", *, page: str = "/inloggen") -> str:
        """Press the button; answers where the provider sends the browser back to. `page`: one that has a form."""
        token = csrf_token(client, page)
        started = client.post("/inloggen/microsoft", data={"csrf_token": token}, query_string={"volgende": next_path})
        assert started.status_code == 303, started.text
        back = self.request("GET", started.location).headers["Location"]
        assert back.startswith(f"{BASE}/inloggen/microsoft/terug?"), back
        # The client of the tests lives at another name than the public one, under which its cookies are not known.
        return back.removeprefix(BASE)

    def trip(self, client: FlaskClient, next_path: str = "") -> TestResponse:
        """There and back; answers the page that one lands on."""
        return client.get(self.leave(client, next_path), follow_redirects=True)

    def sign_in(self, client: FlaskClient, next_path: str = "") -> TestResponse:
        """There and back, and the button pressed."""
        self.trip(client, next_path)
        return press(client)


def press(client: FlaskClient) -> TestResponse:
    """Press "Verder als …"."""
    page = "/inloggen/microsoft/verder"
    return client.post(page, data={"csrf_token": csrf_token(client, page)})


@contextmanager
def running_provider() -> Iterator[RunningProvider]:
    """A provider process that answers until the block ends."""
    command = [sys.executable, "-m", "tests.oidc_provider"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield RunningProvider(process.stdout.readline().strip(), process)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def oidc_process() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def provider(oidc_process: RunningProvider) -> RunningProvider:
    """A provider as it is by default, at the moment at which tests happen."""
    oidc_process.reset()
    return oidc_process
