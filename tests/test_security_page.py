"""Does docs/security.md name a test or a place for each line, do they exist, and are the limits those of the code?"""

import re

from config import ROOT
from eventapp.domain.limits import LIMITS

PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]


def test_each_line_names_a_test_or_a_place():
    lines = [row for row in ROWS if len(row) == 4 and re.match(r"[\d—]", row[0]) and row[0] != "---"]

    assert len(lines) > 60
    assert [row[0] for row in lines if not re.search(r"\btest_\w+|`[\w/.]+`", row[3])] == []


def test_every_test_and_file_that_is_named_exists():
    files = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    existing = set(re.findall(r"^def (test_\w+)", files, re.MULTILINE))

    named = set(re.findall(r"(?<![\w/`])test_\w+", PAGE))
    places = set(re.findall(r"`((?:eventapp|tests|tools|docs)/[\w/]+\.\w+)`", PAGE))

    assert named - existing == set()
    assert {place for place in places if not (ROOT / place).exists()} == set()


def test_the_limits_are_those_of_the_code():
    told = {row[0]: tuple(row[1:]) for row in ROWS if row[0] in LIMITS}

    minutes = {name: f"{limit.over.seconds // 60} min" for name, limit in LIMITS.items()}
    assert told == {name: (str(limit.most), minutes[name], limit.per) for name, limit in LIMITS.items()}
