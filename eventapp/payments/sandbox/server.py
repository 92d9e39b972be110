"""How does the sandbox run? As a threaded server on one port, with the webhooks sent from behind it."""

import logging
from ipaddress import ip_address
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from . import ledger
from .app import create_sandbox
from .house import House
from .webhooks import Dispatcher

log = logging.getLogger(__name__)

# How soon a stop is noticed; tests start and stop many sandboxes.
_POLL_SECONDS = 0.05


class _QuietHandler(WSGIRequestHandler):
    """No line per call: what arrived is counted and shown on the control page."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        log.debug("%s %s", self.command, code)


class SandboxServer:
    """A sandbox that listens from the moment it is made. Port 0 takes a free one; `url` tells which.

    Call `start` and `stop`, or `serve` to stay until interrupted.
    """

    def __init__(self, *, host: str, port: int, database: str, public_url: str = "") -> None:
        app = create_sandbox(database, public_url=public_url)
        self._house: House = app.extensions["sandbox"]
        self._webhooks = Dispatcher(self._house.store, ledger.lapse)
        self._server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), name="sandbox", daemon=True)
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self._server.server_port}"

    def start(self) -> None:
        """Answer in the background."""
        self._webhooks.start()
        self._thread.start()

    def stop(self) -> None:
        """Close the port, let go of waiting calls, and close the file."""
        self._house.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._close()

    def serve(self) -> None:
        """Answer until interrupted."""
        self._webhooks.start()
        try:
            self._server.serve_forever()
        finally:
            self._house.stopping.set()
            self._close()

    def _close(self) -> None:
        self._server.server_close()
        self._webhooks.stop()
        self._house.store.close()


def run(*, host: str, port: int, database: str, public_url: str = "") -> None:
    """Run the sandbox until interrupted. Anybody who can reach it can mark payments as paid, so it belongs at home."""
    server = SandboxServer(host=host, port=port, database=database, public_url=public_url)
    if not _is_loopback(host):
        log.warning("the Mollie sandbox listens on %s: everybody who can reach it can mark payments as paid", host)
    log.info("the Mollie sandbox answers at %s", server.url)
    try:
        server.serve()
    except KeyboardInterrupt:
        log.info("the Mollie sandbox stopped")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
