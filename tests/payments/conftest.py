"""The sandbox and a merchant's server to call, both real and on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from eventapp.payments.gateway import NewPayment
from eventapp.payments.mollie import MollieGateway
from tests.sandbox import RunningSandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(sandbox_server: RunningSandbox) -> RunningSandbox:
    sandbox_server.control("reset")
    return sandbox_server


@pytest.fixture
def gateway(sandbox: RunningSandbox) -> MollieGateway:
    return sandbox.gateway()


def new_payment(
    *,
    amount_cents: int = 9500,
    methods: tuple[str, ...] = ("ideal",),
    webhook_url: str = "http://127.0.0.1:9/webhooks/mollie/geheim",
    idempotency_key: str = "poging-1",
    description: str = "Themadag 2027, aanmelding 17",
) -> NewPayment:
    return NewPayment(
        amount_cents=amount_cents,
        description=description,
        redirect_url="http://127.0.0.1:9/bestelling/terug",
        webhook_url=webhook_url,
        cancel_url="http://127.0.0.1:9/bestelling/geannuleerd",
        methods=methods,
        reference="poging-17",
        idempotency_key=idempotency_key,
    )


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Merchant:
    """A server that writes down what it gets. `statuses` are its next answers, 200 when they are used up."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    location: str = ""


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    merchant = Merchant()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            merchant.received.append(Received(self.command, self.path, dict(self.headers), body))
            self.send_response(merchant.statuses.pop(0) if merchant.statuses else 200)
            if merchant.location:
                self.send_header("Location", merchant.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    merchant.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield merchant
    server.shutdown()
    thread.join()
    server.server_close()
