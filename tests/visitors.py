"""Thousands of visitors at once in one process: each a coroutine that asks over a bare socket of its own.

Plain sockets, because the visitors share the processors with the server that they wait for.
"""

import asyncio
import re
import resource
import ssl
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

_HIDDEN = re.compile(r'<input\b(?=[^>]*\btype="hidden")[^>]*>')
_ATTRIBUTE = re.compile(r'\b(name|value)="([^"]*)"')
_COOKIE = re.compile(r"^set-cookie: ([^;\r]+)", re.IGNORECASE | re.MULTILINE)
_BUSY = 503
_HANDSHAKE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    path: str
    status: int
    head: str
    page: str

    def header(self, name: str) -> str:
        """Its value; '' when it was not sent."""
        found = re.search(rf"^{name}: (.*?)\r?$", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""

    @property
    def hidden(self) -> dict[str, str]:
        """What the forms of the page send without anybody typing it."""
        inputs = [dict(_ATTRIBUTE.findall(one)) for one in _HIDDEN.findall(self.page)]
        return {unescape(one["name"]): unescape(one.get("value", "")) for one in inputs}


@dataclass
class Seen:
    """What all of them met: every answer with its status, and the longest wait for one."""

    statuses: Counter[int] = field(default_factory=Counter)
    worst_seconds: float = 0.0

    def __str__(self) -> str:
        told = ", ".join(f"{number} x {status}" for status, number in sorted(self.statuses.items()))
        return f"{told}; slowest answer {self.worst_seconds:.1f} s"


class Visitor:
    """One browser behind an address of its own, with its cookies. Who hears that it is too busy comes back later."""

    def __init__(self, port: int, number: int, seen: Seen, tls: ssl.SSLContext | None = None) -> None:
        self.number = number
        self._port, self._seen, self._tls = port, seen, tls
        self._from = f"127.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
        self._cookies: dict[str, str] = {}

    async def get(self, path: str) -> Answer:
        return await self._until_not_busy("GET", path, {})

    async def post(self, path: str, form: dict[str, str]) -> Answer:
        """The answer, or the page that it leads on to."""
        answer = await self._until_not_busy("POST", path, form)
        if answer.status != 303:
            return answer
        return await self.get(urlsplit(answer.header("Location")).path)

    async def _until_not_busy(self, method: str, path: str, form: dict[str, str]) -> Answer:
        while True:
            answer = await self._ask(method, path, form)
            if answer.status != _BUSY:
                return answer
            await asyncio.sleep(int(answer.header("Retry-After")))
            if method == "POST":
                # The button of that page, which brings along what was typed.
                form = answer.hidden

    async def _ask(self, method: str, path: str, form: dict[str, str]) -> Answer:
        start = time.perf_counter()
        head, body = await self._exchange(self._request(method, path, form))
        seconds = time.perf_counter() - start
        answer = Answer(path, int(head[9:12]), head, body)
        self._cookies.update(one.split("=", 1) for one in _COOKIE.findall(head))
        self._seen.statuses[answer.status] += 1
        self._seen.worst_seconds = max(self._seen.worst_seconds, seconds)
        return answer

    def _request(self, method: str, path: str, form: dict[str, str]) -> bytes:
        content = urlencode(form).encode() if method == "POST" else b""
        head = [f"{method} {path} HTTP/1.1", "Host: bij.example", "Connection: close", f"X-Forwarded-For: {self._from}"]
        if self._tls:
            # Where it is https, forms are taken from their own site only.
            head.append(f"Referer: https://bij.example{path}")
        if self._cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self._cookies.items()))
        if method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(content)}"]
        return "\r\n".join([*head, "", ""]).encode() + content

    async def _exchange(self, request: bytes) -> tuple[str, str]:
        tls: dict[str, Any] = {"ssl": self._tls, "ssl_handshake_timeout": _HANDSHAKE_SECONDS} if self._tls else {}
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._from, 0), **tls)
        try:
            writer.write(request)
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        if not head:
            raise ConnectionResetError("hung up without an answer")
        return head.decode(), body.decode()


def all_at_once(
    url: str, number: int, visit: Callable[[Visitor], Awaitable[str]], *, trusted: Path | None = None
) -> tuple[Counter[str], Seen]:
    """So many visitors in the same moment: how each ended (an error by its name), and what they met on the way.

    An address with https has the certificate that is `trusted`.
    """
    _allow_sockets(number)
    tls = ssl.create_default_context(cafile=trusted) if trusted else None
    return asyncio.run(_all(urlsplit(url).port or 80, number, visit, tls))


async def _all(
    port: int, number: int, visit: Callable[[Visitor], Awaitable[str]], tls: ssl.SSLContext | None
) -> tuple[Counter[str], Seen]:
    seen = Seen()
    visits = (visit(Visitor(port, one, seen, tls)) for one in range(number))
    ended = await asyncio.gather(*visits, return_exceptions=True)
    return Counter(type(one).__name__ if isinstance(one, BaseException) else one for one in ended), seen


def _allow_sockets(number: int) -> None:
    """Every visitor takes a file of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number + 200, hard), hard))
