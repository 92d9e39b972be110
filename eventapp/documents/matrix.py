"""Who was at which meeting of a series, as plain data for matrix_pdf and matrix_sheets."""

from datetime import datetime
from typing import NamedTuple

from eventapp.domain.matrix import Mark, Matrix, Score
from eventapp.domain.presence import PresenceStatus
from eventapp.wording import PRESENCE, PRESENCE_KEYS

NO_SHOW = "N"
_LETTERS = {status: key for key, status in PRESENCE_KEYS.items()}
EXPLAINED = (
    "Het percentage is het aantal keren aanwezig van de bijeenkomsten die doorgingen terwijl iemand lid was. "
    "Wie bericht gaf telt daarin mee en staat apart; alleen wie ja zei en zonder bericht wegbleef, is een no-show. "
    "Gasten en waarnemers tellen voor niemand mee."
)


class MatrixSheet(NamedTuple):
    """The matrix with what stands around it."""

    title: str
    season: str
    association: str
    matrix: Matrix
    printed_at: datetime

    @property
    def standing(self) -> str:
        """Whether it is the last word."""
        if not any(column.held for column in self.matrix.columns):
            return "nog niets geweest"
        return "voorlopig: nog niet alles is vastgesteld" if self.matrix.provisional else "vastgesteld"


def letter(mark: Mark | None) -> str:
    """A mark in one letter; nothing for who is still expected, or had nothing to do with it."""
    if mark is None or mark.status == PresenceStatus.VERWACHT:
        return ""
    return NO_SHOW if mark.no_show else _LETTERS[mark.status]


def legend() -> list[tuple[str, str]]:
    """Every letter with its meaning."""
    letters = [(key, PRESENCE[status].lower()) for key, status in PRESENCE_KEYS.items()]
    return [*letters, (NO_SHOW, "no-show: zei ja en bleef weg")]


def out_of(score: Score) -> str:
    """For example "4 van 5"; nothing where nothing counts."""
    return f"{score.present} van {score.held}" if score.held else ""


def percent(score: Score) -> str:
    """For example "80%"."""
    return "" if score.percentage is None else f"{score.percentage}%"
