"""The house's database behind a web server of production: pages without a demo's ribbon, open to search engines."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from werkzeug.serving import make_server

from config import TestConfig
from eventapp import create_app
from eventapp.cli.addresses import free_port
from eventapp.extensions import db


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """The address at which it answers."""
    port = free_port("127.0.0.1")
    address = f"http://127.0.0.1:{port}"
    app = create_app(TestConfig(database_url, PUBLIC_BASE_URL=address, CLOCK=lambda: datetime.now(UTC)))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()
