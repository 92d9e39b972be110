"""What do the pages and calls of one running sandbox share?"""

from dataclasses import dataclass, field
from threading import Event

from flask import current_app, request

from .store import Store


@dataclass
class House:
    """One sandbox: its memory, its own address if that cannot be told from a request, and the end of its day."""

    store: Store
    public_url: str = ""
    stopping: Event = field(default_factory=Event)

    def pause(self, seconds: float) -> None:
        """Wait, but not past the end."""
        self.stopping.wait(seconds)


def house() -> House:
    """The sandbox that answers the current request."""
    return current_app.extensions["sandbox"]


def base_address() -> str:
    """The address of the sandbox as its visitors see it, without a slash at the end."""
    return house().public_url or request.host_url.rstrip("/")
