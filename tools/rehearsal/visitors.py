"""Who is refused while the server restarts? Visitors over https who never stop asking."""

import http.client
import socket
import ssl
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

PATIENCE_SECONDS = 90


class Visitors(AbstractContextManager["Visitors"]):
    """Some visitors, each with a new connection per question, until the block ends; then `answered`, `refused`,
    `longest` (seconds)."""

    def __init__(self, name: str, certificate: Path, *, count: int = 3) -> None:
        self.answered = 0
        self.refused: list[str] = []
        self.longest = 0.0
        self._name = name
        self._trust = ssl.create_default_context(cafile=str(certificate))
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask_on, daemon=True) for _ in range(count)]

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _ask_on(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            problem = self._ask()
            with self._lock:
                self.longest = max(self.longest, time.monotonic() - began)
                if problem:
                    self.refused.append(problem)
                else:
                    self.answered += 1
            time.sleep(0.2)

    def _ask(self) -> str:
        connection = http.client.HTTPSConnection("127.0.0.1", 443, timeout=PATIENCE_SECONDS, context=self._trust)
        try:
            plain = socket.create_connection(("127.0.0.1", 443), timeout=PATIENCE_SECONDS)
            connection.sock = self._trust.wrap_socket(plain, server_hostname=self._name)
            connection.request("GET", "/", headers={"Host": self._name})
            status = connection.getresponse().status
        except OSError as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        return "" if status == 200 else str(status)
