"""What does gunicorn do around our app? It makes the app once, and its workers share the memory of that.

Read by gunicorn as its configuration, so every name here is one of its settings.
"""

import gc
from typing import Any

preload_app = True


def when_ready(_server: Any) -> None:
    """Before the workers are born: what the app is made of stays for good, so nobody has to walk through it again.

    A collection that touched it would copy the pages that workers share, and hold up whoever waits for an answer.
    """
    gc.collect()
    gc.freeze()
