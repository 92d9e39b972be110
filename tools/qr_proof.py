"""Reads our QR codes back with another decoder: from tickets, the ticket page and badges, turned, blurred and stained.

`python -m tools.qr_proof` prints one table; `--write` puts it into docs/tickets.md, `--quick` takes a small dose. The
same dose gives the same pictures, so that figures differ only when what we draw, or what reads it, does.
"""

import argparse
import io
import math
import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from eventapp.documents.badge import BadgeData
from eventapp.documents.badge_pdf import badge_pdf
from eventapp.documents.qr import TICKET_SIZE, svg
from eventapp.documents.ticket_pdf import ticket_pdf
from eventapp.domain.badges import SHEETS, Sheet, SheetKind
from eventapp.domain.pricing import Category
from eventapp.domain.tickets import ALPHABET
from tests.documents.examples import make_ticket

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tickets.md"
BEGIN, END = "<!-- read back: begin -->", "<!-- read back: end -->"
CODES, QUICK = 40, 4
STAIN = 0.15
# Twelve modules of whatever is printed around the code come along, as before a camera.
AROUND = 6
SMALLEST = Sheet(5, 10, 400, 250, left=20, top=100)


@dataclass(frozen=True)
class Shot:
    """A picture with one code in its middle, upright; `module` is how many dots a module has."""

    code: str
    picture: Image.Image
    module: float


Treatment = Callable[[Shot, random.Random], Image.Image]


def shots_on_paper(data: bytes, dpi: int) -> Iterator[Shot]:
    """Every code of a PDF, as poppler draws its pages."""
    with tempfile.TemporaryDirectory(prefix="qr-") as folder:
        paper = Path(folder) / "paper.pdf"
        paper.write_bytes(data)
        subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", str(paper), f"{folder}/page"], check=True, timeout=120)
        for page in sorted(Path(folder).glob("page*.pgm")):
            with Image.open(page) as picture:
                yield from _cut_out(picture.convert("L"))


def _cut_out(page: Image.Image) -> Iterator[Shot]:
    for found in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode):
        corner, other = found.position.top_left, found.position.bottom_right
        module = (other.x - corner.x) / TICKET_SIZE
        air = AROUND * module
        box = (corner.x - air, corner.y - air, other.x + air, other.y + air)
        yield Shot(found.text, page.crop(tuple(map(round, box))), module)


def shots_on_a_phone(codes: Sequence[str]) -> Iterator[Shot]:
    """The picture of the ticket page with its own style sheets, on a screen of 360 points with fine dots."""
    from playwright.sync_api import sync_playwright

    styles = "".join((ROOT / "static" / "css" / name).read_text() for name in ("tokens.css", "event.css"))
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        page = browser.new_page(viewport={"width": 360, "height": 740}, device_scale_factor=2)
        for code in codes:
            page.set_content(
                f'<style>{styles}</style><article class="ticket"><div class="ticket__qr">{svg(code)}</div></article>'
            )
            with Image.open(io.BytesIO(page.screenshot())) as picture:
                yield from _cut_out(picture.convert("L"))
        browser.close()


def as_it_is(shot: Shot, _: random.Random) -> Image.Image:
    return shot.picture


def small(shot: Shot, _: random.Random) -> Image.Image:
    """So far away that a module is three dots."""
    size = [round(side * 3 / shot.module) for side in shot.picture.size]
    return shot.picture.resize((size[0], size[1]), Image.Resampling.BOX)


def turned(shot: Shot, chance: random.Random) -> Image.Image:
    """By any angle."""
    angle = chance.uniform(0, 360)
    return shot.picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def blurred(modules: float) -> Treatment:
    """Out of focus: a Gaussian blur of so many modules."""

    def treat(shot: Shot, _: random.Random) -> Image.Image:
        return shot.picture.filter(ImageFilter.GaussianBlur(modules * shot.module))

    return treat


def stained(shade: int) -> Treatment:
    """A stain in this shade over 15 % of the data area, anywhere in it."""

    def treat(shot: Shot, chance: random.Random) -> Image.Image:
        picture = shot.picture.copy()
        origin = AROUND * shot.module
        outline = [(origin + x * shot.module, origin + y * shot.module) for x, y in _stain(chance)]
        ImageDraw.Draw(picture).polygon(outline, fill=shade)
        return picture

    return treat


def all_at_once(shot: Shot, chance: random.Random) -> Image.Image:
    """Turned, stained, a little blurred and far away."""
    stain = stained(0)(shot, chance)
    there = turned(Shot(shot.code, stain, shot.module), chance)
    return small(Shot(shot.code, blurred(0.3)(Shot(shot.code, there, shot.module), chance), shot.module), chance)


TREATMENTS: dict[str, Treatment] = {
    "as it is": as_it_is,
    "3 dots a module": small,
    "turned": turned,
    "blurred 0.3": blurred(0.3),
    "blurred 0.5": blurred(0.5),
    "blurred 0.7": blurred(0.7),
    "dark stain": stained(0),
    "light stain": stained(255),
    "all at once": all_at_once,
}


