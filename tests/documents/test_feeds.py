"""Atom and JSON Feed are read again by parsers that did not write them."""

import json
from datetime import UTC, datetime

from lxml import etree

from eventapp.documents.feeds import FeedHead, FeedItem, atom, json_feed

HEAD = FeedHead(
    "Agenda", "https://vnk.example/agenda.atom?soort=alv", "https://vnk.example/?soort=alv", "VNK & vrienden"
)
ITEM = FeedItem(
    id="tag:vnk.example,2026:abc",
    url="https://vnk.example/agenda/alv",
    title="ALV: <b>wie & wat</b>\x00\x0b",
    summary="",
    text="woensdag 10 maart 2027\nUtrecht \ufffe\ud800",
    published=datetime(2026, 12, 1, 9, tzinfo=UTC),
    updated=datetime(2027, 1, 5, 10, 30, 20, 500, tzinfo=UTC),
    tags=("Algemene ledenvergadering", "Financiën"),
    facts={"starts_at": "2027-03-10T14:00:00+01:00"},
)
NAMES = {"a": "http://www.w3.org/2005/Atom"}


def test_atom_says_what_the_item_says_and_stays_text() -> None:
    feed = etree.fromstring(atom(HEAD, [ITEM]))

    (entry,) = feed.findall("a:entry", NAMES)
    assert [feed.findtext(f"a:{tag}", namespaces=NAMES) for tag in ("id", "title", "updated")] == [
        HEAD.url,
        "Agenda",
        "2027-01-05T10:30:20Z",
    ]
    assert feed.findtext("a:author/a:name", namespaces=NAMES) == "VNK & vrienden"
    assert {link.get("rel"): link.get("href") for link in feed.findall("a:link", NAMES)} == {
        "self": HEAD.url,
        "alternate": HEAD.home,
    }
    assert entry.findtext("a:id", namespaces=NAMES) == ITEM.id
    assert entry.findtext("a:title", namespaces=NAMES) == "ALV: <b>wie & wat</b>"
    assert entry.findtext("a:content", namespaces=NAMES) == "woensdag 10 maart 2027\nUtrecht "
    assert entry.find("a:summary", NAMES) is None
    assert [category.get("term") for category in entry.findall("a:category", NAMES)] == list(ITEM.tags)


def test_json_feed_says_the_same_with_the_facts_beside_it() -> None:
    feed = json.loads(json_feed(HEAD, [ITEM]))

    assert (feed["version"], feed["feed_url"], feed["language"]) == ("https://jsonfeed.org/version/1.1", HEAD.url, "nl")
    (item,) = feed["items"]
    assert (item["id"], item["title"]) == (ITEM.id, "ALV: <b>wie & wat</b>")
    assert item["date_modified"] == "2027-01-05T11:30:20+01:00"
    assert item["_event"] == ITEM.facts


def test_an_empty_feed_is_a_feed() -> None:
    assert etree.fromstring(atom(HEAD, [])).findtext("a:updated", namespaces=NAMES) == "2000-01-01T00:00:00Z"
    assert json.loads(json_feed(HEAD, []))["items"] == []
    assert atom(HEAD, [ITEM]) == atom(HEAD, [ITEM])
