"""QR codes are drawn from the SVG's own path and read by a scanner."""

import re
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from eventapp.documents.qr import matrix, readable, stretches, svg, svg_for_text
from tests.documents.examples import CODE

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: str, scale: int = 6) -> Image.Image:
    """The picture as a browser would draw it: white ground, dark stretches."""
    root = ET.fromstring(picture)
    side = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(image)
    (path,) = root.findall(f"{SVG}path")
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.attrib["d"]):
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(length) * scale - 1, top + scale - 1), fill=0)
    return image


def test_ticket_code_is_version_2_at_the_highest_correction() -> None:
    found = zxingcpp.read_barcodes(drawn(svg(CODE)))

    assert len(matrix(CODE)) == 25
    assert [(code.text, code.ec_level) for code in found] == [(CODE, "H")]


def test_every_character_of_the_alphabet_can_be_scanned() -> None:
    codes = ("T0123456789ABCDEFGHJ", "TKMNPQRSTVWXYZ000000")

    read = [zxingcpp.read_barcodes(drawn(svg(code)))[0].text for code in codes]

    assert read == list(codes)


def test_picture_is_one_path_on_white_with_a_quiet_zone_and_a_name() -> None:
    root = ET.fromstring(svg(CODE))

    rect, path = root.find(f"{SVG}rect"), root.find(f"{SVG}path")
    assert rect is not None and path is not None
    assert root.attrib["viewBox"] == "0 0 33 33"
    assert (rect.attrib["width"], rect.attrib["fill"]) == ("33", "#fff")
    assert path.attrib["d"].startswith("M4 4h7")
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == root.findtext(f"{SVG}title") == f"QR-code van het ticket {readable(CODE)}"


def test_code_is_read_out_in_groups_of_five() -> None:
    assert readable(CODE) == "T7K2M 9QWXZ 3JH8P 0RTVB"


@pytest.mark.parametrize("code", ["T7K2M9QWXZ3JH8P0RTVI", "A7K2M9QWXZ3JH8P0RTVB", CODE.lower(), CODE + "\n"])
def test_other_text_is_not_a_ticket_code(code: str) -> None:
    with pytest.raises(ValueError, match="not a ticket code"):
        matrix(code)


@pytest.mark.parametrize(
    "text", ["HTTPS://AANMELDEN.VNK.EXAMPLE/D", "https://vnk.example/deur/koppelen/" + "a1_-" * 12]
)
def test_link_of_any_length_is_read_back(text: str) -> None:
    found = zxingcpp.read_barcodes(drawn(svg_for_text(text, "Koppel een telefoon")))

    assert [(code.text, code.ec_level) for code in found] == [(text, "M")]


def test_name_of_a_picture_cannot_become_markup() -> None:
    root = ET.fromstring(svg_for_text("x", 'a"><script>alert(1)</script>'))

    assert root.attrib["aria-label"] == 'a"><script>alert(1)</script>'
    assert [child.tag for child in root] == [f"{SVG}title", f"{SVG}rect", f"{SVG}path"]


def test_stretches_cover_exactly_the_dark_modules() -> None:
    modules = matrix(CODE)

    covered = {(column + step, row) for column, row, length in stretches(modules) for step in range(length)}

    assert covered == {(x, y) for y, line in enumerate(modules) for x, dark in enumerate(line) if dark}
