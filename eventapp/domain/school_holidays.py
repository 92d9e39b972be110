"""When are the schools closed? What the government published, and whether a day falls in it."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Region(StrEnum):
    NOORD = "noord"
    MIDDEN = "midden"
    ZUID = "zuid"


class Holiday(NamedTuple):
    """A holiday in one region, or everywhere ('' ); both days included. `source` says where the dates come from."""

    name: str
    region: str
    first: date
    last: date
    source: str = ""


def holiday_on(day: date, holidays: Iterable[Holiday], *, region: str) -> str:
    """The name of the holiday this day falls in, '' when school is open. Without a region every region counts."""
    regions = {"", region} if region else {"", *Region}
    return next((one.name for one in holidays if one.region in regions and one.first <= day <= one.last), "")


def school_year(day: date) -> int:
    """The year in which the school year of this day began: it runs from August to July."""
    return day.year if day.month >= 8 else day.year - 1


def empty_years(first: date, last: date, holidays: Sequence[Holiday]) -> list[int]:
    """The school years in this period of which no holiday is known, by the year in which they begin."""
    known = {school_year(one.first) for one in holidays}
    return [year for year in range(school_year(first), school_year(last) + 1) if year not in known]


def _year(begins: int, rows: Sequence[tuple[str, str, tuple[int, int, int], tuple[int, int, int]]]) -> list[Holiday]:
    source = f"Rijksoverheid, overzicht schoolvakanties {begins}-{begins + 1} (ministerie van OCW)"
    return [Holiday(name, region, date(*first), date(*last), source) for name, region, first, last in rows]


# As published on rijksoverheid.nl; spring and autumn are advice there, and schools may lengthen the May holiday.
PUBLISHED = {
    2026: _year(
        2026,
        [
            ("Herfstvakantie", "noord", (2026, 10, 10), (2026, 10, 18)),
            ("Herfstvakantie", "midden", (2026, 10, 17), (2026, 10, 25)),
            ("Herfstvakantie", "zuid", (2026, 10, 17), (2026, 10, 25)),
            ("Kerstvakantie", "", (2026, 12, 19), (2027, 1, 3)),
            ("Voorjaarsvakantie", "noord", (2027, 2, 20), (2027, 2, 28)),
            ("Voorjaarsvakantie", "midden", (2027, 2, 20), (2027, 2, 28)),
            ("Voorjaarsvakantie", "zuid", (2027, 2, 13), (2027, 2, 21)),
            ("Meivakantie", "", (2027, 4, 24), (2027, 5, 2)),
            ("Zomervakantie", "noord", (2027, 7, 10), (2027, 8, 22)),
            ("Zomervakantie", "midden", (2027, 7, 17), (2027, 8, 29)),
            ("Zomervakantie", "zuid", (2027, 7, 24), (2027, 9, 5)),
        ],
    ),
    2027: _year(
        2027,
        [
            ("Herfstvakantie", "noord", (2027, 10, 16), (2027, 10, 24)),
            ("Herfstvakantie", "midden", (2027, 10, 16), (2027, 10, 24)),
            ("Herfstvakantie", "zuid", (2027, 10, 23), (2027, 10, 31)),
            ("Kerstvakantie", "", (2027, 12, 25), (2028, 1, 9)),
            ("Voorjaarsvakantie", "noord", (2028, 2, 19), (2028, 2, 27)),
            ("Voorjaarsvakantie", "midden", (2028, 2, 26), (2028, 3, 5)),
            ("Voorjaarsvakantie", "zuid", (2028, 2, 26), (2028, 3, 5)),
            ("Meivakantie", "", (2028, 4, 29), (2028, 5, 7)),
            ("Zomervakantie", "noord", (2028, 7, 15), (2028, 8, 27)),
            ("Zomervakantie", "midden", (2028, 7, 8), (2028, 8, 20)),
            ("Zomervakantie", "zuid", (2028, 7, 22), (2028, 9, 3)),
        ],
    ),
    2028: _year(
        2028,
        [
            ("Herfstvakantie", "noord", (2028, 10, 14), (2028, 10, 22)),
            ("Herfstvakantie", "midden", (2028, 10, 21), (2028, 10, 29)),
            ("Herfstvakantie", "zuid", (2028, 10, 21), (2028, 10, 29)),
            ("Kerstvakantie", "", (2028, 12, 23), (2029, 1, 7)),
            ("Voorjaarsvakantie", "noord", (2029, 2, 17), (2029, 2, 25)),
            ("Voorjaarsvakantie", "midden", (2029, 2, 17), (2029, 2, 25)),
            ("Voorjaarsvakantie", "zuid", (2029, 2, 10), (2029, 2, 18)),
            ("Meivakantie", "", (2029, 4, 28), (2029, 5, 6)),
            ("Zomervakantie", "noord", (2029, 7, 21), (2029, 9, 2)),
            ("Zomervakantie", "midden", (2029, 7, 7), (2029, 8, 19)),
            ("Zomervakantie", "zuid", (2029, 7, 14), (2029, 8, 26)),
        ],
    ),
}
