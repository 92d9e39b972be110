"""A provider that takes calls and says nothing: how do the threads of a web server get something else done?"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Silence:
    """After `enough` calls in a row without an answer nobody calls for `rest` seconds; then one tries, and so on.

    A single silence changes nothing, as trying again at once is right then. Shared by threads; `clock` is seconds that
    never go back.
    """

    enough: int = 3
    rest: float = 10.0
    clock: Callable[[], float] = time.monotonic
    _in_a_row: int = 0
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def may_call(self) -> bool:
        """Whether to call now; who may call while others may not has to say what came of it."""
        with self._lock:
            now = self.clock()
            if self._in_a_row < self.enough:
                return True
            if now < self._until:
                return False
            self._until = now + self.rest
            return True

    def heard(self) -> None:
        """There was an answer, whatever it said."""
        with self._lock:
            self._in_a_row = 0

    def unheard(self) -> None:
        """There was none."""
        with self._lock:
            self._in_a_row += 1
            self._until = self.clock() + self.rest
