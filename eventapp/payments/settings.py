"""Is it safe to send this key to that address, and how do we keep keys out of what we write down?"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

PRODUCTION = "https://api.mollie.com"

_KEY = re.compile(r"(live|test)_[A-Za-z0-9_]+")


class UnsafeSetting(Exception):
    """A setting with which the app must not start. The text names the setting, never its value."""


def check_settings(api_key: str, endpoint: str) -> None:
    """Refuse with UnsafeSetting what would give the key away; an empty endpoint means Mollie itself."""
    key = _KEY.fullmatch(api_key.strip())
    if key is None:
        raise UnsafeSetting("MOLLIE_API_KEY must begin with test_ or live_ and hold letters, digits and _ only")
    address = endpoint.strip().rstrip("/") or PRODUCTION
    if key[1] == "live" and address != PRODUCTION:
        raise UnsafeSetting("MOLLIE_API_ENDPOINT: a live_ key goes to Mollie only")
    _check_address(address)


def is_loopback(endpoint: str) -> bool:
    """Whether the address stays on this machine."""
    host = urlsplit(endpoint).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def redact(text: str) -> str:
    """The text without anything that looks like a key."""
    return re.sub(r"\b(live|test)_\w+", r"\1_***", text)


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        plain = (parts.path, parts.query, parts.fragment, parts.username, parts.password) == ("", "", "", None, None)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        plain = usable = False
    if not (plain and usable):
        raise UnsafeSetting("MOLLIE_API_ENDPOINT must be scheme, host and port only, without /v2")
    if parts.scheme == "http" and not is_loopback(address):
        raise UnsafeSetting("MOLLIE_API_ENDPOINT: plain http is for this machine only")
