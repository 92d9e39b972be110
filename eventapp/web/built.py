"""How does what was made beforehand appear, and of what? A folder whole or not at all; only the newest few stay."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

# A process that still serves an earlier release keeps its files for a while.
_RELEASES_KEPT = 3


def build_once(built: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """The folder of this name below `built`, filled by `fill` unless it is there; drops all but the newest."""
    target = built / name
    if not target.is_dir():
        built.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=built, prefix=".making-") as scratch:
            copy = Path(scratch) / "copy"
            copy.mkdir()
            fill(copy)
            copy.rename(target)
    target.touch()
    releases = sorted((folder for folder in built.iterdir() if folder.name[0] != "."), key=os.path.getmtime)
    for old in releases[:-_RELEASES_KEPT]:
        shutil.rmtree(old)
    return target


def files_below(folder: Path) -> Iterator[str]:
    """The paths of all files in this folder and the folders in it, in no order; much quicker than `Path.rglob`."""
    for parent, _folders, names in os.walk(folder):
        yield from (os.path.join(parent, name) for name in names)
