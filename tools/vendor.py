"""Puts the third-party front-end files under static/vendor/, and what only tests use under build/readers/.

Neither is ever committed.

npm fetches the locked packages in a temporary folder; only the files named below are kept, each with the SHA-256 of
tools/vendor.sha256. Without npm on the machine a throwaway one comes from the Python wheel named in tools/node.txt.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
READERS = ROOT / "build" / "readers"
CHECKSUMS = ROOT / "tools" / "vendor.sha256"
NODE_REQUIREMENTS = ROOT / "tools" / "node.txt"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")

PICO = "@picocss/pico"
WEB_FONT = "@fontsource-variable/atkinson-hyperlegible-next"
PRINT_FONT = "@expo-google-fonts/atkinson-hyperlegible-next"
DEJAVU = "dejavu-fonts-ttf"
ZXING = "zxing-wasm"
ICAL = "ical.js"

# Where a file goes under its folder, and where it stands in node_modules/.
# zxing keeps its own layout: reader/index.js imports ../share.js.
FILES = {
    "pico/pico.min.css": f"{PICO}/css/pico.min.css",
    "pico/LICENSE.txt": f"{PICO}/LICENSE.md",
    **{
        f"atkinson-hyperlegible-next/{name}": f"{WEB_FONT}/files/{name}"
        for name in (
            "atkinson-hyperlegible-next-latin-wght-normal.woff2",
            "atkinson-hyperlegible-next-latin-wght-italic.woff2",
            "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
            "atkinson-hyperlegible-next-latin-ext-wght-italic.woff2",
        )
    },
    **{
        f"atkinson-hyperlegible-next/AtkinsonHyperlegibleNext_{weight}.ttf": (
            f"{PRINT_FONT}/{weight}/AtkinsonHyperlegibleNext_{weight}.ttf"
        )
        for weight in ("400Regular", "600SemiBold", "700Bold")
    },
    "atkinson-hyperlegible-next/LICENSE.txt": f"{WEB_FONT}/LICENSE",
    "dejavu/DejaVuSans.ttf": f"{DEJAVU}/ttf/DejaVuSans.ttf",
    "dejavu/DejaVuSans-Bold.ttf": f"{DEJAVU}/ttf/DejaVuSans-Bold.ttf",
    "dejavu/LICENSE.txt": f"{DEJAVU}/LICENSE",
    "zxing/reader/index.js": f"{ZXING}/dist/es/reader/index.js",
    "zxing/reader/zxing_reader.wasm": f"{ZXING}/dist/reader/zxing_reader.wasm",
    "zxing/share.js": f"{ZXING}/dist/es/share.js",
    "zxing/LICENSE.txt": f"{ZXING}/LICENSE",
}
# Another program that reads our calendars, for tests; no page ever sends it.
FOR_TESTS = {
    "ical/ical.js": f"{ICAL}/dist/ical.js",
    "ical/LICENSE.txt": f"{ICAL}/LICENSE",
}
FOLDERS = ((VENDOR, FILES), (READERS, FOR_TESTS))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--record", action="store_true", help="accept the fetched files and rewrite the checksums")
    record = options.parse_args().record

    if not record and all(difference(folder, files) is None for folder, files in FOLDERS):
        return 0
    print("front-end files: fetching the locked npm packages", flush=True)
    with tempfile.TemporaryDirectory(prefix="vendor-") as scratch:
        modules = npm_ci(Path(scratch))
        collected = collect(modules, Path(scratch) / "collected")
        if record:
            lines = [f"{sha256(collected / name)}  {name}\n" for name in sorted(FILES | FOR_TESTS)]
            CHECKSUMS.write_text("".join(lines))
        problem = difference(collected, FILES | FOR_TESTS)
        if problem:
            print(f"front-end files: {problem}; nothing was changed", file=sys.stderr)
            return 1
        for folder, files in FOLDERS:
            put(collected, folder, files)
    return 0


def difference(folder: Path, files: dict[str, str]) -> str | None:
    """Say how the folder differs from the committed checksums, or None when it holds exactly these files."""
    known = dict(reversed(line.split(maxsplit=1)) for line in CHECKSUMS.read_text().splitlines())
    if known.keys() != FILES.keys() | FOR_TESTS.keys():
        return f"{CHECKSUMS.name} and the list in {Path(__file__).name} name different files"
    expected = {name: known[name] for name in files}
    if not folder.is_dir():
        return "not there yet"
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in sorted(present ^ expected.keys()):
        return f"{name} is {'superfluous' if name in present else 'missing'}"
    for name, checksum in expected.items():
        if sha256(folder / name) != checksum:
            return f"{name} has another SHA-256 than {CHECKSUMS.name} says"
    return None


def npm_ci(scratch: Path) -> Path:
    """Install the lock file's packages in the scratch folder, without running their scripts; answer node_modules."""
    project = scratch / "npm"
    project.mkdir()
    for name in NPM_FILES:
        shutil.copy(ROOT / name, project)
    environment = os.environ.copy()
    if not (shutil.which("npm") and shutil.which("node")):
        environment["PATH"] = f"{throwaway_node(scratch)}{os.pathsep}{environment.get('PATH', '')}"
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        raise SystemExit("front-end files: no npm here, and tools/node.txt did not bring one")
    subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=project, env=environment, check=True)
    return project / "node_modules"


def throwaway_node(scratch: Path) -> Path:
    """Install Node.js from its Python wheel; the folder of its commands disappears with the scratch folder."""
    print("front-end files: taking npm from a Python wheel", flush=True)
    venv = scratch / "node"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([venv / "bin" / "python", *install, "-r", NODE_REQUIREMENTS], check=True)
    return venv / "bin"


def put(collected: Path, folder: Path, files: dict[str, str]) -> None:
    """Let the folder hold these files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(collected / name, folder / name)


def collect(modules: Path, target: Path) -> Path:
    """Copy the files that are needed, in the layout that they get here."""
    for name, source in (FILES | FOR_TESTS).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, target / name)
    return target


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
