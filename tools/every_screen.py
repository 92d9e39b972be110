"""Takes a picture of every page of the URL map that a person sees: at a desk, in the light and in the dark.

What people see who do not work at the office is taken on a phone too. The pages are those of
tests/browser/every_page.py, where a test misses a new page without an example. Of each only the top is kept, so that
all pictures together stay small.
"""

from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from config import TestConfig
from eventapp import create_app
from eventapp.extensions import db
from tests.browser.every_page import Seen, Walk
from tools.studio import SCREENS, Studio, wait_for_all

EVERY = SCREENS / "elke-pagina"
LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "licht": ({"width": 1280, "height": 900}, "light"),
    "donker": ({"width": 1280, "height": 900}, "dark"),
    "telefoon": ({"width": 360, "height": 740}, "light"),
}
_QUALITY = 45


def shoot_every_page(studio: Studio) -> None:
    """Keep each of them in each look, named for where it is in the code."""
    EVERY.mkdir(parents=True, exist_ok=True)
    app = create_app(TestConfig(studio.house.database_url, PUBLIC_BASE_URL=studio.house.url))
    walk = Walk(app, studio.house)
    seen = walk.from_everywhere()
    for look, (window, scheme) in LOOKS.items():
        windows: dict[str, Page] = {}
        for endpoint, example in sorted(seen.items()):
            if look == "telefoon" and endpoint.startswith("organiser."):
                continue
            if example.who not in windows:
                usual = {"base_url": studio.house.url, "locale": "nl-NL", "reduced_motion": "reduce"}
                context = studio.browser.new_context(viewport=window, color_scheme=scheme, **usual)
                context.add_cookies(walk.cookies(example.who))
                windows[example.who] = context.new_page()
            _shoot(windows[example.who], example, EVERY / f"{endpoint}-{look}.webp")
        for page in windows.values():
            page.context.close()
    with app.app_context():
        db.engine.dispose()


def _shoot(page: Page, example: Seen, picture: Path) -> None:
    page.goto(example.path)
    wait_for_all(page)
    whole = picture.with_suffix(".png")
    page.screenshot(path=whole, animations="disabled")
    with Image.open(whole) as opened:
        opened.convert("RGB").save(picture, quality=_QUALITY, method=6)
    whole.unlink()
