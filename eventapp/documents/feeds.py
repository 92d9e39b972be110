"""The agenda for feed readers and other sites: Atom (RFC 4287) and JSON Feed 1.1, written with the standard library."""

import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.etree import ElementTree

from eventapp.documents.script import clean
from eventapp.formatting import iso

_ATOM = "http://www.w3.org/2005/Atom"
_JSON_FEED = "https://jsonfeed.org/version/1.1"
# Control characters, halves of characters, and places in the table where no character is.
_NOT_IN_XML = ("Cc", "Cs", "Cn")
_XML = "{http://www.w3.org/XML/1998/namespace}"
# The format asks for a moment, also of a feed in which nothing stands yet.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class FeedItem(NamedTuple):
    """One event. `id` never changes; `text` has a line per fact; `facts` are for programs, under a key of our own."""

    id: str
    url: str
    title: str
    summary: str
    text: str
    published: datetime
    updated: datetime
    tags: tuple[str, ...]
    facts: dict[str, str]


class FeedHead(NamedTuple):
    """What the feed says of itself: its own address, the page that it stands for, and who publishes it."""

    title: str
    url: str
    home: str
    author: str


def atom(head: FeedHead, items: Sequence[FeedItem]) -> bytes:
    """The feed as Atom. The same items give the same bytes."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {f"{_XML}lang": "nl"})
    _add(feed, "id", head.url)
    _add(feed, "title", head.title)
    _add(feed, "updated", _stamp(_latest(items)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=head.url)
    _add(feed, "link", rel="alternate", type="text/html", href=head.home)
    _add(_add(feed, "author"), "name", head.author)
    for item in items:
        _add_entry(feed, item)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _add_entry(feed: ElementTree.Element, item: FeedItem) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", item.id)
    _add(entry, "title", item.title)
    _add(entry, "link", rel="alternate", type="text/html", href=item.url)
    _add(entry, "published", _stamp(item.published))
    _add(entry, "updated", _stamp(item.updated))
    for tag in item.tags:
        _add(entry, "category", term=tag)
    if item.summary:
        _add(entry, "summary", item.summary)
    _add(entry, "content", item.text, type="text")


def json_feed(head: FeedHead, items: Sequence[FeedItem]) -> bytes:
    """The feed as JSON Feed; each item has `_event` with its facts. The same items give the same bytes."""
    feed: dict[str, Any] = {
        "version": _JSON_FEED,
        "title": clean(head.title),
        "home_page_url": head.home,
        "feed_url": head.url,
        "language": "nl",
        "authors": [{"name": clean(head.author)}],
        "items": [_json_item(item) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _json_item(item: FeedItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": item.url,
        "title": _text(item.title),
        **({"summary": _text(item.summary)} if item.summary else {}),
        "content_text": _text(item.text),
        "date_published": iso(item.published),
        "date_modified": iso(item.updated),
        "tags": list(item.tags),
        "_event": item.facts,
    }


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    child.text = _text(text) or None
    return child


def _latest(items: Sequence[FeedItem]) -> datetime:
    return max((item.updated for item in items), default=_NEVER)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(text: str) -> str:
    """Without the control characters that XML cannot hold at all."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or unicodedata.category(letter) not in _NOT_IN_XML)
