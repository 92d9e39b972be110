"""What does a text of the office become, and what does it never become?"""

import pytest

from eventapp.domain.errors import UnknownPlaceholder
from eventapp.domain.mail_texts import PLACEHOLDERS, Piece, Style, Words, check, paragraphs, worded

VALUES = {"naam": "Jan *Bakker*", "evenement": "Dag https://kwaad.example/x", "datum": "morgen"}
PLAIN, BOLD, LINK, BREAK = Style.PLAIN, Style.BOLD, Style.LINK, Piece(Style.BREAK)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Dag {naam},", [Piece(PLAIN, "Dag Jan *Bakker*,")]),
        ("Over {evenement}", [Piece(PLAIN, "Over Dag https://kwaad.example/x")]),
        ("*Let op* nu", [Piece(BOLD, "Let op"), Piece(PLAIN, " nu")]),
        ("*{datum}*", [Piece(BOLD, "morgen")]),
        ("2 * 3 * 4", [Piece(PLAIN, "2 * 3 * 4")]),
        (
            "Zie https://vnk.example/a?b=1.",
            [Piece(PLAIN, "Zie "), Piece(LINK, "https://vnk.example/a?b=1"), Piece(PLAIN, ".")],
        ),
        ("http://vnk.example", [Piece(PLAIN, "http://vnk.example")]),
        ("javascript:alert(1)", [Piece(PLAIN, "javascript:alert(1)")]),
        ("een\r\ntwee", [Piece(PLAIN, "een"), BREAK, Piece(PLAIN, "twee")]),
    ],
)
def test_marks_are_read_before_anything_is_filled_in(text: str, pieces: list[Piece]) -> None:
    [paragraph] = paragraphs(text, VALUES)

    assert list(paragraph) == pieces


def test_a_blank_line_begins_a_paragraph() -> None:
    found = paragraphs("een\n \n\n\ntwee\n", VALUES)

    assert [[piece.text for piece in one] for one in found] == [["een"], ["twee"]]


def test_a_subject_is_one_line() -> None:
    assert worded(Words(subject="Tot {naam}"), {"naam": "a\r\nBcc: b"}).subject == "Tot a Bcc: b"


@pytest.mark.parametrize(("kind", "text"), [("pay", "{organisatie}"), ("reminder", "{ }"), ("pay", "{{ naam }}")])
def test_what_a_kind_does_not_know_is_refused(kind: str, text: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        check(text, PLACEHOLDERS[kind])


def test_a_brace_alone_is_text() -> None:
    check("{voornaam en {naam}", PLACEHOLDERS["confirmed"])


def test_an_empty_part_is_that_of_all_events() -> None:
    assert Words(opening="hier").over(Words("onderwerp", "overal", "einde")) == Words("onderwerp", "hier", "einde")
