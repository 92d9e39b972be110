"""Which commands does docs/production.md give, and when are they meant?"""

import re
from dataclasses import dataclass
from pathlib import Path

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "production.md"
_BLOCK = re.compile(r"^```sh ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """Commands under one heading; `occasion` is empty for installing, else public, upgrade, rollback or restore."""

    heading: str
    occasion: str
    commands: str


def steps(text: str) -> list[Step]:
    """In the order of the manual."""
    headings = [(found.start(), found[1]) for found in _HEADING.finditer(text)]
    return [
        Step(next(name for start, name in reversed(headings) if start < block.start()), block[1], block[2])
        for block in _BLOCK.finditer(text)
    ]
