"""What is the sandbox made of? The API that merchants call, the page where payers choose, and the page that rules."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, Response, request

from .api import api, no_such_resource
from .checkout import checkout
from .control import control
from .house import House
from .overview import overview
from .store import Store

LARGEST_REQUEST_BYTES = 1_000_000

STATUS_WORDS = {
    "open": "open",
    "pending": "in behandeling",
    "authorized": "gereserveerd",
    "paid": "betaald",
    "failed": "mislukt",
    "canceled": "geannuleerd",
    "expired": "verlopen",
    "queued": "in de wachtrij",
    "processing": "onderweg",
    "refunded": "terugbetaald",
}


def create_sandbox(database: str, *, public_url: str = "") -> Flask:
    """The sandbox as a WSGI app on its own SQLite file.

    It stores webhooks but does not send them: SandboxServer does. `public_url` is its address for payers when that
    differs from the one merchants call.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST_BYTES
    app.extensions["sandbox"] = House(Store(database), public_url.rstrip("/"))
    app.jinja_env.filters.update(euro=_euro, moment=_moment, word=lambda status: STATUS_WORDS.get(status, status))
    for blueprint in (api, checkout, control, overview):
        app.register_blueprint(blueprint)
    app.register_error_handler(404, _not_found)
    app.after_request(_harden)
    return app


def _not_found(error: Exception) -> Response:
    if request.path.startswith("/v2/"):
        return no_such_resource()
    return Response("Deze pagina bestaat niet in de Mollie-zandbak.", 404, mimetype="text/plain")


def _harden(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _euro(cents: int, currency: str = "EUR") -> str:
    whole = f"{cents // 100:,}".replace(",", ".")
    sign = "€" if currency == "EUR" else currency
    return f"{sign}\N{NO-BREAK SPACE}{whole},{cents % 100:02d}"


def _moment(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%d-%m-%Y %H:%M:%S")
