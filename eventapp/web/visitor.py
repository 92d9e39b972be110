"""Which visitor is this, without knowing who? A keyed hash of where they come from, and what this browser just did.

The hash lets limits count without anybody's address being kept; what the browser did is in its own signed session.
"""

import hashlib
import hmac
from ipaddress import ip_address, ip_network

from flask import current_app, request, session

# One household or office has a whole IPv6 network of this size.
_IPV6_NETWORK = 64


def visitor_key() -> str:
    """Equal for requests from the same address; '' when there is none."""
    if not request.remote_addr:
        return ""
    try:
        address = ip_address(request.remote_addr)
    except ValueError:
        return ""
    origin = str(ip_network((address, _IPV6_NETWORK), strict=False)) if address.version == 6 else str(address)
    return hmac.new(current_app.config["SECRET_KEY"].encode(), origin.encode(), hashlib.sha256).hexdigest()[:32]


def remember_order(token: str) -> None:
    """This browser made that order; the last ten are kept."""
    session["orders"] = [*session.get("orders", []), token][-10:]


def made_order(token: str) -> bool:
    """Whether this browser made that order."""
    return token in session.get("orders", [])
