"""Lists as people paste them: from mail programs, spreadsheets, or typed on a phone."""

import re

import pytest

from eventapp.domain.guest_lists import Problem, parted, read_list, same_name


def normalise(address: str) -> str | None:
    """As the form does: lower case, and nothing without a dot in its domain."""
    return address.lower() if re.fullmatch(r"[^@]+@[^@]+\.[^@]+", address) else None


@pytest.mark.parametrize(
    ("line", "address", "name"),
    [
        ("jan@x.example", "jan@x.example", ("", "", "")),
        ("  JAN@X.Example ", "jan@x.example", ("", "", "")),
        ("<jan@x.example>", "jan@x.example", ("", "", "")),
        ("mailto:jan@x.example", "jan@x.example", ("", "", "")),
        ("Jan de Vries <jan@x.example>", "jan@x.example", ("Jan", "de", "Vries")),
        ('"Vries, Jan de" <jan@x.example>', "jan@x.example", ("Jan", "de", "Vries")),
        ("'Jan de Vries' jan@x.example", "jan@x.example", ("Jan", "de", "Vries")),
        ("Jan de Vries;jan@x.example", "jan@x.example", ("Jan", "de", "Vries")),
        ("jan@x.example; Jan de Vries", "jan@x.example", ("Jan", "de", "Vries")),
        ("Jan de Vries,jan@x.example", "jan@x.example", ("Jan", "de", "Vries")),
        ("Jan de Vries\tjan@x.example", "jan@x.example", ("Jan", "de", "Vries")),
        ("Jan;de;Vries;jan@x.example", "jan@x.example", ("Jan", "de", "Vries")),
        ("Jan;;Vries;jan@x.example", "jan@x.example", ("Jan", "", "Vries")),
        ("Jan;de Vries;jan@x.example", "jan@x.example", ("Jan", "de", "Vries")),
    ],
)
def test_every_usual_spelling_names_the_same_person(line, address, name):
    (found,) = read_list(line, normalise)

    assert (found.guest.address, found.guest.name) == (address, name)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Jan de Vries", Problem.NO_ADDRESS),
        ("Jan de Vries jan@", Problem.NO_ADDRESS),
        ("Jan de Vries <jan@localhost>", Problem.BAD_ADDRESS),
        ("Jan en Bea jan@x.example bea@x.example", Problem.MORE_ADDRESSES),
        ("x" * 101 + " <jan@x.example>", Problem.TOO_LONG),
    ],
)
def test_a_line_that_names_nobody_says_why_and_keeps_what_was_typed(line, problem):
    (found,) = read_list(line, normalise)

    assert (found.guest, found.problem, found.typed) == (None, problem, line)


def test_a_whole_list_with_a_heading_empty_lines_and_somebody_twice():
    text = "Naam;E-mail\n\nJan;jan@x.example\r\nBea Bos <bea@x.example>; Cas <cas@x.example>\nJAN@x.example\n"

    found = [(line.number, line.guest.address if line.guest else line.problem) for line in read_list(text, normalise)]

    assert found == [(3, "jan@x.example"), (4, "bea@x.example"), (4, "cas@x.example"), (5, Problem.TWICE)]


def test_addresses_alone_may_stand_on_one_line():
    found = [line.guest.address for line in read_list("a@x.example; b@x.example, c@x.example", normalise)]

    assert found == ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.parametrize(
    ("spoken", "name"),
    [
        ("Jan-Willem van der Meulen", ("Jan-Willem", "van der", "Meulen")),
        ("Meulen, Jan-Willem van der", ("Jan-Willem", "van der", "Meulen")),
        ("Fatma Yıldız", ("Fatma", "", "Yıldız")),
        ("Zoë van 't Hoff-Müller", ("Zoë", "van 't", "Hoff-Müller")),
        ("Ĳsbrand d'Ancona", ("Ĳsbrand", "d'", "Ancona")),
        ("M. (Marieke) in 't Veld", ("M. (Marieke)", "in 't", "Veld")),
        ("prof. dr. A. de la Fuente-El Idrissi", ("prof. dr. A.", "de la", "Fuente-El Idrissi")),
        ("Suharti", ("", "", "Suharti")),
        ("jan de vries", ("jan", "de", "vries")),
        ("Anna van Dijk-de Boer", ("Anna", "van", "Dijk-de Boer")),
        ("van der Berg", ("", "van der", "Berg")),
        ("", ("", "", "")),
    ],
)
def test_a_dutch_name_comes_apart(spoken, name):
    assert parted(spoken) == name


def test_a_name_that_was_never_given_may_be_anybodys():
    assert same_name(("Jan", "de", "Vries"), ("JAN", "", "de Vries"))
    assert same_name(("Jan", "de", "Vries"), ("", "", ""))
    assert not same_name(("Jan", "de", "Vries"), ("Bea", "de", "Vries"))
