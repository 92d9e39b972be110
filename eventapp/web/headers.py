"""What may a page do in the browser, and who may show it in a frame?"""

from collections.abc import Iterable
from functools import lru_cache

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

_REFERRER = "same-origin"  # Links hold tokens: no other site sees them. Our own CSRF check on https needs the header.
_HSTS = "max-age=31536000"
_NO_DEVICES = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
_CAMERA = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


def security_headers(app: Flask) -> None:
    """Send the security headers with every answer; what a view set itself is kept.

    Reads the settings CSP_FORM_ACTION (origins, besides our own, that a form may lead to, also by redirect) and
    PUBLIC_BASE_URL.
    """
    app.after_request(_add_security_headers)


def content_security_policy(form_action: Iterable[str] = (), frame_ancestors: Iterable[str] = ("'none'",)) -> str:
    """The policy of a page: only our own files, no inline script or style; pictures may be data (Pico's CSS has them).

    Chromium holds every redirect after a form to form-action, so the payment provider has to be named there.
    """
    directives = {
        "default-src": ("'none'",),
        "script-src": ("'self'",),
        "style-src": ("'self'",),
        "img-src": ("'self'", "data:"),
        "font-src": ("'self'",),
        "connect-src": ("'self'",),
        "worker-src": ("'self'",),
        "manifest-src": ("'self'",),
        "frame-src": ("'self'",),
        "form-action": ("'self'", *form_action),
        "base-uri": ("'none'",),
        "frame-ancestors": tuple(frame_ancestors),
    }
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def allow_framing(response: Response, *origins: str) -> Response:
    """Let pages of these origins show this answer in a frame: `"'self'"`, or `https://site.example`."""
    response.headers["Content-Security-Policy"] = content_security_policy(_form_action(), origins)
    return response


def _add_security_headers(response: Response) -> Response:
    said = {name.lower() for name, _ in response.headers}
    secure = current_app.config["PUBLIC_BASE_URL"].startswith("https://")
    policy = _usual_policy(_form_action())
    for name, value in _usual(policy, at_the_door=_at_the_door(), secure=secure):
        # A policy of the view's own also says who may show the page in a frame.
        framed = name == "X-Frame-Options" and "content-security-policy" in said
        if name.lower() not in said and not framed:
            response.headers.add(name, value)
    return response


@lru_cache(maxsize=16)
def _usual_policy(form_action: tuple[str, ...]) -> str:
    return content_security_policy(form_action)


@lru_cache(maxsize=16)
def _usual(policy: str, *, at_the_door: bool, secure: bool) -> tuple[tuple[str, str], ...]:
    """Every header of an answer that says nothing itself."""
    usual = (
        ("Content-Security-Policy", policy),
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", _REFERRER),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", _CAMERA if at_the_door else _NO_DEVICES),
    )
    return (*usual, ("Strict-Transport-Security", _HSTS)) if secure else usual


def _form_action() -> tuple[str, ...]:
    return tuple(current_app.config.get("CSP_FORM_ACTION", ()))


def _at_the_door() -> bool:
    return request.path == "/deur" or request.path.startswith("/deur/")
