"""The security headers: strict everywhere, wider exactly where a page needs it."""

import pytest
from flask import Flask, Response

from eventapp.web.headers import allow_framing, security_headers

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def make_app(**settings: object) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update({"PUBLIC_BASE_URL": "http://127.0.0.1:8000", **settings})
    security_headers(app)
    app.add_url_rule("/", view_func=lambda: "page", endpoint="page")
    app.add_url_rule("/deur", view_func=lambda: "door", endpoint="door")
    app.add_url_rule("/deurbel", view_func=lambda: "bell", endpoint="bell")
    app.add_url_rule("/boom", view_func=lambda: str(1 // 0), endpoint="boom")
    app.add_url_rule(
        "/embed",
        view_func=lambda: allow_framing(Response("frame"), "https://site.example"),
        endpoint="embed",
    )
    return app


def headers_of(address: str, **settings: object) -> dict[str, str]:
    return dict(make_app(**settings).test_client().get(address).headers)


def test_a_page_has_all_headers() -> None:
    headers = headers_of("/")

    assert headers == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": "4",
        "Content-Security-Policy": STRICT,
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }


@pytest.mark.parametrize("address", ["/nowhere", "/boom"])
def test_an_error_page_is_as_strict(address: str) -> None:
    assert headers_of(address)["Content-Security-Policy"] == STRICT


def test_forms_may_lead_to_the_checkout_that_the_settings_name() -> None:
    headers = headers_of("/", CSP_FORM_ACTION=["https://pay.example"])

    assert "form-action 'self' https://pay.example;" in headers["Content-Security-Policy"]


def test_only_the_door_may_use_the_camera() -> None:
    assert headers_of("/deur")["Permissions-Policy"].startswith("camera=(self),")
    assert headers_of("/deurbel")["Permissions-Policy"].startswith("camera=(),")


def test_browsers_are_told_to_stay_on_https_when_the_public_address_is() -> None:
    assert headers_of("/", PUBLIC_BASE_URL="https://app.example")["Strict-Transport-Security"] == "max-age=31536000"


def test_a_page_for_other_sites_names_who_may_frame_it() -> None:
    headers = headers_of("/embed", CSP_FORM_ACTION=["https://pay.example"])

    assert headers["Content-Security-Policy"] == STRICT.replace(
        "form-action 'self'", "form-action 'self' https://pay.example"
    ).replace("frame-ancestors 'none'", "frame-ancestors https://site.example")
    assert "X-Frame-Options" not in headers
