"""What time is it? Asked once per request, at the edge; everything below is told."""

from datetime import datetime

from flask import current_app, g


def now() -> datetime:
    """The moment of this request, aware UTC."""
    if "now" not in g:
        g.now = current_app.config["CLOCK"]()
    return g.now
