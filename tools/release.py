"""Makes build/eventapp-<version>.tar.gz: what is committed with the front-end files in place, so no npm is needed.

The same commit gives the same bytes: files in order, owned by nobody, as old as the commit. Beside it lies its SHA-256.
"""

import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VENDOR = ROOT / "static" / "vendor"


def main() -> int:
    if _git("status", "--porcelain"):
        print("release: there are changes that are not committed", file=sys.stderr)
        return 1
    archive = make_archive(BUILD)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_suffix(archive.suffix + ".sha256").write_text(f"{digest}  {archive.name}\n")
    print(f"release: {archive.relative_to(ROOT)}, {archive.stat().st_size // 1024} kB")
    return 0


def make_archive(folder: Path) -> Path:
    """Write the archive of HEAD with the front-end files under `folder`, and answer where it is."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    name = f"eventapp-{version}"
    made_at = int(_git("log", "-1", "--format=%ct"))
    committed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.tar.gz"
    with (
        path.open("wb") as raw,
        # The usual level: the highest one takes twice as long for a thousandth less.
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=made_at, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as out,
        tarfile.open(fileobj=io.BytesIO(committed)) as source,
    ):
        for member in source.getmembers():
            content = source.extractfile(member) if member.isfile() else None
            member.name = f"{name}/{member.name}"
            out.addfile(_nobodys(member, made_at), content)
        for file in sorted(path for path in VENDOR.rglob("*") if path.is_file()):
            member = tarfile.TarInfo(f"{name}/{file.relative_to(ROOT).as_posix()}")
            member.size = file.stat().st_size
            with file.open("rb") as content:
                out.addfile(_nobodys(member, made_at), content)
    return path


def _nobodys(member: tarfile.TarInfo, made_at: int) -> tarfile.TarInfo:
    member.uname = member.gname = "root"
    member.mtime = made_at
    return member


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
