"""A certificate is read back, its code too, and nothing runs over anything with long words."""

from dataclasses import replace
from pathlib import Path

import pytest

from eventapp.documents.certificate import CertificateData
from eventapp.documents.certificate_pdf import certificate_pdf
from tests.documents.examples import HOSTILE_NAMES, picture_of, read_pdf, text_of

CERTIFICATE = CertificateData(
    holder="Jan-Willem van der Meulen",
    kind="Themadag",
    title="Themadag 2027: Van samen naar één",
    rows=(
        ("Wanneer", "woensdag 14 april 2027, 09.30-16.30 uur"),
        ("Waar", "Congrescentrum De Driehoek, Utrecht"),
        ("Omvang", "7 uur"),
    ),
    issuer="Vereniging Netwerk Kindcentra",
    issued="15 april 2027",
    code="T7K2-M9QW-XZ3J",
    link="https://aanmelden.vnk.example/bewijs/T7K2-M9QW-XZ3J",
)


def test_it_says_who_was_where_for_how_long_and_how_to_check_it() -> None:
    text = text_of(certificate_pdf(CERTIFICATE))

    assert (
        "Bewijs van deelname Wij bevestigen dat Jan-Willem van der Meulen deelnam aan Themadag 2027: Van samen naar één"
        in text
    )
    assert "Wanneer woensdag 14 april 2027, 09.30-16.30 uur Waar Congrescentrum De Driehoek, Utrecht" in text
    assert "Omvang 7 uur" in text
    assert "Uitgegeven door Vereniging Netwerk Kindcentra op 15 april 2027" in text
    assert "aanmelden.vnk.example/bewijs/T7K2-M9QW-XZ3J" in text
    assert "Register" not in text


def test_a_series_names_its_meetings_and_a_register_its_number() -> None:
    rows = (("Bijgewoond", "4 van 5 bijeenkomsten"), ("Omvang", "8 uur"), ("Register", "X"), ("Nummer", "12-34"))
    series = replace(CERTIFICATE, rows=rows, meetings=("14 januari", "11 februari"), goals="Samen leren")

    text = text_of(certificate_pdf(series))

    assert "Bijgewoond 4 van 5 bijeenkomsten Omvang 8 uur Register X Nummer 12-34" in text
    assert "Onderwerpen Samen leren Bijeenkomsten 14 januari · 11 februari" in text


@pytest.mark.parametrize("text", ["", *HOSTILE_NAMES, "Lange woorden achter elkaar " * 12])
def test_long_and_hostile_words_stay_on_the_sheet(text: str, tmp_path: Path) -> None:
    rows = tuple((label, text) for label, _ in CERTIFICATE.rows)
    meetings = tuple(f"{day} januari" for day in range(1, 32)) * 2
    data = certificate_pdf(
        replace(CERTIFICATE, holder=text, title=text, kind=text, rows=rows, goals=text, meetings=meetings)
    )

    page = picture_of(data, tmp_path)

    scale = 100 / 25.4
    outside = page.crop((0, round(14.6 * scale), round(10 * scale), round(280 * scale)))
    between = page.crop((round(186 * scale), round(20 * scale), round(193 * scale), round(280 * scale)))
    assert len(read_pdf(data).pages) == 1
    assert outside.getextrema() == ((255, 255),) * 3
    assert between.getextrema() == ((255, 255),) * 3


def test_a_demo_says_that_it_is_none_and_the_same_gives_the_same() -> None:
    assert "DEMO: dit is geen echt bewijs" in text_of(certificate_pdf(replace(CERTIFICATE, demo=True)))
    assert certificate_pdf(CERTIFICATE) == certificate_pdf(CERTIFICATE)
