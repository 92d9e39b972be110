"""Resolves requirements.txt, requirements-test.txt and tools/node.txt: exact versions, hashes, no download addresses.

Without options the present versions stay where they still fit; `--upgrade` takes the newest. Run it with the oldest
supported Python, so that the result holds for newer ones too.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIP_COMPILE = (
    "--quiet",
    "--no-config",
    "--no-header",
    "--no-emit-find-links",
    "--no-emit-index-url",
    "--no-emit-options",
    "--no-emit-trusted-host",
    "--allow-unsafe",
    "--generate-hashes",
    "--strip-extras",
)
RUNTIME = ("--build-deps-for=editable", "--output-file=requirements.txt", "pyproject.toml")
TESTS = ("--constraint=requirements.txt", "--extra=test", "--build-deps-for=editable")


def main() -> None:
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    if "{}.{}".format(*sys.version_info) != oldest:
        sys.exit(f"Lock with Python {oldest}, the oldest that is supported")
    with tempfile.TemporaryDirectory(prefix="lock-") as venv:
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        python = Path(venv) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-qq", "pip-tools"], check=True)
        for arguments in (
            RUNTIME,
            (*TESTS, "--output-file=requirements-test.txt", "pyproject.toml"),
            ("--output-file=tools/node.txt", "tools/node.in"),
        ):
            command = [python, "-m", "piptools", "compile", *PIP_COMPILE, *sys.argv[1:], *arguments]
            subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
