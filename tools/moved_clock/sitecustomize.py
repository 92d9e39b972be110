"""Lets Python sleep under Debian's faketime.

faketime leaves the monotonic clock alone when asked to, but still shifts the moment until which `time.sleep` asks the
system to sleep, and the call fails with "Invalid argument". Waiting for an event that never comes is not shifted.
Python imports this file at its start when the folder is on PYTHONPATH, so child processes sleep too.
"""

import threading
import time


def _sleep(seconds: float) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    threading.Event().wait(seconds)


time.sleep = _sleep