def is_data(x: int, y: int) -> bool:
    """Whether a module of version 2 holds data: not the three corners, the timing lines or the small square."""
    corner = (x < 9 and y < 9) or (x < 9 and y > 16) or (x > 16 and y < 9)
    return not (corner or x == 6 or y == 6 or (16 <= x <= 20 and 16 <= y <= 20))


_ALL = [(x, y) for x in range(TICKET_SIZE) for y in range(TICKET_SIZE)]
_DATA = [module for module in _ALL if is_data(*module)]
_STAINED = math.ceil(STAIN * len(_DATA))


def _stain(chance: random.Random) -> list[tuple[float, float]]:
    """The outline, in modules, of a blob that lies on 15 % of the data area and spares what finds the code."""
    while True:
        x, y = (part + 0.5 for part in chance.choice(_DATA))
        wide, slant = chance.uniform(0.6, 1.7), chance.uniform(0, math.pi)
        nearest = sorted((_distance(module, x, y, wide, slant), module) for module in _ALL)
        # A few more than are covered, as an edge is never quite where it is drawn.
        if all(is_data(*module) for _, module in nearest[: _STAINED + 4]):
            return [_edge(x, y, nearest[_STAINED - 1][0], wide, slant, turn * math.tau / 60) for turn in range(60)]


def _distance(module: tuple[int, int], x: float, y: float, wide: float, slant: float) -> float:
    """How large an ellipse of this form around x and y is that reaches the middle of the module."""
    dx, dy = module[0] + 0.5 - x, module[1] + 0.5 - y
    across = dx * math.cos(slant) + dy * math.sin(slant)
    down = dy * math.cos(slant) - dx * math.sin(slant)
    return math.hypot(across / wide, down * wide)


def _edge(x: float, y: float, size: float, wide: float, slant: float, angle: float) -> tuple[float, float]:
    across, down = size * wide * math.cos(angle), size / wide * math.sin(angle)
    return (
        x + across * math.cos(slant) - down * math.sin(slant),
        y + across * math.sin(slant) + down * math.cos(slant),
    )


def reads(shot: Shot, treatment: Treatment, chance: random.Random) -> bool:
    """Whether the decoder finds exactly this code in the treated picture."""
    found = zxingcpp.read_barcodes(treatment(shot, chance), formats=zxingcpp.BarcodeFormat.QRCode)
    return [one.text for one in found] == [shot.code]


def new_codes(number: int) -> list[str]:
    chance = random.Random(2027)
    return ["T" + "".join(chance.choices(ALPHABET, k=19)) for _ in range(number)]


def sources(number: int) -> Iterator[tuple[str, str, list[Shot]]]:
    """What is read: its name, how large a module is, and a picture of each code."""
    codes = new_codes(number)
    tickets = ticket_pdf([make_ticket(code=code) for code in codes])
    for dpi in (300, 150):
        shots = list(shots_on_paper(tickets, dpi))
        yield f"ticket, printed, {dpi} dpi", _millimetres(shots[0], dpi), shots
    shots = list(shots_on_a_phone(codes))
    yield "ticket page, phone 360 px wide", f"{shots[0].module / 2:.1f} px", shots
    for name, sheet in (
        ("badge L4784", SHEETS[SheetKind.L4784]),
        ("badge L7418", SHEETS[SheetKind.L7418]),
        ("badge A6", SHEETS[SheetKind.A6]),
        ("badge 40 × 25 mm, the smallest", SMALLEST),
    ):
        badges = [BadgeData("Fatma", "Yıldız", "Zonnevlinder", Category.LID, "Lid", code) for code in codes]
        data = badge_pdf(badges, sheet, event_title="Themadag", association="VNK")
        shots = list(shots_on_paper(data, 300))
        yield f"{name}, printed, 300 dpi", _millimetres(shots[0], 300), shots


def _millimetres(shot: Shot, dpi: int) -> str:
    return f"{shot.module * 25.4 / dpi:.2f} mm"


def table(number: int) -> list[str]:
    """The table, line by line; a code that was not even found on the page counts as not read in every column."""
    lines = [
        "| what | module | " + " | ".join(TREATMENTS) + " |",
        "| --- | --- |" + " ---: |" * len(TREATMENTS),
    ]
    for name, module, shots in sources(number):
        chance = random.Random(name)
        cells = [sum(reads(shot, treatment, chance) for shot in shots) for treatment in TREATMENTS.values()]
        lines.append(f"| {name} | {module} | " + " | ".join(f"{cell} of {number}" for cell in cells) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="qr_proof", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small dose")
    parser.add_argument("--write", action="store_true", help="put the table into docs/tickets.md")
    asked = parser.parse_args()
    text = "\n".join(table(QUICK if asked.quick else CODES))
    print(text)
    if asked.write:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
