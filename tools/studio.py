"""What every picture of docs/screens is made with: the running house, windows to look at it, and small PNGs."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright

from tests.browser import office
from tests.browser.camera import launch_flags
from tests.browser.house import ROOT, House

SCREENS = ROOT / "docs" / "screens"
COLOURS = 96
PHONE = (360, 740)
DESK = (1280, 900)
BIG_EVENT = "themadag-2027"


@dataclass(frozen=True)
class Studio:
    """The running house and a browser to look at it with."""

    house: House
    playwright: Playwright
    browser: Browser
    scratch: Path

    def page(self, size: tuple[int, int], browser: Browser | None = None, **context: Any) -> Page:
        """A new visitor's window of this size, in light colours unless told otherwise; a phone's screen is finer."""
        usual = {"base_url": self.house.url, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
        usual["device_scale_factor"] = 2 if size == PHONE else 1
        window = {"width": size[0], "height": size[1]}
        return (browser or self.browser).new_context(viewport=window, **{**usual, **context}).new_page()

    def camera_browser(self, film: Path) -> Browser:
        """A browser whose camera plays a film."""
        return self.playwright.chromium.launch(executable_path=chromium(), args=launch_flags(film))


def keep(page: Page, name: str, *, whole: bool = False, level: int | None = None) -> None:
    """Keep what the window shows, from the first heading of a level on when one is given, or the whole page."""
    wait_for_all(page)
    if level:
        page.get_by_role("heading", level=level).first.evaluate("heading => heading.scrollIntoView()")
    picture = SCREENS / f"{name}.png"
    page.screenshot(path=picture, full_page=whole, animations="disabled")
    shrink(picture)


def wait_for_all(page: Page) -> None:
    """Wait for the letters, and for what stands in frames: pages of their own, which come after the one around them."""
    page.evaluate("document.fonts.ready")
    for element in page.locator("iframe").element_handles():
        frame, box = element.content_frame(), element.bounding_box()
        # A frame that nobody sees yet may wait for its turn.
        if frame and box and page.viewport_size and box["y"] < page.viewport_size["height"]:
            frame.wait_for_url(lambda address: address not in ("", "about:blank"), wait_until="load")
            page.wait_for_load_state("networkidle")


def keep_paper(name: str, pdf: Path) -> None:
    """Keep the first page of a PDF, as it comes out of the printer."""
    picture = SCREENS / f"{name}.png"
    shutil.copy(office.first_page(pdf, dpi=90), picture)
    shrink(picture)


def shrink(picture: Path) -> None:
    """Write it again with few colours: pages have few, and letters stay sharp."""
    with Image.open(picture) as opened:
        few = opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def chromium() -> str:
    return shutil.which("chromium") or "/usr/bin/chromium"
