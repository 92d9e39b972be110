"""What does a process keep at hand for whoever asks the same? What was asked for longest ago makes room."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Things of one kind by key, for all threads of a process."""

    # Enough for every coming event, at about 10 kB a page, and the usual filters of a long agenda.
    MOST_BYTES = 4 * 1024 * 1024

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """What is kept under this key."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, value: Value, size: int) -> None:
        """Have it at hand, as so many bytes."""
        with self._lock:
            _, before = self._kept.pop(key, (None, 0))
            self._kept[key] = (value, size)
            self._bytes += size - before
            while self._bytes > self.MOST_BYTES:
                _, (_, gone) = self._kept.popitem(last=False)
                self._bytes -= gone
