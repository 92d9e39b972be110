"""How dates, times, money, names and counts are written for Dutch readers.

Every room above domain/ uses these functions, so that page, mail and printed list say the same thing in the same words.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_LANGUAGE = "nl"
_COUNTRY = "nl_NL"
_MOST_EURO_DIGITS = 7


class DayBlock(NamedTuple):
    """The three pieces of an agenda date block, such as "4", "do" and "feb"."""

    day: str
    weekday: str
    month: str


def amsterdam(moment: datetime) -> datetime:
    """The same moment on Dutch clocks. Refuses a naive time with ValueError: a guessed zone moves an event."""
    if moment.utcoffset() is None:
        raise ValueError("a time without zone cannot be shown")
    return moment.astimezone(AMSTERDAM)


def local_date(day: date | datetime) -> date:
    """The Dutch calendar day of a moment; a plain date is its own day."""
    return amsterdam(day).date() if isinstance(day, datetime) else day


def long_date(day: date | datetime) -> str:
    """For example "donderdag 4 februari 2027"."""
    return _patterned(local_date(day), "EEEE d MMMM y")


def short_date(day: date | datetime) -> str:
    """For example "04-02-2027"."""
    return local_date(day).strftime("%d-%m-%Y")


def day_month(day: date | datetime) -> str:
    """For example "4 februari", where the year is clear from what stands around it."""
    return _patterned(local_date(day), "d MMMM")


def short_day(day: date | datetime) -> str:
    """For example "do 4 februari", one of the days of an event of several."""
    return _patterned(local_date(day), "EEE d MMMM")


def month_year(day: date | datetime) -> str:
    """For example "februari 2027", the heading above a month of the agenda."""
    return _patterned(local_date(day), "MMMM y")


def day_block(day: date | datetime) -> DayBlock:
    """The pieces of an agenda date block."""
    on = local_date(day)
    return DayBlock(str(on.day), _patterned(on, "EEE"), _patterned(on, "MMM"))


def clock(moment: datetime) -> str:
    """The Dutch time of day with a point, for example "09.30"."""
    return amsterdam(moment).strftime("%H.%M")


def time_range(start: datetime, end: datetime) -> str:
    """For example "09.30-16.30 uur"; an end at midnight is written as 24.00."""
    ends_at_midnight = end > start and amsterdam(end).time() == time.min
    return f"{clock(start)}-{'24.00' if ends_at_midnight else clock(end)} uur"


def when(start: datetime, end: datetime) -> str:
    """Day and time of an event on one line.

    One day has its times, a night that crosses midnight both days with their times, several days only the days.
    """
    first, last = amsterdam(start), amsterdam(end)
    last_day = max((last - timedelta(microseconds=1)).date(), first.date())
    if last_day == first.date():
        return f"{long_date(start)}, {time_range(start, end)}"
    if last.replace(tzinfo=None) - first.replace(tzinfo=None) < timedelta(days=1):
        return f"{long_date(start)}, {clock(start)} uur tot {long_date(end)}, {clock(end)} uur"
    return days_range(start, last_day)


def days_range(start: date | datetime, end: date | datetime) -> str:
    """For example "7 oktober t/m 9 oktober 2027"; both years are written when they differ, one day stays one day."""
    first, last = local_date(start), local_date(end)
    if first == last:
        return long_date(first)
    opening = day_month(first) if first.year == last.year else _patterned(first, "d MMMM y")
    return f"{opening} t/m {_patterned(last, 'd MMMM y')}"


def moment(at: datetime) -> str:
    """For example "donderdag 4 februari 2027 om 13.05 uur"."""
    return f"{long_date(at)} om {clock(at)} uur"


def iso(at: date | datetime) -> str:
    """ISO 8601 for machine-read attributes: a date, or a time to the second with the Dutch offset."""
    return amsterdam(at).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


@lru_cache(maxsize=2048)
def money(cents: int) -> str:
    """An amount in euro, for example "€ 1.234,50" or "€ -12,00", with a no-break space."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=_COUNTRY)


def money_short(cents: int) -> str:
    """As `money`, without decimals for whole euros: "€ 95"."""
    written = money(cents)
    return written if cents % 100 else written.removesuffix(",00")


