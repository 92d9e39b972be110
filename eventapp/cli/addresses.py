"""Which addresses stay on this machine, and is a port still free?"""

import socket
from contextlib import closing
from ipaddress import ip_address
from urllib.parse import urlsplit

import click

WILDCARDS = ("0.0.0.0", "::")


def is_loopback(address: str) -> bool:
    """Whether a host name, an IP address or a URL stays on this machine."""
    host = (urlsplit(address).hostname or "") if "://" in address else address
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_url(host: str, port: int) -> str:
    """Where a browser on this machine finds the server."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        # As the server will do it: ports of connections that just closed are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(host: str, port: int) -> None:
    """Refuse with one clear line when something else listens there."""
    if not is_free(host, port):
        raise click.ClickException(f"cannot listen on {host}:{port}: the port is in use (choose another with PORT=)")


def free_port(host: str) -> int:
    """A port that nothing uses at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
