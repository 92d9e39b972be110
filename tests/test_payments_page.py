"""Does docs/payments.md name a test for each of the 34 cases, and do all the tests that it names exist?"""

import re

from config import ROOT

PAGE = (ROOT / "docs" / "payments.md").read_text()


def test_each_of_the_34_cases_names_its_test():
    rows = [line.split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]

    assert [row[0] for row in rows] == [f"| {number}" for number in range(1, 35)]
    assert [row for row in rows if not re.search(r"\btest_\w+", row[3])] == []


def test_every_test_that_is_named_exists():
    files = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))

    named = set(re.findall(r"(?<![\w/])test_\w+(?!\w*\.py)", PAGE.replace("test_name", "")))
    existing = set(re.findall(r"^def (test_\w+)", files, re.MULTILINE))

    assert named - existing == set()
    assert len(named) > 34
