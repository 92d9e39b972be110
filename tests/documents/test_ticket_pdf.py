"""Tickets are read back: their words, their code as a scanner sees it, their place on the sheet."""

import threading
from pathlib import Path

import pytest
import zxingcpp

from eventapp.documents.ticket import TicketSession
from eventapp.documents.ticket_pdf import ticket_pdf
from tests.documents.examples import CODE, HOSTILE_NAMES, TRAP_NAMES, make_ticket, picture_of, read_pdf, text_of

MM_AT_100_DPI = 100 / 25.4


def test_ticket_says_who_what_when_and_where() -> None:
    text = text_of(ticket_pdf([make_ticket()]))

    for words in (
        "Themadag 2027: Van samen naar één",
        "Jan-Willem van der Meulen",
        "Stichting Zonnevlinder",
        "woensdag 14 april 2027 09.30-16.30 uur",
        "Inloop vanaf 09.00 uur",
        "Congrescentrum De Driehoek",
        "3511 AB Utrecht",
        "Eén cao, kan dat?",
        "acht minuten lopen",
        "Vragen? Mail naar secretariaat@vnk.example.",
        "T7K2M 9QWXZ 3JH8P 0RTVB",
    ):
        assert words in text


def test_code_is_read_from_the_printed_page_and_is_large_enough(tmp_path: Path) -> None:
    page = picture_of(ticket_pdf([make_ticket()]), tmp_path)

    found = zxingcpp.read_barcodes(page)

    assert [code.text for code in found] == [CODE]
    corners = found[0].position
    assert (corners.top_right.x - corners.top_left.x) / MM_AT_100_DPI >= 35


def test_code_keeps_its_quiet_zone_white(tmp_path: Path) -> None:
    page = picture_of(ticket_pdf([make_ticket()]), tmp_path)
    corners = zxingcpp.read_barcodes(page)[0].position
    module = (corners.top_right.x - corners.top_left.x) / 25

    zone = page.crop(
        (
            round(corners.top_left.x - 3.8 * module),
            round(corners.top_left.y - 3.8 * module),
            round(corners.top_right.x + 3.8 * module),
            round(corners.top_left.y - 0.5 * module),
        )
    )

    assert zone.getextrema() == ((255, 255), (255, 255), (255, 255))


def test_same_tickets_give_the_same_bytes() -> None:
    tickets = [make_ticket(holder=name) for _, name in TRAP_NAMES]

    assert ticket_pdf(tickets) == ticket_pdf(tickets)


def test_file_says_its_language_title_and_author() -> None:
    reader = read_pdf(ticket_pdf([make_ticket()]))

    catalog = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Ticket Themadag 2027: Van samen naar één: Jan-Willem van der Meulen"
    assert reader.metadata.author == "Vereniging Netwerk Kindcentra"
    assert catalog["/Lang"] == "nl-NL"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 (a PDF boolean, not Python's)


def test_several_tickets_are_pages_with_a_table_of_contents() -> None:
    reader = read_pdf(ticket_pdf([make_ticket(holder=name) for _, name in TRAP_NAMES]))

    assert len(reader.pages) == len(TRAP_NAMES)
    assert [entry.title for entry in reader.outline] == [name for _, name in TRAP_NAMES]


@pytest.mark.parametrize("name", [name for _, name in TRAP_NAMES])
def test_name_with_a_trap_stands_as_written(name: str) -> None:
    text = text_of(ticket_pdf([make_ticket(holder=name)]))

    assert name in text


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_name_leaves_the_rest_alone(name: str, tmp_path: Path) -> None:
    data = ticket_pdf([make_ticket(holder=name, organisation=name, event_title=name * 3)])

    assert "Congrescentrum De Driehoek" in text_of(data)
    assert [code.text for code in zxingcpp.read_barcodes(picture_of(data, tmp_path))] == [CODE]


def test_markup_in_a_name_is_printed_as_text() -> None:
    text = text_of(ticket_pdf([make_ticket(holder="<b>Jan</b> =1+1 & (zoon)")]))

    assert "<b>Jan</b> =1+1 & (zoon)" in text


def test_character_that_no_font_has_becomes_a_square() -> None:
    text = text_of(ticket_pdf([make_ticket(holder="Kim 王")]))

    assert "Kim □" in text


def test_every_font_is_embedded() -> None:
    reader = read_pdf(ticket_pdf([make_ticket(holder="Nguyễn Thị محمد")]))

    fonts = reader.pages[0]["/Resources"]["/Font"]
    descriptors = [font.get_object()["/FontDescriptor"] for font in fonts.values()]

    assert all("/FontFile2" in descriptor for descriptor in descriptors)
    assert any("DejaVu" in descriptor["/FontName"] for descriptor in descriptors)


def test_empty_facts_leave_no_trace() -> None:
    ticket = make_ticket(organisation="", doors="", route="", sessions=(), order_reference="", address=())

    text = text_of(ticket_pdf([ticket]))

    assert "Uw programma" not in text
    assert "Zo komt u er" not in text
    assert "Jan-Willem van der Meulen" in text


def test_programme_too_long_for_the_sheet_says_how_much_is_missing() -> None:
    sessions = tuple(TicketSession("11.15-12.00", f"Sessie {number}", "Zaal 2") for number in range(20))

    text = text_of(ticket_pdf([make_ticket(sessions=sessions)]))

    printed = sum(f"Sessie {number} " in text for number in range(20))
    assert 5 <= printed < 20
    assert f"en nog {20 - printed}: zie de ticketpagina" in text


def test_demo_ticket_says_so() -> None:
    assert "DEMO: dit ticket geeft geen toegang" in text_of(ticket_pdf([make_ticket(demo=True)]))
    assert "DEMO" not in text_of(ticket_pdf([make_ticket()]))


@pytest.mark.parametrize("code", ["", "T123", "t7k2m9qwxz3jh8p0rtvb", "T7K2M9QWXZ3JH8P0RTVU", CODE + "A"])
def test_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a ticket code"):
        ticket_pdf([make_ticket(code=code)])


def test_no_ticket_is_refused() -> None:
    with pytest.raises(ValueError, match="no ticket"):
        ticket_pdf([])


def test_threads_printing_at_once_do_not_mix_their_letters() -> None:
    rare = ["Đặng Ł", "Şükrü Ő", "Ţepeş Ğ", "Ænes Þór", "Žižek Č", "Ňuñez Ŵ", "Ĩrma Ŷ", "Ūla Ķ"]
    expected = [ticket_pdf([make_ticket(holder=name)]) for name in rare]
    made: dict[int, list[bytes]] = {}

    def print_all(number: int) -> None:
        made[number] = [ticket_pdf([make_ticket(holder=name)]) for name in rare for _ in range(3)]

    threads = [threading.Thread(target=print_all, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(made[number] == [page for page in expected for _ in range(3)] for number in range(4))
