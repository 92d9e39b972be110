"""A mail server that takes everything and counts it, and that can be told what is to happen before it says yes."""

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Letterbox:
    """`taken` counts what came, by Message-ID and address; `url` is its SMTP_URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.taken: Counter[tuple[str, str]] = Counter()
        self._before_yes: Callable[[], None] | None = None

    @property
    def armed(self) -> bool:
        """Whether what was asked for the next mail is still to happen."""
        return self._before_yes is not None

    def before_the_next_yes(self, act: Callable[[], None] | None) -> None:
        """Once the next mail was taken and before its sender hears so, do this. None calls it off."""
        self._before_yes = act

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        message_id = str(BytesHeaderParser().parsebytes(cast(bytes, envelope.content))["Message-ID"])
        self.taken[message_id, envelope.rcpt_tos[0]] += 1
        act, self._before_yes = self._before_yes, None
        if act:
            act()
        return "250 Accepted"


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Letterbox(f"smtp://127.0.0.1:{port}")
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
