"""A running Mollie sandbox for tests: the real server on a free port, with the controls as methods."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from eventapp.payments.mollie import MollieGateway
from eventapp.payments.sandbox import SandboxServer

API_KEY = "test_zandbaksleutel0123456789"


class RunningSandbox:
    """One sandbox over HTTP. `url` is what MOLLIE_API_ENDPOINT takes, `api_key` what MOLLIE_API_KEY takes."""

    api_key = API_KEY

    def __init__(self, url: str) -> None:
        self.url = url

    def gateway(self, *, api_key: str = API_KEY, timeout: tuple[float, float] = (2, 5)) -> MollieGateway:
        """The real client, pointed at this sandbox."""
        return MollieGateway(api_key, self.url, timeout=timeout)

    def control(self, path: str, **values: Any) -> dict[str, Any]:
        """POST to /control/<path>; a refusal fails the test."""
        answer = self.request("POST", f"/control/{path}", json=values)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def mark(self, payment_id: str, status: str, **values: Any) -> None:
        """Let a payment become paid, failed, canceled, expired, pending or open."""
        self.control(f"payments/{payment_id}/mark", status=status, **values)

    def fault(self, kind: str, *, operation: str = "any", times: int = 1, after_work: bool = False) -> None:
        """Spoil the next calls; `times=0` until the next reset."""
        self.control("faults", kind=kind, operation=operation, times=times, after_work=after_work)

    def switch(self, name: str, value: Any = True) -> None:
        """Turn a switch: no-webhooks, double-webhooks, late-webhooks, refunds-queued, cancelable, webhook-delays."""
        self.control("switches", **{name: value})

    def calls(self) -> dict[str, int]:
        """How often each operation of the API was called since the last reset."""
        return self.request("GET", "/control/calls").json()

    def webhooks(self) -> list[dict[str, Any]]:
        """Every webhook since the last reset with its state and answers."""
        return self.request("GET", "/control/webhooks").json()

    def settled_webhooks(self, *, within: float = 5) -> list[dict[str, Any]]:
        """The webhooks once none is waiting or under way any more."""
        return self.until(lambda log: all(call["state"] in ("delivered", "given up") for call in log), within=within)

    def until(self, condition: Any, *, within: float = 5) -> list[dict[str, Any]]:
        """The webhooks as soon as they satisfy the condition; fails the test after so many seconds."""
        end = time.monotonic() + within
        while not condition(log := self.webhooks()):
            assert time.monotonic() < end, log
            time.sleep(0.02)
        return log

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """A bare HTTP call, past every proxy and without following redirects."""
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, self.url + path, timeout=10, allow_redirects=False, **options)


@contextmanager
def running_sandbox(database: str = ":memory:") -> Iterator[RunningSandbox]:
    """A sandbox that answers until the block ends."""
    server = SandboxServer(host="127.0.0.1", port=0, database=database)
    server.start()
    try:
        yield RunningSandbox(server.url)
    finally:
        server.stop()
