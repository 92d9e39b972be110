"""On which labels are badges printed, in which order, and which badge reads differently since it was printed?"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from eventapp.domain.names import fold, sort_key
from eventapp.domain.pricing import Category

# A4, and the smallest label on which a name can be read; in tenths of a millimetre, as all sizes here.
PAGE_WIDTH, PAGE_HEIGHT = 2100, 2970
SMALLEST_WIDTH, SMALLEST_HEIGHT = 400, 250
# A page is drawn while somebody waits up to so many badges or tickets; more is long work.
MOST_AT_ONCE = 1000


class SheetKind(StrEnum):
    L4784 = "l4784"
    L7418 = "l7418"
    A6 = "a6"
    FREE = "free"


class SortOrder(StrEnum):
    FAMILY_NAME = "family_name"
    ORGANISATION = "organisation"
    ARRIVAL = "arrival"


class Selection(StrEnum):
    """Whose badges: of everybody, of who is new or reads differently since the last time, or of one person."""

    ALL = "all"
    CHANGED = "changed"
    ONE = "one"


class SheetProblem(StrEnum):
    """Why labels cannot be printed on."""

    TOO_WIDE = "too_wide"
    TOO_HIGH = "too_high"
    TOO_SMALL = "too_small"


@dataclass(frozen=True)
class Sheet:
    """Labels on A4, in tenths of a millimetre: how many, how large, where the first begins, how far apart."""

    columns: int
    rows: int
    width: int
    height: int
    left: int
    top: int
    gap_across: int = 0
    gap_down: int = 0

    @property
    def labels(self) -> int:
        return self.columns * self.rows

    def place(self, number: int) -> tuple[int, int]:
        """Left and top of a label, counted from 0, row by row."""
        row, column = divmod(number, self.columns)
        return self.left + column * (self.width + self.gap_across), self.top + row * (self.height + self.gap_down)

    def problem(self) -> SheetProblem | None:
        """Why it cannot be printed on; None when it can."""
        x, y = self.place(self.labels - 1)
        if self.width < SMALLEST_WIDTH or self.height < SMALLEST_HEIGHT:
            return SheetProblem.TOO_SMALL
        if x + self.width > PAGE_WIDTH:
            return SheetProblem.TOO_WIDE
        return SheetProblem.TOO_HIGH if y + self.height > PAGE_HEIGHT else None


# The sizes of the makers; every sheet is the same left and right, and at its head and foot.
SHEETS: Mapping[SheetKind, Sheet] = {
    SheetKind.L4784: Sheet(2, 5, 800, 500, left=175, top=135, gap_across=150, gap_down=50),
    SheetKind.L7418: Sheet(2, 4, 865, 555, left=185, top=375),
    SheetKind.A6: Sheet(2, 2, 1050, 1485, left=0, top=0),
}


@dataclass(frozen=True)
class Badge:
    """What somebody's badge says; `code` is empty without a ticket."""

    registration_id: int
    given_name: str
    infix: str
    family_name: str
    organisation: str
    category: Category
    no_photo: bool
    code: str

    @property
    def digest(self) -> str:
        """Equal as long as the badge reads the same; nothing of it can be read back."""
        said: dict[str, Any] = {name: value for name, value in asdict(self).items() if name != "registration_id"}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def in_order(badges: list[Badge], order: SortOrder) -> list[Badge]:
    """The badges as they are laid out; `ARRIVAL` is the order in which people registered."""
    if order == SortOrder.ARRIVAL:
        return sorted(badges, key=lambda badge: badge.registration_id)
    by_name = sorted(badges, key=lambda badge: (_name(badge), badge.registration_id))
    if order == SortOrder.ORGANISATION:
        # Who comes for no organisation stands together at the end.
        return sorted(by_name, key=lambda badge: (not badge.organisation, fold(badge.organisation)))
    return by_name


def _name(badge: Badge) -> str:
    return sort_key(badge.given_name, badge.infix, badge.family_name)


def changed(badges: list[Badge], printed: Mapping[int, str]) -> list[Badge]:
    """Those without a badge as it reads now; `printed` is the digest of the last one, by registration."""
    return [badge for badge in badges if printed.get(badge.registration_id) != badge.digest]
