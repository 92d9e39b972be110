"""The printed attendance list is read back page by page."""

from datetime import timedelta
from pathlib import Path

import pytest

from eventapp.documents.attendance_pdf import ROWS_PER_PAGE, to_pdf
from tests.documents.examples import (
    HOSTILE_NAMES,
    MORNING,
    TRAP_NAMES,
    make_list,
    make_row,
    picture_of,
    read_pdf,
    text_of,
)

GREEN = (30, 107, 58)


@pytest.mark.parametrize(("rows", "pages"), [(0, 1), (1, 1), (22, 1), (23, 2), (200, 10), (1000, 46)])
def test_pages_are_counted_and_numbered(rows: int, pages: int) -> None:
    data = to_pdf(make_list(rows))

    assert len(read_pdf(data).pages) == pages
    assert f"pagina 1 van {pages}" in text_of(data)
    assert f"pagina {pages} van {pages}" in text_of(data, pages - 1)


def test_between_20_and_24_names_stand_on_a_page() -> None:
    assert 20 <= ROWS_PER_PAGE <= 24


def test_head_and_foot_are_repeated_on_every_page() -> None:
    data = to_pdf(make_list(50))

    for page in range(3):
        text = text_of(data, page)
        for words in (
            "Kenniskring HR",
            "donderdag 18 maart 2027, 09.30-11.30 uur · Zwolle",
            "Nr Naam Organisatie Functie Categorie Handtekening",
            "50 namen · gemaakt op woensdag 14 april 2027 om 09.12 uur",
        ):
            assert words in text


def test_rows_keep_the_given_order_and_are_numbered() -> None:
    text = text_of(to_pdf(make_list(len(TRAP_NAMES))))

    places = [text.index(f"{number} {name}") for number, (name, _) in enumerate(TRAP_NAMES, start=1)]
    assert places == sorted(places)


def test_empty_list_says_so() -> None:
    text = text_of(to_pdf(make_list(0)))

    assert "Er staat nog niemand op deze lijst." in text
    assert "0 namen" in text


def test_list_afterwards_shows_who_came_and_when() -> None:
    rows = (
        make_row(0, came=True, came_at=MORNING),
        make_row(1),
        make_row(2, came=True, note="zonder ticket"),
    )

    text = text_of(to_pdf(make_list(rows, room_to_sign=False)))

    assert "Aanwezig" in text
    assert "Handtekening" not in text
    assert "Lid 09.12" in text
    assert text.count(" ja") == 1
    assert "zonder ticket" in text
    assert "3 namen, 2 aanwezig" in text


def test_presence_is_a_drawn_sign(tmp_path: Path) -> None:
    def green_pixels(came: bool) -> int:
        page = picture_of(to_pdf(make_list((make_row(came=came),))), tmp_path)
        colours = page.getcolors(1 << 24) or []
        return sum(int(count) for count, colour in colours if colour == GREEN)

    assert green_pixels(came=False) == 0
    assert green_pixels(came=True) > 10


def test_list_can_have_room_to_sign_and_presence_together() -> None:
    text = text_of(to_pdf(make_list((make_row(came=True), make_row(1)))))

    assert "Nr Naam Organisatie Functie Categorie Aanwezig Handtekening" in text


def test_several_days_show_their_dates() -> None:
    rows = (make_row(0, came=True, came_at=MORNING), make_row(1, came=True, came_at=MORNING + timedelta(days=1)))

    text = text_of(to_pdf(make_list(rows)))

    assert "09.12 14-04" in text
    assert "09.12 15-04" in text


@pytest.mark.parametrize("text", HOSTILE_NAMES)
def test_hostile_text_stays_inside_its_cell(text: str, tmp_path: Path) -> None:
    row = make_row(sort_name=text, organisation=text * 3, function=text * 3, category=text * 3, note=text * 3)

    page = picture_of(to_pdf(make_list((row,), room_to_sign=True)), tmp_path)

    # Signature column and the place below the only row.
    scale = 100 / 25.4
    right = page.crop((round(160 * scale), round(46 * scale), round(210 * scale), round(54.5 * scale)))
    below = page.crop((0, round(57 * scale), page.width, round(200 * scale)))
    assert right.getextrema() == ((255, 255),) * 3
    assert below.getextrema() == ((255, 255),) * 3


def test_long_organisation_is_cut_with_an_ellipsis() -> None:
    organisation = "Samenwerkingsverband van de Gezamenlijke Stichtingen voor Openbaar en Bijzonder Onderwijs " * 2

    assert "…" in text_of(to_pdf(make_list((make_row(organisation=organisation),))))


def test_same_list_gives_the_same_bytes() -> None:
    assert to_pdf(make_list(40)) == to_pdf(make_list(40))


def test_file_says_its_language_and_title() -> None:
    reader = read_pdf(to_pdf(make_list()))

    assert reader.metadata is not None
    assert reader.metadata.title == "Presentielijst Kenniskring HR"
    assert reader.trailer["/Root"]["/Lang"] == "nl-NL"
