"""Which answers may a script on another site read? What everybody may see, and never with anybody's rights."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

View = TypeVar("View", bound=Callable[..., Any])

# What a script may see of the headers, besides the few that it always may.
_SHOWN = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"


def readable_elsewhere(view: View) -> View:
    """Let scripts of every site read what this view answers. Only for what needs no token and no cookie."""
    view.readable_elsewhere = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    app.after_request(_allow)


def _allow(response: Response) -> Response:
    """A token is not among the headers that a script may send, nor a cookie: this is no door for the signed-in."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "readable_elsewhere", False):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    else:
        response.headers["Access-Control-Expose-Headers"] = _SHOWN
    return response
