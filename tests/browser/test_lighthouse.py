"""What Lighthouse says of the pages that everybody comes by, on a phone: full marks, or what cost points."""

import sqlite3

import pytest

from tests.accessibility.lighthouse import Judged, judge
from tests.browser.house import House
from tests.browser.serving import served

pytestmark = pytest.mark.browser
FOR_ALL = ("accessibility", "best-practices")
# Search engines are kept out of the other pages on purpose.
FOR_FINDING = (*FOR_ALL, "seo")


def test_full_marks_on_a_phone(house: House) -> None:
    with sqlite3.connect(house.database_url.removeprefix("sqlite:///")) as database:
        (ticket,) = database.execute("SELECT token FROM tickets WHERE state = 'valid' LIMIT 1").fetchone()

    with served(house.database_url) as site:
        pages = {
            "agenda": (f"{site}/", FOR_FINDING),
            "event": (f"{site}/agenda/themadag-2027", FOR_FINDING),
            "form": (f"{site}/agenda/themadag-2027/aanmelden", FOR_ALL),
            "ticket": (f"{site}/ticket/{ticket}", FOR_ALL),
        }
        said = judge(pages, quick=True)

    assert said == {name: Judged(dict.fromkeys(wanted, 100), []) for name, (_, wanted) in pages.items()}
