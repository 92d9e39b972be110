"""A mail server of our own on loopback, which takes mails, refuses them, hangs or hangs up as a test asks."""

import asyncio
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class PostOffice:
    """What arrived, in order, and how the server behaves. `answers` holds its reply per recipient."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.connections = 0
        self.hangs = False
        self.hangs_up_on: set[str] = set()
        self.sender_answer = ""
        # Each of these happens once to a mail to this address: an answer to its words, or the line drops after them.
        self.answers_to_data: dict[str, str] = {}
        self.drops_after_data: set[str] = set()
        self.url = ""

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.hangs:
            await asyncio.sleep(5)
        if address in self.hangs_up_on:
            cast(Any, server.transport).abort()
            return "250 OK"
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        if address in self.answers_to_data:
            return self.answers_to_data.pop(address)
        self.arrived.append(cast(EmailMessage, message_from_bytes(cast(bytes, envelope.content), policy=default)))
        if address in self.drops_after_data:
            self.drops_after_data.remove(address)
            cast(Any, server.transport).abort()
        return "250 Accepted"


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A running mail server; `url` is its SMTP_URL."""
    office = PostOffice()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    office.url = f"smtp://127.0.0.1:{port}"
    yield office
    controller.stop()
