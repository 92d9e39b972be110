"""What Lighthouse says of pages, as a phone sees them."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.browser.camera import launch_flags
from tools.page_tools import page_tools

SCRIPT = Path(__file__).with_suffix(".mjs")


@dataclass(frozen=True)
class Judged:
    """Points out of a hundred by category, and what cost points."""

    scores: dict[str, int]
    faults: list[str]


def judge(pages: Mapping[str, tuple[str, Sequence[str]]], *, quick: bool = False) -> dict[str, Judged]:
    """What it says of each page, an address and the categories to look at, one after the other in one browser.

    `quick` does not wait until a loaded page has been quiet for seconds: enough for all but its speed. Raises
    CalledProcessError when a page does not come.
    """
    tools = page_tools()
    asked = {
        "modules": str(tools.modules),
        "chromium": shutil.which("chromium") or "/usr/bin/chromium",
        "flags": launch_flags(None),
        "pages": dict(pages),
        "quick": quick,
    }
    done = subprocess.run(
        [tools.node, SCRIPT], input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True, timeout=300
    )
    return {name: Judged(**said) for name, said in json.loads(done.stdout).items()}
