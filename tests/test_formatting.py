"""Dates, money, names and counts as Dutch readers expect them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from eventapp.formatting import (
    AMSTERDAM,
    amsterdam,
    clock,
    count_nl,
    day_block,
    day_month,
    days_range,
    full_name,
    iso,
    local_date,
    long_date,
    moment,
    money,
    money_short,
    month_year,
    parse_address,
    parse_money,
    salutation,
    short_date,
    short_day,
    sort_name,
    time_range,
    when,
)


def local(*parts: int) -> datetime:
    """A Dutch wall-clock time as the database keeps it."""
    return datetime(*parts, tzinfo=AMSTERDAM).astimezone(UTC)  # type: ignore[arg-type,misc]


def test_dates_are_written_in_dutch() -> None:
    day = date(2027, 2, 4)

    assert long_date(day) == "donderdag 4 februari 2027"
    assert short_date(day) == "04-02-2027"
    assert day_month(day) == "4 februari"
    assert month_year(day) == "februari 2027"
    assert day_block(day) == ("4", "do", "feb")
    assert day_block(date(2027, 3, 31)) == ("31", "wo", "mrt")


def test_every_day_of_the_week_and_every_month_has_its_name() -> None:
    week = [short_day(date(2027, 2, day)) for day in range(1, 8)]
    months = [(month_year(first), day_block(first).month) for first in (date(2027, n, 1) for n in range(1, 13))]

    assert " ".join(day.split()[0] for day in week) == "ma di wo do vr za zo"
    assert " ".join(full.removesuffix(" 2027") for full, _short in months) == (
        "januari februari maart april mei juni juli augustus september oktober november december"
    )
    assert " ".join(short for _full, short in months) == "jan feb mrt apr mei jun jul aug sep okt nov dec"


def test_moment_just_after_midnight_belongs_to_the_dutch_day() -> None:
    at = datetime(2027, 2, 3, 23, 5, tzinfo=UTC)

    assert local_date(at) == date(2027, 2, 4)
    assert day_block(at) == ("4", "do", "feb")
    assert moment(at) == "donderdag 4 februari 2027 om 00.05 uur"


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        amsterdam(datetime(2027, 2, 4, 13))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "01.59"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "03.00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "02.30"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "02.30"),
    ],
)
def test_clock_follows_the_clock_changes(at: datetime, expected: str) -> None:
    assert clock(at) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (local(2027, 2, 4, 13), local(2027, 2, 4, 16, 30), "donderdag 4 februari 2027, 13.00-16.30 uur"),
        (local(2027, 2, 4, 20), local(2027, 2, 5, 0), "donderdag 4 februari 2027, 20.00-24.00 uur"),
        (local(2027, 10, 7, 9), local(2027, 10, 9, 17), "7 oktober t/m 9 oktober 2027"),
        (local(2027, 10, 7, 9), local(2027, 10, 10, 0), "7 oktober t/m 9 oktober 2027"),
        (local(2026, 12, 30, 9), local(2027, 1, 2, 17), "30 december 2026 t/m 2 januari 2027"),
        (
            local(2026, 12, 31, 20),
            local(2027, 1, 1, 1),
            "donderdag 31 december 2026, 20.00 uur tot vrijdag 1 januari 2027, 01.00 uur",
        ),
        (local(2027, 3, 28, 1), local(2027, 3, 28, 3), "zondag 28 maart 2027, 01.00-03.00 uur"),
    ],
)
def test_when_fits_one_day_a_night_and_several_days(start: datetime, end: datetime, expected: str) -> None:
    assert when(start, end) == expected


def test_time_range_uses_points() -> None:
    assert time_range(local(2027, 4, 14, 9, 30), local(2027, 4, 14, 16, 30)) == "09.30-16.30 uur"


def test_range_of_one_day_is_that_day() -> None:
    assert days_range(date(2027, 10, 7), date(2027, 10, 7)) == "donderdag 7 oktober 2027"


def test_machines_read_iso() -> None:
    assert iso(local(2027, 2, 4, 13)) == "2027-02-04T13:00:00+01:00"
    assert iso(local(2027, 7, 1, 13)) == "2027-07-01T13:00:00+02:00"
    assert iso(date(2027, 2, 4)) == "2027-02-04"


@pytest.mark.parametrize(
    ("cents", "full", "short"),
    [
        (123450, "€\u00a01.234,50", "€\u00a01.234,50"),
        (9500, "€\u00a095,00", "€\u00a095"),
        (-1200, "€\u00a0-12,00", "€\u00a0-12"),
        (0, "€\u00a00,00", "€\u00a00"),
        (5, "€\u00a00,05", "€\u00a00,05"),
        (100000000, "€\u00a01.000.000,00", "€\u00a01.000.000"),
    ],
)
def test_money_is_written_with_comma_and_no_break_space(cents: int, full: str, short: str) -> None:
    assert money(cents) == full
    assert money_short(cents) == short


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("12,5", 1250),
        ("1.250,00", 125000),
        ("1.250", 125000),
        ("1250", 125000),
        ("1.250.000,99", 125000099),
        ("€ 95", 9500),
        ("€\u00a01.234,50", 123450),
        (" eur 95,- ", 9500),
        ("0", 0),
        ("007", 700),
    ],
)
def test_typed_money_is_understood(typed: str, cents: int) -> None:
    assert parse_money(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "€",
        "gratis",
        "-12",
        "1,250.00",
        "12,345",
        "1.25.000",
        "12,",
        ",50",
        "1e3",
        "٣",
        "12 50",
        "½",
        "99999999",
        "12,50,",
    ],
)
def test_nonsense_is_not_money(typed: str) -> None:
    with pytest.raises(ValueError, match="amount of money"):
        parse_money(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Anna.de.Vries@Zonnevlinder.Example ", "anna.de.vries@zonnevlinder.example"),
        ("o'neill+vnk@school.example", "o'neill+vnk@school.example"),
        ("juf@kindcentrum-zeeën.example", "juf@xn--kindcentrum-zeen-orb.example"),
    ],
)
def test_typed_address_is_kept_in_lower_case_with_its_domain_in_ascii(typed: str, kept: str) -> None:
    assert parse_address(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "anna", "anna@", "@zonnevlinder.example", "anna@zonnevlinder", "a b@school.example"]
)
def test_nonsense_is_no_address(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_address(typed)


@pytest.mark.parametrize("cents", [0, 1, 99, 100, 123456, 999999999])
def test_written_money_reads_back(cents: int) -> None:
    assert parse_money(money(cents)) == cents
    assert Decimal(money(cents)[2:].replace(".", "").replace(",", ".")) * 100 == cents


@pytest.mark.parametrize(
    ("n", "expected"), [(0, "0 plaatsen"), (1, "1 plaats"), (2, "2 plaatsen"), (1140, "1.140 plaatsen")]
)
def test_counts_have_their_noun(n: int, expected: str) -> None:
    assert count_nl(n, "plaats", "plaatsen") == expected


@pytest.mark.parametrize(
    ("parts", "full", "sorted_as"),
    [
        (("Jan-Willem", "van der", "Meulen"), "Jan-Willem van der Meulen", "Meulen, Jan-Willem van der"),
        (("Fatma", None, "Yıldız"), "Fatma Yıldız", "Yıldız, Fatma"),
        (("Zoë", "van 't", "Hoff-Müller"), "Zoë van 't Hoff-Müller", "Hoff-Müller, Zoë van 't"),
        (("Ĳsbrand", "d'", "Ancona"), "Ĳsbrand d'Ancona", "Ancona, Ĳsbrand d'"),
        (("M. (Marieke)", "in 't", "Veld"), "M. (Marieke) in 't Veld", "Veld, M. (Marieke) in 't"),
        (
            ("prof. dr. A.", "de la", "Fuente-El Idrissi"),
            "prof. dr. A. de la Fuente-El Idrissi",
            "Fuente-El Idrissi, prof. dr. A. de la",
        ),
        (("Suharti", None, None), "Suharti", "Suharti"),
        (("", "", "Suharti"), "Suharti", "Suharti"),
        ((None, "van der", "Meulen"), "Van der Meulen", "Meulen, van der"),
        ((None, "'t", "Hoff"), "'t Hoff", "Hoff, 't"),
        ((None, "d'", "Ancona"), "D'Ancona", "Ancona, d'"),
        (("Karel", "'t", "Hoff"), "Karel 't Hoff", "Hoff, Karel 't"),
        ((" Jan \n Piet ", " ", "De  Boer"), "Jan Piet De Boer", "De Boer, Jan Piet"),
        ((None, None, None), "", ""),
    ],
)
def test_names_with_traps(parts: tuple[str | None, str | None, str | None], full: str, sorted_as: str) -> None:
    assert full_name(*parts) == full
    assert sort_name(*parts) == sorted_as


def test_salutation_is_neutral() -> None:
    assert salutation("M.", "van der", "Meulen") == "Beste M. van der Meulen"
    assert salutation("Suharti", None, None) == "Beste Suharti"
