"""Measurements on disk, with the machine and the versions they were taken with; and two of them side by side."""

import json
import os
import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured, Times
from config import ROOT

FOLDER = ROOT / "benchmarks" / "results"
_PACKAGES = ("flask", "sqlalchemy", "gunicorn", "psycopg")


def circumstances(*, postgres: str, quick: bool) -> dict[str, Any]:
    """When, on what and with what. The load tells whether others were at work; it counts this run too."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "dose": "small: an impression only" if quick else "full",
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
            "disk": _disk(),
            "system": f"{platform.system()} {platform.release()}",
            "load": [round(load, 1) for load in os.getloadavg()],
        },
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "postgresql": postgres,
            **{name: version(name) for name in _PACKAGES},
        },
    }


def save(measured: Sequence[Measured], around: dict[str, Any], table: str) -> Path:
    """Write both files, one for programs and one for people; answers the first."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{around['measured_at'][:10]}-{around['commit']}.json"
    content = {**around, "measured": [{**asdict(one), "ratio": round(one.ratio, 2)} for one in measured]}
    file.write_text(json.dumps(content, indent=1) + "\n")
    file.with_suffix(".md").write_text(f"# Measured at {around['commit']}\n\n{table}")
    return file


def load(file: Path) -> list[Measured]:
    """What was saved there."""
    rows = json.loads(file.read_text())["measured"]
    for row in rows:
        del row["ratio"]
        row["times"] = Times(**row["times"]) if row["times"] else None
    return [Measured(**row) for row in rows]


def compare(before: Sequence[Measured], after: Sequence[Measured]) -> list[tuple[Measured, Measured]]:
    """What both hold, in the order of the later one."""
    known = {(one.what, one.database): one for one in before}
    return [(known[key], one) for one in after if (key := (one.what, one.database)) in known]


def _commit() -> str:
    """The commit, marked when files differ from it; `unknown` in a release, which is no working copy."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return "unknown"
    asked = [git, "describe", "--always", "--exclude=*", "--dirty=-changed"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _disk() -> str:
    """The kind of file system and disk below the temporary folder, where the databases lie."""
    device = os.stat("/tmp").st_dev
    place = f"{os.major(device)}:{os.minor(device)}"
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields, _, rest = line.partition(" - ")
        if fields.split()[2] == place:
            turning = (
                Path(f"/sys/dev/block/{place}/../queue/rotational"),
                Path(f"/sys/dev/block/{place}/queue/rotational"),
            )
            kinds = [{"0": "solid state", "1": "turning"}[one.read_text().strip()] for one in turning if one.exists()]
            return ", ".join([rest.split()[0], *kinds[:1]])
    return "unknown"