_AMOUNT = re.compile(
    r"(?:(?:€|EUR)\s*)?(?P<euros>[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:[.,](?P<cents>[0-9]{1,2})|,[-–—])?"
)


def parse_money(text: str) -> int:
    """The cents a person meant by "12,50", "12.50", "1.250,00", "€ 95" or "95,-".

    A point before three digits groups thousands, as Dutch readers write it. Anything else, a minus sign among it, is
    refused with ValueError: what is typed is a size, its direction follows from the act.
    """
    found = _AMOUNT.fullmatch(text.strip().upper())
    if found is None:
        raise ValueError("not an amount of money")
    euros = found["euros"].replace(".", "").lstrip("0")
    if len(euros) > _MOST_EURO_DIGITS:
        raise ValueError("too large for an amount of money")
    return int(euros or "0") * 100 + int((found["cents"] or "0").ljust(2, "0"))


def parse_address(text: str) -> str:
    """The e-mail address that a person typed, as it is kept: in lower case, its domain in ASCII.

    What is no address is refused with ValueError, which says why in English.
    """
    # Loaded with the first address that somebody types: its patterns take 3 % of the time to start.
    from email_validator import validate_email

    checked = validate_email(text.strip(), check_deliverability=False)
    return f"{checked.local_part}@{checked.ascii_domain}".lower()


def hours(minutes: int) -> str:
    """A length of time: "7,5 uur", "1 uur", "50 minuten" or "1 uur en 20 minuten"."""
    whole, rest = divmod(minutes, 60)
    if not rest:
        return f"{whole} uur"
    if not whole:
        return count_nl(rest, "minuut", "minuten")
    quarters = {15: "25", 30: "5", 45: "75"}
    return f"{whole},{quarters[rest]} uur" if rest in quarters else f"{whole} uur en {rest} minuten"


def count_nl(n: int, singular: str, plural: str) -> str:
    """A count with its noun, for example "1 plaats" or "1.140 plaatsen"."""
    return f"{n:,}".replace(",", ".") + " " + (singular if n == 1 else plural)


def listed(words: Sequence[str]) -> str:
    """Words as a sentence has them: "leden, ambassadeurs en gemeenten"."""
    return " en ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def full_name(given: str | None, infix: str | None, family: str | None) -> str:
    """The name as spoken, for example "Jan-Willem van der Meulen"; a lone surname begins with a capital."""
    first, between, last = _tidy(given), _tidy(infix), _tidy(family)
    if first and last:
        return f"{first} {_joined(between, last)}"
    return first or _capital(_joined(between, last))


def name_lines(given: str | None, infix: str | None, family: str | None) -> tuple[str, str]:
    """First name and surname apart, as a badge has them: "Jan-Willem" and "van der Meulen"; one word comes first."""
    first = _tidy(given)
    if first:
        return first, _joined(_tidy(infix), _tidy(family))
    return full_name(given, infix, family), ""


def sort_name(given: str | None, infix: str | None, family: str | None) -> str:
    """The name as a list is sorted, for example "Meulen, Jan-Willem van der"; one word stays one word."""
    first, between, last = _tidy(given), _tidy(infix), _tidy(family)
    if not last:
        return first
    rest = " ".join(part for part in (first, between) if part)
    return f"{last}, {rest}" if rest else last


def salutation(given: str | None, infix: str | None, family: str | None) -> str:
    """The neutral opening of a letter, for example "Beste Jan-Willem van der Meulen"."""
    return f"Beste {full_name(given, infix, family)}".strip()


@lru_cache(maxsize=4096)
def _patterned(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=_LANGUAGE)


def _tidy(part: str | None) -> str:
    return " ".join(part.split()) if part else ""


def _joined(infix: str, family: str) -> str:
    """Infix and family name; an elided infix such as d' stands against the name."""
    if not infix or not family:
        return family
    return infix + family if infix[-1] in "'’" and len(infix) > 1 else f"{infix} {family}"


def _capital(name: str) -> str:
    """The first letter as a capital, unless it is an elision such as 't Hoff."""
    return name[:1].upper() + name[1:]
