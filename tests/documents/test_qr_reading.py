"""A small dose of what `tools/qr_proof.py` measures: codes are read when turned, blurred or stained."""

import random

import pytest
from PIL import Image

from eventapp.documents.badge import BadgeData
from eventapp.documents.badge_pdf import badge_pdf
from eventapp.documents.qr import svg
from eventapp.documents.ticket_pdf import ticket_pdf
from eventapp.domain.badges import SHEETS, SheetKind
from eventapp.domain.pricing import Category
from tests.documents.examples import make_ticket
from tests.documents.test_qr import drawn
from tools import qr_proof
from tools.qr_proof import Shot

ALL = [(x, y) for x in range(25) for y in range(25)]
CODES = qr_proof.new_codes(3)
TREATMENTS = ("as it is", "3 dots a module", "turned", "blurred 0.3", "dark stain", "light stain", "all at once")


def _on_tickets() -> list[Shot]:
    return list(qr_proof.shots_on_paper(ticket_pdf([make_ticket(code=code) for code in CODES]), 150))


def _on_badges() -> list[Shot]:
    badges = [BadgeData("Fatma", "Yıldız", "Zonnevlinder", Category.LID, "Lid", code) for code in CODES]
    data = badge_pdf(badges, SHEETS[SheetKind.L4784], event_title="Themadag", association="VNK")
    return list(qr_proof.shots_on_paper(data, 300))


def _on_the_page() -> list[Shot]:
    """The picture alone: its quiet zone of four modules is all the air it has."""
    return [Shot(code, drawn(svg(code), scale=6).crop((-12, -12, 210, 210)), 6) for code in CODES]


@pytest.mark.parametrize("shots", [_on_tickets, _on_badges, _on_the_page])
def test_code_is_read_however_it_is_held(shots):
    found = shots()

    missed = [
        (shot.code, name)
        for name in TREATMENTS
        for shot in found
        if not qr_proof.reads(shot, qr_proof.TREATMENTS[name], random.Random(name))
    ]

    assert sorted(shot.code for shot in found) == sorted(CODES)
    assert missed == []


def test_stain_lies_on_fifteen_percent_of_the_data_and_on_nothing_else():
    blank = Shot("", Image.new("L", (37 * 8, 37 * 8), 255), 8)

    pictures = [qr_proof.stained(0)(blank, random.Random(number)) for number in range(5)]

    dark = [[(x, y) for x, y in ALL if picture.getpixel((x * 8 + 52, y * 8 + 52)) == 0] for picture in pictures]
    assert sum(qr_proof.is_data(x, y) for x, y in ALL) == 359
    assert all(qr_proof.is_data(x, y) for modules in dark for x, y in modules)
    assert [0.14 <= len(modules) / 359 <= 0.16 for modules in dark] == [True] * 5
