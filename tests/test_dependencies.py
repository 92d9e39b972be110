"""Are all dependencies locked, without download addresses, and is each explained?"""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PACKAGE = json.loads((ROOT / "package.json").read_text())
NPM = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
PAGE_TOOLS = json.loads((ROOT / "tests" / "accessibility" / "package.json").read_text())["devDependencies"]
RUNTIME = {re.match(r"[\w-]+", line)[0].lower() for line in PROJECT["dependencies"]}
TESTS = {re.match(r"[\w-]+", line)[0].lower() for line in PROJECT["optional-dependencies"]["test"]}


def test_every_dependency_is_locked() -> None:
    assert RUNTIME - _locked("requirements.txt").keys() == set()
    assert (RUNTIME | TESTS) - _locked("requirements-test.txt").keys() == set()


def test_tests_run_with_the_versions_of_production() -> None:
    assert _locked("requirements.txt").items() <= _locked("requirements-test.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "tools/node.txt"])
def test_python_locks_hold_versions_and_hashes_only(name: str) -> None:
    lines = [line.strip().removesuffix(" \\") for line in (ROOT / name).read_text().splitlines()]

    odd = [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+|--hash=sha256:[0-9a-f]{64}|#.*|", line)]

    assert odd == []
    assert [line for line in lines if "://" in line or "@ " in line] == []


@pytest.mark.parametrize(("folder", "wanted"), [(".", NPM), ("tests/accessibility", PAGE_TOOLS)])
def test_npm_lock_holds_no_download_addresses_and_exact_versions(folder: str, wanted: dict[str, str]) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert packages[""].get("dependencies", {}) | packages[""]["devDependencies"] == wanted
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_every_dependency_is_explained() -> None:
    explained = set(re.findall(r"[\w@/.-]+", (ROOT / "docs" / "dependencies.md").read_text().lower()))

    assert (RUNTIME | TESTS | NPM.keys() | PAGE_TOOLS.keys()) - explained == set()


def _locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE))
