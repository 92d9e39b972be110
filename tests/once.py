"""What takes long to make and is the same for all workers: the first that needs it makes it, and the others copy it."""

import fcntl
from collections.abc import Callable
from pathlib import Path


def made_once(file: Path, make: Callable[[Path], None]) -> Path:
    """This file, which whoever is first makes elsewhere beside it, while others wait; so it is there whole or not."""
    with file.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not file.exists():
            begun = file.with_name(f"begun-{file.name}")
            make(begun)
            begun.rename(file)
    return file
