"""Runs all tests, after installing what is missing where that is possible.

What could not be had is named in one closing line; with CI=true that is a failure. Databases and other files of the
tests lie in memory where there is room: the apps wait for the disk with every promise, and tests make thousands.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Files as a whole, as several have servers of their own, and in the order of tests/conftest.py.
DISTRIBUTION = ("--dist", "loadfile", "--no-loadscope-reorder")
IN_MEMORY = "/dev/shm"
NEEDED_BYTES = 1024**3


@dataclass(frozen=True)
class Need:
    """What the tests with one marker need, and how one sees that it is there."""

    marker: str
    what: str
    is_there: Callable[[], bool]
    debian_packages: tuple[str, ...] = ()


def main(arguments: list[str]) -> int:
    missing = [need for need in NEEDS if not need.is_there()]
    packages = [package for need in missing for package in need.debian_packages]
    if packages and apt_install(packages):
        missing = [need for need in missing if not need.is_there()]

    markers, arguments = marked(arguments, [f"not {need.marker}" for need in missing])
    # One more than there are processors, as many tests wait: for servers, browsers and each other.
    jobs = os.environ.get("JOBS", str((os.cpu_count() or 1) + 1))
    command = [sys.executable, "-m", "pytest", "-n", jobs, *DISTRIBUTION, *markers, *arguments]
    with tempfile.TemporaryDirectory(prefix="eventapp-tests-", dir=memory_folder()) as folder:
        failed = subprocess.run(command, cwd=ROOT, env=environment_in(folder), check=False).returncode
    if not missing:
        return failed
    print("NOT RUN: " + "; ".join(f"tests marked {need.marker}, for want of {need.what}" for need in missing))
    return failed or int(os.environ.get("CI") == "true")


def marked(arguments: list[str], wanted: list[str]) -> tuple[list[str], list[str]]:
    """One `-m` of what is wanted and what was asked for, as pytest hears the last one only; and the other words."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-m", action="append", default=wanted)
    found, others = parser.parse_known_args(arguments)
    return ["-m", " and ".join(f"({one})" for one in found.m)] if found.m else [], others


def memory_folder() -> str | None:
    """A folder of files in memory with room for all that tests leave; None when there is none."""
    if not os.access(IN_MEMORY, os.W_OK) or shutil.disk_usage(IN_MEMORY).free < NEEDED_BYTES:
        return None
    return IN_MEMORY


def environment_in(folder: str) -> dict[str, str]:
    """Ours, with temporary files in this folder; the dozens of processes that tests start find our code compiled."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**ours, "TMPDIR": folder}


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages as root or with a sudo that asks no password; say whether that worked."""
    prefix = administrator()
    if prefix is None or shutil.which("apt-get") is None:
        return False
    print(f"tests: installing {' '.join(packages)}", flush=True)
    install = [*prefix, "apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if quietly(install):
        return True
    # A bare machine has no package index yet, or an old one.
    return quietly([*prefix, "apt-get", "update"]) and quietly(install)


def administrator() -> list[str] | None:
    """What to put before a command to run it as root: nothing for root, None when it cannot be done."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and quietly(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def chromium_is_there() -> bool:
    """Debian's Chromium for the pages, and poppler's pdftoppm to look at PDFs as a scanner would."""
    return bool(shutil.which("chromium") and shutil.which("pdftoppm"))


def machine_is_there() -> bool:
    """What looks at the files of deploy/."""
    return all(shutil.which(program) for program in ("nginx", "openssl", "systemd-analyze"))


def java_is_there() -> bool:
    """What the Nu HTML checker runs in."""
    return shutil.which("java") is not None


def postgres_starts() -> bool:
    return quietly([sys.executable, "-m", "tests.postgres"])


def quietly(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0


NEEDS = (
    Need("browser", "chromium and pdftoppm", chromium_is_there, ("chromium", "poppler-utils")),
    Need("machine", "nginx, openssl and systemd-analyze", machine_is_there, ("nginx-light", "openssl", "systemd")),
    Need("html", "a Java runtime", java_is_there, ("default-jre-headless",)),
    Need("postgres", "a PostgreSQL server (python -m tests.postgres says why)", postgres_starts),
)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
