"""Do all templates compile, and do they keep to the Content-Security-Policy that pages are sent with?

Inline scripts, handlers and styles would be ignored by browsers; files from other sites would be refused. Mails are
not pages: they may style inline, because mail readers know nothing else.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

from config import TestConfig
from eventapp import create_app

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_DATA_BLOCK = r"""[^>]*\btype=["']application/(?:ld\+)?json["']"""

NOT_IN_ANY_PAGE = {
    "an inline script": re.compile(rf"<script\b(?![^>]*\bsrc=)(?!{_DATA_BLOCK})", re.IGNORECASE),
    "an inline handler": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["'{]""", re.IGNORECASE),
    "a script in an address": re.compile(r"""["']\s*javascript:""", re.IGNORECASE),
    "a file from another site": re.compile(r"""<(?!a\b)[^>]*\s(?:src|srcset|href)=["'](?:https?:)?//""", re.IGNORECASE),
}
NOT_OUTSIDE_MAIL = {
    "an inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE),
}


def problems() -> Iterator[str]:
    """One line for each thing that is wrong, with file and line."""
    environment = create_app(TestConfig()).jinja_env
    for path in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
        name = path.relative_to(TEMPLATES).as_posix()
        yield from _syntax(environment, name)
        if path.suffix in (".html", ".svg"):
            yield from _inline(path.read_text(), name)


def _syntax(environment: Environment, name: str) -> Iterator[str]:
    try:
        environment.get_template(name)
    except TemplateSyntaxError as error:
        yield f"templates/{name}:{error.lineno}: {error.message}"


def _inline(text: str, name: str) -> Iterator[str]:
    forbidden = NOT_IN_ANY_PAGE if name.startswith("mail/") else NOT_IN_ANY_PAGE | NOT_OUTSIDE_MAIL
    # Comments become as many empty lines, so that line numbers stay right.
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    for what, pattern in forbidden.items():
        for found in pattern.finditer(text):
            yield f"templates/{name}:{text.count(chr(10), 0, found.start()) + 1}: {what}"


if __name__ == "__main__":
    found = list(problems())
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    sys.exit(bool(found))
