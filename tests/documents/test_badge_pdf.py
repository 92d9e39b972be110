"""Badges are read back: their letters and sizes, their places on the sheet, the code, and the mark about photos."""

import re
from pathlib import Path

import pytest
import zxingcpp

from eventapp.documents.badge import COLOURS, BadgeData
from eventapp.documents.badge_pdf import badge_pdf
from eventapp.documents.sign_pdf import DoorSign, RoomPart, RoomSign, sign_pdf
from eventapp.domain.badges import SHEETS, Sheet, SheetKind
from eventapp.domain.pricing import Category
from tests.documents.examples import CODE, HOSTILE_NAMES, picture_of, read_pdf, text_of

L4784 = SHEETS[SheetKind.L4784]
DOT = 25.4 / 100


def make_badge(first_name: str = "Fatma", surname: str = "Yıldız", **more) -> BadgeData:
    plain = {"organisation": "Zonnevlinder", "category": Category.LID, "word": "Lid", "code": CODE}
    return BadgeData(first_name, surname, **{**plain, **more})


def printed(*badges: BadgeData, sheet: Sheet = L4784, **more) -> bytes:
    return badge_pdf(badges, sheet, event_title="Themadag 2027", association="Vereniging", **more)


def sizes(data: bytes) -> dict[str, float]:
    """Each line of text with the size of its letters."""
    found: dict[str, float] = {}

    def visit(text: str, _cm, matrix, _font, size: float) -> None:
        if text.strip():
            found[text.strip()] = round(size * abs(matrix[3]), 1)

    read_pdf(data).pages[0].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("kind", [SheetKind.L4784, SheetKind.L7418])
def test_name_organisation_and_category_have_the_sizes_of_the_house(kind):
    found = sizes(printed(make_badge(), sheet=SHEETS[kind]))

    assert found == {"Themadag 2027": 8.5, "Fatma": 28, "Yıldız": 16, "Zonnevlinder": 12, "Lid": 11}


def test_long_words_shrink_before_they_are_cut_off():
    found = sizes(printed(make_badge(organisation="Stichting voor Openbaar Onderwijs en Kinderopvang Zuidwest")))

    assert {size for text, size in found.items() if text.split()[0] in ("Stichting", "Onderwijs", "Kinderopvang")} <= {
        8,
        9,
        10,
        11,
    }
    assert not any("…" in text for text in found)


def test_badges_fill_labels_from_the_first_free_one_on_over_several_sheets(tmp_path: Path):
    data = printed(*(make_badge(f"Naam{number}") for number in range(12)), first_label=10)

    texts = [text_of(data, page) for page in range(len(read_pdf(data).pages))]
    place = zxingcpp.read_barcodes(picture_of(data, tmp_path))[0].position
    assert [len(re.findall(r"Naam\d+", text)) for text in texts] == [1, 10, 1]
    x, y = L4784.place(9)
    assert x / 10 < place.top_left.x * DOT < (x + L4784.width) / 10
    assert y / 10 < place.top_left.y * DOT < (y + L4784.height) / 10


def test_code_is_read_from_every_label_and_lies_clear_of_the_longest_names(tmp_path: Path):
    hostile = [make_badge(name, name, organisation=name, no_photo=True) for name in HOSTILE_NAMES]

    for sheet in (*SHEETS.values(), Sheet(5, 11, 400, 250, left=50, top=50)):
        data = printed(*hostile[-sheet.labels :], sheet=sheet)
        found = zxingcpp.read_barcodes(picture_of(data, tmp_path, dpi=200))
        assert [code.text for code in found] == [CODE] * min(sheet.labels, len(hostile))


def test_who_would_rather_not_be_in_a_photo_is_marked_in_words_and_with_a_sign(tmp_path: Path):
    plain, marked = printed(make_badge()), printed(make_badge(no_photo=True))

    red = [
        sum(pixel == (163, 33, 27) for pixel in picture_of(data, tmp_path).get_flattened_data())
        for data in (plain, marked)
    ]
    assert ["liever niet op de foto" in text_of(data) for data in (plain, marked)] == [False, True]
    assert red[0] == 0
    assert red[1] > 100


def test_every_category_has_a_colour_on_which_white_is_read():
    assert set(COLOURS) == set(Category)
    assert len(set(COLOURS.values())) == len(Category)
    assert min(_contrast_with_white(colour) for colour in COLOURS.values()) >= 4.5


def _contrast_with_white(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_same_badges_give_the_same_bytes():
    badges = [make_badge(name) for name in HOSTILE_NAMES]

    assert printed(*badges) == printed(*badges)


def test_without_a_ticket_there_is_no_code(tmp_path: Path):
    data = printed(make_badge(code=""))

    assert zxingcpp.read_barcodes(picture_of(data, tmp_path)) == []
    assert "Fatma" in text_of(data)


@pytest.mark.parametrize("first_label", [0, 11])
def test_a_label_that_is_not_there_is_refused(first_label):
    with pytest.raises(ValueError, match="no such label"):
        printed(make_badge(), first_label=first_label)


def test_signs_are_a_page_for_the_door_and_one_per_room_and_round():
    door = DoorSign("Themadag: Van samen naar één", "Themadag", "woensdag 14 april 2027", "De Driehoek", "Vereniging")
    many = tuple(RoomPart(name * 3, name, "Gaat door") for name in HOSTILE_NAMES[:4])

    data = sign_pdf(door, [RoomSign("Aula", "Ronde 1", "11.15-12.00 uur", many), RoomSign("W" * 100, "R", "1", many)])

    assert "Welkom Themadag Themadag: Van samen naar één woensdag 14 april 2027 De Driehoek" in text_of(data)
    assert "Aula 11.15-12.00 uur Ronde 1" in text_of(data, 1)
    assert [entry.title for entry in read_pdf(data).outline][:2] == ["Bij de ingang", "Aula, Ronde 1"]
