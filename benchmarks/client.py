"""Visitors: so many at once, each waits for its answer before it asks again, with a new connection per request.

Plain sockets, because the client shares the processors with what it measures.
"""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.measuring import PER_SECOND, Measured, Times

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Load:
    """What came back, in the order of the requests, and how long all of it took."""

    answers: Sequence[Answer]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers)

    @property
    def times(self) -> Times:
        return Times.of(answer.seconds for answer in self.answers)


def get(path: str, token: str = "", *, cookie: str = "") -> bytes:
    bearer = f"Authorization: Bearer {token}\r\nAccept-Encoding: gzip\r\n" if token else ""
    known = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n{bearer}{known}\r\n".encode()


def post(path: str, token: str, body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def ask(port: int, request: bytes) -> Answer:
    """One request and its whole answer."""
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_SECONDS) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return Answer(int(head[9:12]), body, time.perf_counter() - start)


def load(port: int, requests: Sequence[bytes], clients: int) -> Load:
    """Send all of these, from so many clients. Raises what went wrong in one of them."""
    answers: list[Answer | None] = [None] * len(requests)
    trouble: list[BaseException] = []
    start = threading.Barrier(clients + 1)

    def work(first: int) -> None:
        start.wait()
        try:
            for number in range(first, len(requests), clients):
                answers[number] = ask(port, requests[number])
        except BaseException as error:
            trouble.append(error)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    if trouble:
        raise trouble[0]
    return Load([answer for answer in answers if answer is not None], taken)


def rate(what: str, database: str, ours: Load, bare: Load) -> Measured:
    """Two loads side by side."""
    more = f"bare p99 {bare.times.p99:.0f} ms"
    return Measured(what, database, ours.per_second, bare.per_second, PER_SECOND, more, ours.times)
