"""Which pages should search engines know? A list of addresses as sitemaps.org asks for it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree

_NAMES = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Each page with when it changed last, where that is known. The same pages give the same bytes."""
    ElementTree.register_namespace("", _NAMES)
    urls = ElementTree.Element(f"{{{_NAMES}}}urlset")
    for address, changed in pages:
        url = ElementTree.SubElement(urls, f"{{{_NAMES}}}url")
        ElementTree.SubElement(url, f"{{{_NAMES}}}loc").text = address
        if changed:
            stamp = changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            ElementTree.SubElement(url, f"{{{_NAMES}}}lastmod").text = stamp
    return ElementTree.tostring(urls, encoding="utf-8", xml_declaration=True)
