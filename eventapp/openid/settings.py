"""Is it safe to send people and our secret to this provider? Only the configured address and what it names itself."""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from config import UnsafeSetting

_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")


def check_settings(config: Any) -> None:
    """Refuse with UnsafeSetting half a configuration, and an address that is not safe to talk to.

    Without ENTRA_CLIENT_ID nothing may be set: somebody meant to switch it on and forgot. The default of
    OIDC_DISCOVERY_URL has been filled in by config.py.
    """
    if not config["ENTRA_CLIENT_ID"]:
        for name in ("ENTRA_CLIENT_SECRET", "ENTRA_TENANT", "OIDC_DISCOVERY_URL"):
            if config[name]:
                raise UnsafeSetting(f"{name} is set without ENTRA_CLIENT_ID")
        return
    if not config["ENTRA_CLIENT_SECRET"]:
        raise UnsafeSetting("ENTRA_CLIENT_ID is set without ENTRA_CLIENT_SECRET")
    if config["ENTRA_TENANT"] and not _TENANT.fullmatch(config["ENTRA_TENANT"]):
        raise UnsafeSetting("ENTRA_TENANT must be the id or the domain of a tenant")
    if config["ENTRA_TENANT"] and f"/{config['ENTRA_TENANT']}/" not in config["OIDC_DISCOVERY_URL"]:
        raise UnsafeSetting("ENTRA_TENANT says nothing once OIDC_DISCOVERY_URL is set: leave one of them out")
    if not is_safe(config["OIDC_DISCOVERY_URL"]):
        raise UnsafeSetting("OIDC_DISCOVERY_URL must be an https address; plain http is for this machine only")


def is_safe(url: object, *, on_this_machine: bool = True) -> bool:
    """Whether this is an https address; plain http only to this machine, and only when that is allowed."""
    if not isinstance(url, str) or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and parts.username is None and not parts.fragment
    except ValueError:
        return False
    return usable and (parts.scheme == "https" or (parts.scheme == "http" and on_this_machine and is_loopback(url)))


def is_loopback(url: str) -> bool:
    """Whether the address stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
