"""Whom does a pasted list name? One person a line, in any of the spellings that mail programs and spreadsheets have."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.names import name_key

MOST_LINES = 500
_LONGEST = (100, 30, 100)
_ADDRESS = re.compile(r"[^\s<>;,\"()\[\]]+@[^\s<>;,\"()\[\]]+")
# Mail programs put several people on one line: "Jan <jan@x.example>; Bea <bea@x.example>".
_NEXT_PERSON = re.compile(r">[ \t]*[;,][ \t]*(?=\S)")
_INFIX_WORDS = """aan al bij d' de del den der des di die du el het in la le les l' onder op over 's 't te ten ter tot
uijt uit van vom von voor zu zum zur"""
_INFIXES = frozenset(_INFIX_WORDS.split())
_ELISION = re.compile(r"(?P<infix>[dl]['’])(?P<rest>\w.*)")
_HEADING = frozenset({"naam", "adres", "mail", "mailadres", "email", "emailadres", "voornaam", "achternaam", "name"})


class Problem(StrEnum):
    """Why a line names nobody who can be invited."""

    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    MORE_ADDRESSES = "more_addresses"
    TOO_LONG = "too_long"
    TWICE = "twice"


class Guest(NamedTuple):
    """Somebody to invite: a normalised address, the name if it is known, and the person if it is somebody we know."""

    address: str
    given_name: str = ""
    infix: str = ""
    family_name: str = ""
    person_id: int | None = None

    @property
    def name(self) -> tuple[str, str, str]:
        return self.given_name, self.infix, self.family_name


@dataclass(frozen=True)
class Line:
    """What a line came to: a guest, or the problem with it. `number` counts from 1, as an editor shows it."""

    number: int
    typed: str
    guest: Guest | None = None
    problem: Problem | None = None


def read_list(text: str, normalise: Callable[[str], str | None]) -> list[Line]:
    """Every line that holds anything; `normalise` gives an address in its one spelling, or None when it is none.

    Of two lines with the same address the second has a problem. A first line that names columns is left out.
    """
    lines, seen = [], set()
    for line in _lines(text, normalise):
        if line.guest and line.guest.address in seen:
            line = Line(line.number, line.typed, problem=Problem.TWICE)
        elif line.guest:
            seen.add(line.guest.address)
        lines.append(line)
    return lines


def _lines(text: str, normalise: Callable[[str], str | None]) -> Iterator[Line]:
    for number, whole in enumerate(text.splitlines(), start=1):
        if not whole.strip() or (number == 1 and _is_heading(whole)):
            continue
        for typed in _NEXT_PERSON.sub(">\n", whole).split("\n"):
            yield from _read(number, typed.strip(), normalise)


def _is_heading(line: str) -> bool:
    words = {re.sub(r"\W", "", word).lower() for word in re.split(r"[;,\t]", line)}
    return bool(words & _HEADING) and "@" not in line


def _read(number: int, typed: str, normalise: Callable[[str], str | None]) -> Iterator[Line]:
    found = _ADDRESS.findall(typed)
    rest = _without(typed, found)
    if len(found) > 1 and rest:
        yield Line(number, typed, problem=Problem.MORE_ADDRESSES)
        return
    if not found:
        yield Line(number, typed, problem=Problem.NO_ADDRESS)
        return
    for written in found:
        address, name = normalise(written.removeprefix("mailto:").rstrip(".")), _name(rest)
        shown = typed if len(found) == 1 else written
        if address is None:
            yield Line(number, shown, problem=Problem.BAD_ADDRESS)
        elif any(len(part) > most for part, most in zip(name, _LONGEST, strict=True)):
            yield Line(number, shown, problem=Problem.TOO_LONG)
        else:
            yield Line(number, shown, Guest(address, *name))


def _without(typed: str, addresses: list[str]) -> str:
    """What stands around the addresses: a name, or the other columns."""
    for address in addresses:
        typed = typed.replace(address, "", 1)
    return re.sub(r"[<>\"\[\]]", " ", typed).strip(" ;,\t'")


def _name(text: str) -> tuple[str, str, str]:
    columns = [" ".join(column.split()) for column in re.split(r"[;\t]", text)]
    if len(columns) == 3:
        return columns[0], columns[1], columns[2]
    if len(columns) == 2:
        return columns[0], *_family(columns[1].split())
    return parted(columns[0]) if len(columns) == 1 else parted(" ".join(columns))


def parted(spoken: str) -> tuple[str, str, str]:
    """Given name, infix and family name of a name as it is spoken, or as lists sort it: "Meulen, Marieke van der".

    One word is a family name.
    """
    family, comma, first = (part.strip() for part in spoken.partition(","))
    if comma and family and first:
        words = first.split()
        start = _trailing_infix(words)
        return " ".join(words[:start]), " ".join(words[start:]), family
    words = spoken.replace(",", " ").split()
    infixes = (n for n, word in enumerate(words) if word in _INFIXES or _ELISION.fullmatch(word))
    start = next(infixes, max(len(words) - 1, 0))
    return " ".join(words[:start]), *_family(words[start:])


def _trailing_infix(words: list[str]) -> int:
    """Where the infix begins that ends this list of words."""
    start = len(words)
    while start > 1 and words[start - 1] in _INFIXES:
        start -= 1
    return start


def _family(words: list[str]) -> tuple[str, str]:
    """Infix and family name; the last word is never an infix."""
    count = 0
    while count < len(words) - 1 and words[count] in _INFIXES:
        count += 1
    infix, family = " ".join(words[:count]), " ".join(words[count:])
    elided = _ELISION.fullmatch(family) if not infix else None
    return (elided["infix"], elided["rest"]) if elided else (infix, family)


def same_name(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether two written names may be the same person; a name that was never given may be anybody's."""
    first, second = name_key(*one), name_key(*other)
    return not first or not second or first == second
