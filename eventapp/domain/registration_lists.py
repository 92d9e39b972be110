"""Which registrations does the office want to see, and which columns of them? Read from an address and written back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State

LABEL_LENGTH = 40
LONGEST_TEXT = 100
# A longer file is long work.
MOST_AT_ONCE = 1000

Code = TypeVar("Code", bound=StrEnum)


class Column(StrEnum):
    """What can stand beside the name; the code is the word in the address."""

    EVENT = "bijeenkomst"
    ORGANISATION = "organisatie"
    FUNCTION = "functie"
    ADDRESS = "adres"
    SESSIONS = "deelsessies"
    CATEGORY = "categorie"
    STATE = "status"
    ATTENDS = "vorm"
    PRICE = "prijs"
    LABELS = "labels"
    CAME = "aanwezig"
    SINCE = "sinds"


class Choice(StrEnum):
    """Whether somebody chose the breakouts that they have to choose."""

    NONE = "geen"


class Price(StrEnum):
    FREE = "gratis"
    PRICED = "betaald"


class When(StrEnum):
    COMING = "komend"
    PAST = "geweest"


class Order(StrEnum):
    """By name unless said otherwise."""

    NEWEST = "nieuwste"


_PLAIN = (Column.ORGANISATION, Column.FUNCTION, Column.CATEGORY, Column.STATE, Column.PRICE, Column.SINCE)


@dataclass(frozen=True)
class Listing:
    """Filters, columns and order of a list; what is None or '' narrows nothing. No columns means the usual ones."""

    text: str = ""
    state: State | None = None
    category: Category | None = None
    attends: EventForm | None = None
    price: Price | None = None
    choice: Choice | None = None
    when: When | None = None
    label: str = ""
    order: Order | None = None
    columns: tuple[Column, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than everything."""
        return replace(self, order=None, columns=()) != Listing()

    def shown(self, *, one_event: bool, programme: bool) -> tuple[Column, ...]:
        """The columns chosen, or the usual ones: of one event with breakouts if it has any, of all with its name."""
        if self.columns:
            return self.columns
        usual = [Column.SESSIONS if programme and one is Column.FUNCTION else one for one in _PLAIN]
        if one_event:
            return tuple(usual)
        return (Column.EVENT, *(one for one in usual if one is not Column.FUNCTION))

    def pairs(self) -> list[tuple[str, str]]:
        """What stands in the address, in a fixed order; reading it again gives the same."""
        texts = {"zoek": self.text, "label": self.label}
        codes = {name: getattr(self, field) or "" for name, (field, _) in _CODES.items()}
        named = [(name, str(value)) for name, value in (texts | codes).items() if value]
        return named + [("kolom", column.value) for column in self.columns]


_CODES: dict[str, tuple[str, type[StrEnum]]] = {
    "staat": ("state", State),
    "categorie": ("category", Category),
    "vorm": ("attends", EventForm),
    "prijs": ("price", Price),
    "keuze": ("choice", Choice),
    "wanneer": ("when", When),
    "volgorde": ("order", Order),
}


def is_long(rows: int) -> bool:
    """Whether a file of so many is too much to make while somebody waits."""
    return rows > MOST_AT_ONCE


def read(pairs: Iterable[tuple[str, str]]) -> Listing:
    """What an address asks for; a code that does not exist narrows nothing."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value.strip())
    codes = {field: _code(kind, given.get(name, [])) for name, (field, kind) in _CODES.items()}
    columns = dict.fromkeys(found for text in given.get("kolom", []) if (found := _code(Column, [text])))
    return Listing(
        text=given.get("zoek", [""])[0][:LONGEST_TEXT],
        label=read_label(given.get("label", [""])[0]),
        # In the order of the table, whatever was ticked first.
        columns=tuple(column for column in Column if column in columns),
        **codes,  # type: ignore[arg-type]
    )


def _code(kind: type[Code], texts: Sequence[str]) -> Code | None:
    return next((code for code in kind if texts and code.value == texts[0]), None)


def read_label(text: str) -> str:
    """A label as it is kept: lower case, single spaces, no control characters, not too long."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.lower().split())[:LABEL_LENGTH].strip()
