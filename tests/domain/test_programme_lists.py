"""What a list from a spreadsheet comes to, row by row."""

import pytest

from eventapp.domain.programme_lists import RowProblem, read_rows

ROUNDS = [(11, "Ronde 1"), (12, "Ronde 2"), (13, "Middag")]


def test_rows_without_headings_follow_the_order_of_the_columns():
    (row,) = read_rows("1;Bouwen voor later;Zaal 2;Bea Bouwer;24;directeuren;Over hout", ROUNDS)

    assert (row.rounds, row.title, row.size, row.problems) == (frozenset({11}), "Bouwen voor later", 24, ())
    assert row.cells == {
        "ronde": "1",
        "titel": "Bouwen voor later",
        "zaal": "Zaal 2",
        "sprekers": "Bea Bouwer",
        "plaatsen": "24",
        "doelgroep": "directeuren",
        "omschrijving": "Over hout",
    }


def test_headings_give_the_columns_and_cells_with_line_breaks_stay_one():
    text = 'Voor wie\tDeelsessie\tRonde\tOpmerking\tToelichting\nrvt\tToezicht\tmiddag\tmag weg\t"Eerst\ndan"\n\n'

    (row,) = read_rows(text, ROUNDS)

    assert row.number == 2
    assert row.rounds == frozenset({13})
    assert row.cells == {"doelgroep": "rvt", "titel": "Toezicht", "ronde": "middag", "omschrijving": "Eerst dan"}


@pytest.mark.parametrize(
    ("typed", "rounds"),
    [
        ("2", {12}),
        ("ronde 2", {12}),
        ("RONDE 2", {12}),
        ("Middag", {13}),
        ("2+3", {12, 13}),
        ("2, 3", {12, 13}),
        ("2 en middag", {12, 13}),
        ("rondes 1 en 2", {11, 12}),
        ("1-3", {11, 12, 13}),
        ("1 t/m 3", {11, 12, 13}),
    ],
)
def test_a_round_is_named_by_number_or_title(typed, rounds):
    (row,) = read_rows(f"{typed};Titel", ROUNDS)

    assert (row.rounds, row.problems) == (rounds, ())


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        (";Titel", {RowProblem.NO_ROUND}),
        ("1;", {RowProblem.NO_TITLE}),
        ("4;Titel", {RowProblem.UNKNOWN_ROUND}),
        ("1+9;Titel", {RowProblem.UNKNOWN_ROUND}),
        ("1;Titel;;;veel", {RowProblem.BAD_SIZE}),
        ("1;Titel;;;-3", {RowProblem.BAD_SIZE}),
        ("1;Titel;;;²", {RowProblem.BAD_SIZE}),
        ("1;Titel;;;99999999999", {RowProblem.BAD_SIZE}),
        (f"1;{'x' * 201}", {RowProblem.TOO_LONG}),
        ("0;;;;x", {RowProblem.NO_TITLE, RowProblem.UNKNOWN_ROUND, RowProblem.BAD_SIZE}),
    ],
)
def test_what_is_wrong_with_a_row(line, problems):
    (row,) = read_rows(line, ROUNDS)

    assert set(row.problems) == problems


def test_a_title_comes_once_per_round_in_list_and_programme():
    text = "1;Dashboard\n2;Dashboard\n2+3;dashboard\n1;Doorgaande lijn"

    rows = read_rows(text, ROUNDS, present=[("Doorgaande Lijn", frozenset({11}))])

    assert [row.problems for row in rows] == [(), (), (RowProblem.TWICE,), (RowProblem.TWICE,)]
