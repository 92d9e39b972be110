"""What may the office say in a mail of its own making? Plain text with a few words that are filled in, and fewer marks.

A blank line begins a paragraph, *stars* make bold, an address that begins with https:// is a link. Everything else is
text: what is filled in is never read for marks, so a title or a name can add no link.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from eventapp.domain.errors.mail import UnknownPlaceholder

LONGEST_SUBJECT = 150
LONGEST_TEXT = 3000

_ANYONE = ("voornaam", "naam", "vereniging")
_OF_EVENT = (*_ANYONE, "evenement", "datum", "tijd", "plaats")
_OF_PERSON = (*_OF_EVENT, "organisatie")
# The kinds of mail that the office may change, each with what can be filled in.
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "confirmed": _OF_PERSON,
    "reminder": _OF_PERSON,
    "join_soon": _OF_PERSON,
    "pay": _OF_EVENT,
    "waitlisted": _OF_PERSON,
    "place_offered": _OF_PERSON,
    "event_changed": _OF_PERSON,
    "registration_cancelled": _OF_PERSON,
    "event_cancelled": _OF_PERSON,
    "programme_open": _OF_PERSON,
    "programme_reminder": _OF_PERSON,
    "thanks": _OF_PERSON,
    "invitation": _OF_EVENT,
    "invitation_reminder": _OF_EVENT,
    "hand_over": _OF_EVENT,
    "handed_over": _OF_PERSON,
    "hand_over_declined": _OF_PERSON,
    "invoice": _OF_EVENT,
    "invoice_reminder": _OF_EVENT,
}
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_MARKS = re.compile(r"(?P<bold>\*(?=\S)[^*\n]+(?<=\S)\*)|(?P<link>https://[^\s<>\"*]*[^\s<>\"*.,;:!?)])")


class Style(StrEnum):
    PLAIN = "plain"
    BOLD = "bold"
    LINK = "link"
    BREAK = "break"


class Piece(NamedTuple):
    """A few words in one style; a break has none."""

    style: Style
    text: str = ""


Paragraph = Sequence[Piece]


class Words(NamedTuple):
    """What the office says: an empty part is ours."""

    subject: str = ""
    opening: str = ""
    closing: str = ""

    @property
    def is_ours(self) -> bool:
        return not (self.subject or self.opening or self.closing)

    def over(self, other: "Words") -> "Words":
        """These, with for each part that is empty that of the other."""
        parts = (self.subject or other.subject, self.opening or other.opening, self.closing or other.closing)
        return Words(*parts)


class Worded(NamedTuple):
    """The same as it stands in one mail."""

    subject: str
    opening: Sequence[Paragraph]
    closing: Sequence[Paragraph]


def check(text: str, allowed: Iterable[str]) -> None:
    """Refuses with UnknownPlaceholder the first word between braces that is not among the allowed."""
    known = set(allowed)
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            raise UnknownPlaceholder(name=name)


def worded(words: Words, values: Mapping[str, str]) -> Worded:
    """The words for one mail; a placeholder without a value disappears."""
    subject = " ".join(_filled(words.subject, values).split())
    return Worded(subject, paragraphs(words.opening, values), paragraphs(words.closing, values))


def paragraphs(text: str, values: Mapping[str, str]) -> Sequence[Paragraph]:
    """The paragraphs of a text, in pieces. The marks are read first and the values filled in after that."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip())
    return tuple(tuple(_pieces(block, values)) for block in blocks if block.strip())


def _pieces(block: str, values: Mapping[str, str]) -> Iterable[Piece]:
    for number, line in enumerate(block.strip().split("\n")):
        if number:
            yield Piece(Style.BREAK)
        yield from _line(line.strip(), values)


def _line(line: str, values: Mapping[str, str]) -> Iterable[Piece]:
    at = 0
    for mark in _MARKS.finditer(line):
        yield from _plain(line[at : mark.start()], values)
        if mark["bold"]:
            yield Piece(Style.BOLD, _filled(mark["bold"][1:-1], values))
        else:
            yield Piece(Style.LINK, mark["link"])
        at = mark.end()
    yield from _plain(line[at:], values)


def _plain(text: str, values: Mapping[str, str]) -> Iterable[Piece]:
    if text:
        yield Piece(Style.PLAIN, _filled(text, values))


def _filled(text: str, values: Mapping[str, str]) -> str:
    fill: Callable[[re.Match[str]], str] = partial(_value, values)
    return _PLACEHOLDER.sub(fill, text)


def _value(values: Mapping[str, str], found: re.Match[str]) -> str:
    return values.get(found[1], "")
