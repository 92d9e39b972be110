"""Does axe find fault with a page in the state in which a test meets it?

Every page that a test visits is looked at before each click and at the end, once for each state: an address without
its ids, and the building blocks on it. So forms are seen empty, with their errors and filled in.
"""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Locator, Page

from tools.page_tools import page_tools

# An address and every kind of element on the page that a style sheet or a screen reader knows apart.
_STATE = """() => location.pathname.replace(/[^/]*\\d[^/]*|[\\w-]{20,}/g, "*") + " " + [...new Set(
  [...document.querySelectorAll("main *, body > *")].filter((found) => found.checkVisibility()).map(
    (found) => `${found.localName}.${found.className}.${found.getAttribute("role")}`))].sort()"""
_RUN = """(rules) => axe.run(document, {resultTypes: ["violations"], preload: false, ...(rules && {
  runOnly: {type: "rule", values: rules}})}).then(({violations}) => violations.map(({id, nodes}) =>
  `${id}: ${nodes.slice(0, 3).map(({target, any, all, none}) =>
    target.join(" ") + " " + ([...any, ...all, ...none][0]?.message ?? "")).join("; ")}`))"""


def faults(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds in the page as it is now: every rule it has, or those named."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(page_tools().axe.read_text())
    found: list[str] = page.evaluate(_RUN, rules)
    return found


class Watch:
    """Looks over the shoulder of tests. `found` is what axe said, and where."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._known: set[str] = set()
        self.found: list[str] = []

    def look(self, page: Page) -> None:
        """Look at this page, unless it was seen in this state; one that is leaving is seen when it has come back."""
        if page.is_closed() or not page.url.startswith(self._site):
            return
        try:
            state = page.evaluate(_STATE)
            if state in self._known:
                return
            found = faults(page)
        except Error as gone:
            if re.search("context was destroyed|has been closed|Target", str(gone)):
                return
            raise
        self._known.add(state)
        self.found += [f"{page.url} {fault}" for fault in found]

    def before(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """The same act of a locator, after a look at its page."""

        def look_first(locator: Locator, *arguments: Any, **named: Any) -> Any:
            self.look(locator.page)
            return act(locator, *arguments, **named)

        return look_first
