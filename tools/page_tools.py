"""Puts the programs that look at our pages under build/page-tools/: axe, Lighthouse, the Nu HTML checker, and Node.js.

They are locked in tests/accessibility/, never committed and never sent to a browser by us. None of them brings a
browser: tests use Debian's Chromium. Lighthouse wants a newer Node.js than many machines have; then the one from the
wheel in tools/node.txt is kept beside it.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.vendor import NODE_REQUIREMENTS, throwaway_node  # noqa: E402

PROJECT = ROOT / "tests" / "accessibility"
TARGET = ROOT / "build" / "page-tools"
NPM_FILES = (PROJECT / "package.json", PROJECT / "package-lock.json", ROOT / ".npmrc")
OLDEST_NODE = (22, 19)


@dataclass(frozen=True)
class PageTools:
    """Where they stand."""

    node: Path
    modules: Path

    @property
    def axe(self) -> Path:
        return self.modules / "axe-core" / "axe.min.js"

    @property
    def html_checker(self) -> Path:
        return self.modules / "vnu-jar" / "build" / "dist" / "vnu.jar"


def page_tools() -> PageTools:
    """Where they stand, after fetching what the lock files name and is not there yet; one process at a time."""
    TARGET.mkdir(parents=True, exist_ok=True)
    stamp, version = TARGET / "version", _version()
    with (TARGET / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != version:
            _install()
            stamp.write_text(version)
    own = TARGET / "node" / "bin" / "node"
    return PageTools(own if own.exists() else Path(shutil.which("node") or "node"), TARGET / "node_modules")


def _version() -> str:
    digest = hashlib.sha256()
    for path in (*NPM_FILES, NODE_REQUIREMENTS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _install() -> None:
    print("page tools: fetching the locked npm packages", flush=True)
    shutil.rmtree(TARGET / "node", ignore_errors=True)
    environment = os.environ.copy()
    if not _machine_has_node():
        environment["PATH"] = f"{throwaway_node(TARGET)}{os.pathsep}{environment.get('PATH', '')}"
    for path in NPM_FILES:
        shutil.copy(path, TARGET)
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        raise SystemExit("page tools: no npm here, and tools/node.txt did not bring one")
    subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=TARGET, env=environment, check=True)


def _machine_has_node() -> bool:
    """Whether Node.js and npm are here, new enough for Lighthouse."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


if __name__ == "__main__":
    page_tools()
