"""Do people read the words of docs/woordenlijst.md, and none that it tells us not to write? Where do texts stand?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from config import ROOT

_NOT_WRITTEN = re.compile(r"^\| ([a-zà-ÿ]+) \| [^|]+ \|$", re.MULTILINE)
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# What a reader never sees: statements, expressions, what is no text of the page, tags and addresses.
_UNSEEN = re.compile(
    r"{%.*?%}|{{.*?}}|<(script|style)\b.*?</\1>|<code>.*?</code>|<[^>]+>|https?://\S+|/[\w/-]+", re.DOTALL
)
# Dutch of old, in which the word means something else.
_FINE = re.compile(r"nader order", re.IGNORECASE)


def test_no_page_or_mail_says_what_we_do_not_write() -> None:
    _, _, table = (ROOT / "docs" / "woordenlijst.md").read_text().partition("## Wat wij niet schrijven")
    avoided = _NOT_WRITTEN.findall(table)
    assert len(avoided) > 15
    wrong = re.compile(rf"(?<![\w-])({'|'.join(avoided)})(?![\w-])", re.IGNORECASE)

    found = {f"{where}: {match[0]}" for where, text in _texts() for match in wrong.finditer(_FINE.sub("", text))}

    assert found == set()


_DUTCH = re.compile(
    r"(?<![\w-])(aan|als|bij|dat|de|deze|dit|een|en|er|geen|heeft|het|kies|maak|met|naar|niet|nog|op|staat|te|tot|u|uit|uw|"
    r"van|voor|vul|wij|wordt|zijn)(?![\w-])",
    re.IGNORECASE,
)
# Rooms of which nobody reads anything: they decide, look up and send. Their words stand in wording/.
_SILENT = ("domain", "mail", "models", "openid", "payments", "queries", "services")
# What is data, or a program of its own: headings and examples of files, questions that a kind begins with.
_DATA = (
    "domain/association.py",
    "domain/event_kinds.py",
    "domain/guest_lists.py",
    "domain/import_",
    "domain/programme_lists.py",
    "domain/proposals.py",
    "domain/school_holidays.py",
    "domain/teams_csv.py",
    "mail/samples.py",
    "payments/sandbox/",
    "services/importing/",
)


def test_rules_and_use_cases_say_nothing_in_dutch() -> None:
    found = {
        f"{name}: {text}"
        for name, text in _house()
        if name.startswith(_SILENT) and not name.startswith(_DATA) and _DUTCH.search(text)
    }

    assert found == set()


def test_no_sentence_stands_in_two_files() -> None:
    """What a second page needs moves to wording/."""
    places: dict[str, set[str]] = {}
    for name, text in _house():
        if len(text.split()) > 3 and _DUTCH.search(text) and not name.startswith((*_DATA, "cli/demo_data/")):
            places.setdefault(text.strip(), set()).add(name)

    assert {text: files for text, files in places.items() if len(files) > 1} == {}


def _house() -> Iterator[tuple[str, str]]:
    house = ROOT / "eventapp"
    for path in house.rglob("*.py"):
        yield from ((path.relative_to(house).as_posix(), text) for text in _sentences(path))


def _texts() -> Iterator[tuple[str, str]]:
    """What people read, with the file that says it."""
    for path in (*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")):
        if path.parent.name == "api":
            # For who writes programs: its words are those of the programs.
            continue
        page = _COMMENT.sub("", path.read_text())
        yield _name(path), _UNSEEN.sub(" ", page)
        # Words that a template hands to a macro; what has no space in it is a code.
        for code in _CODE.findall(page):
            yield _name(path), " ".join(words for words in re.findall(r'"([^"]*)"', code) if " " in words)
    for path in (ROOT / "eventapp" / "wording").glob("*.py"):
        for text in _sentences(path):
            yield _name(path), text


def _sentences(path: Path) -> Iterator[str]:
    """The texts in a file; codes, which have no space in them, and explanations to developers are none."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    told = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and node.value not in told
        ):
            yield re.sub(r"{\w+}", " ", node.value)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
