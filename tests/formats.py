"""What the formats of others demand, written down from their definitions, to hold what we send against.

schema.org with what Google asks of an Event, RFC 4287 (Atom), JSON Feed 1.1 and the sitemap protocol.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _is_moment(value: Any) -> bool:
    """ISO 8601 with an offset, as a moment without one is another in every country."""
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def _is_link(value: Any) -> bool:
    found = urlsplit(value) if isinstance(value, str) else None
    return bool(found and found.scheme in ("http", "https") and found.netloc and " " not in value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not re.search("[\0-\x08\x0b\x0c\x0e-\x1f]", value)


def _one_of(*names: str) -> Callable[[Any], bool]:
    return lambda value: value in [f"https://schema.org/{name}" for name in names]


def _a(*kinds: str) -> Callable[[Any], bool]:
    """One thing of these types or several of them, each with what it must have and nothing unknown."""

    def fits(value: Any) -> bool:
        things = value if isinstance(value, list) else [value]
        return bool(things) and all(one.get("@type") in kinds and not list(_wrong(one)) for one in things)

    return fits


# Of each type its properties, those it must have first.
_TYPES: Mapping[str, tuple[Mapping[str, Callable[[Any], bool]], Mapping[str, Callable[[Any], bool]]]] = {
    "Event": (
        {"name": _is_text, "startDate": _is_moment, "location": _a("Place", "VirtualLocation")},
        {
            "description": _is_text,
            "endDate": _is_moment,
            "eventStatus": _one_of("EventScheduled", "EventRescheduled", "EventCancelled", "EventPostponed"),
            "eventAttendanceMode": _one_of(*(f"{mode}EventAttendanceMode" for mode in ("Offline", "Online", "Mixed"))),
            "previousStartDate": _is_moment,
            "organizer": _a("Organization"),
            "offers": _a("Offer"),
            "inLanguage": lambda value: bool(_LANGUAGE.fullmatch(value)),
            "url": _is_link,
        },
    ),
    "Place": ({"name": _is_text, "address": _a("PostalAddress")}, {}),
    "VirtualLocation": ({"url": _is_link}, {}),
    "PostalAddress": (
        {"addressLocality": _is_text},
        {
            "streetAddress": _is_text,
            "postalCode": _is_text,
            "addressCountry": lambda value: bool(re.fullmatch("[A-Z]{2}", value)),
        },
    ),
    "Organization": ({"name": _is_text, "url": _is_link}, {}),
    "Offer": (
        {
            "price": lambda value: bool(re.fullmatch(r"\d+\.\d\d", value)),
            "priceCurrency": lambda value: value == "EUR",
            "url": _is_link,
            "availability": _one_of("InStock", "SoldOut", "PreOrder"),
        },
        {"name": _is_text, "validFrom": _is_moment},
    ),
}


def _wrong(thing: Mapping[str, Any]) -> Iterator[str]:
    demanded, allowed = _TYPES[thing["@type"]]
    yield from (name for name in demanded if name not in thing)
    for name, value in thing.items():
        check = (demanded | allowed).get(name)
        if name not in ("@type", "@context") and not (check and check(value)):
            yield name


def problems_of_event(data: Mapping[str, Any]) -> list[str]:
    """The properties of an event as JSON-LD that search engines would not take."""
    wrong = list(_wrong(data))
    if wrong:
        return wrong
    if data.get("@context") != "https://schema.org":
        wrong.append("@context")
    # Only what was moved has an earlier date, and what was moved names it.
    if ("previousStartDate" in data) != str(data.get("eventStatus")).endswith("Rescheduled"):
        wrong.append("previousStartDate")
    if "endDate" in data and datetime.fromisoformat(data["endDate"]) <= datetime.fromisoformat(data["startDate"]):
        wrong.append("endDate")
    kinds = {one["@type"] for one in ([data["location"]] if isinstance(data["location"], dict) else data["location"])}
    mode = data["eventAttendanceMode"].removeprefix("https://schema.org/").removesuffix("EventAttendanceMode")
    if kinds != {"Offline": {"Place"}, "Online": {"VirtualLocation"}, "Mixed": {"Place", "VirtualLocation"}}[mode]:
        wrong.append("location")
    return wrong


# From the grammar in the RFC, with what we write; an unknown element or attribute fails.
_ATOM = """<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="feed"><ref name="common"/><interleave>
  <ref name="id"/><ref name="title"/><ref name="updated"/><ref name="author"/>
  <oneOrMore><ref name="link"/></oneOrMore><zeroOrMore><ref name="category"/></zeroOrMore>
  <zeroOrMore><ref name="entry"/></zeroOrMore></interleave></element></start>
<define name="entry"><element name="entry"><ref name="common"/><interleave>
  <ref name="id"/><ref name="title"/><ref name="updated"/>
  <optional><element name="published"><ref name="moment"/></element></optional>
  <optional><ref name="author"/></optional><oneOrMore><ref name="link"/></oneOrMore>
  <zeroOrMore><ref name="category"/></zeroOrMore>
  <optional><element name="summary"><ref name="words"/></element></optional>
  <optional><element name="content"><ref name="words"/></element></optional></interleave></element></define>
<define name="id"><element name="id"><data type="anyURI"><param name="minLength">1</param></data></element></define>
<define name="title"><element name="title"><ref name="words"/></element></define>
<define name="updated"><element name="updated"><ref name="moment"/></element></define>
<define name="author"><element name="author"><element name="name"><text/></element></element></define>
<define name="link"><element name="link"><attribute name="href"><data type="anyURI"/></attribute>
  <attribute name="rel"><choice><value>self</value><value>alternate</value></choice></attribute>
  <attribute name="type"><data type="string"><param name="pattern">.+/.+</param></data></attribute></element></define>
<define name="category"><element name="category"><attribute name="term"/></element></define>
<define name="words"><optional><attribute name="type"><value>text</value></attribute></optional><text/></define>
<define name="moment"><data type="dateTime"><param name="pattern">.+T.+(Z|[+-]\\d\\d:\\d\\d)</param></data></define>
<define name="common"><optional><attribute name="xml:lang"><data type="language"/></attribute></optional></define>
</grammar>"""
_SITEMAP = """<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.sitemaps.org/schemas/sitemap/0.9"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><start><element name="urlset"><oneOrMore>
<element name="url"><interleave>
<element name="loc"><data type="anyURI"><param name="maxLength">2048</param></data></element>
<optional><element name="lastmod"><choice><data type="date"/><data type="dateTime"/></choice></element></optional>
</interleave></element></oneOrMore></element></start></grammar>"""
_GRAMMARS = {name: etree.RelaxNG(etree.fromstring(text)) for name, text in (("atom", _ATOM), ("sitemap", _SITEMAP))}


def problems_of_xml(content: bytes, grammar: str) -> list[str]:
    """Where a document of this grammar ("atom" or "sitemap") breaks it, or rules that a grammar cannot say."""
    document = etree.fromstring(content)
    rules = _GRAMMARS[grammar]
    wrong = [] if rules.validate(document) else [str(error) for error in rules.error_log]
    names = {"a": "http://www.w3.org/2005/Atom", "s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    for path in ("//a:feed/a:id | //a:entry/a:id", "//s:loc"):
        found = [one.text for one in document.iterfind(".//*") if one in document.xpath(path, namespaces=names)]
        wrong += [] if len(found) == len(set(found)) else ["not each its own"]
    # One page of an entry per type and language.
    for entry in document.iterfind(".//a:entry", names):
        wrong += [] if len(entry.findall("a:link[@rel='alternate']", names)) == 1 else ["alternate"]
    return wrong


_FEED = {
    "version": lambda value: value == "https://jsonfeed.org/version/1.1",
    "title": _is_text,
    "home_page_url": _is_link,
    "feed_url": _is_link,
    "language": lambda value: bool(_LANGUAGE.fullmatch(value)),
    "authors": lambda value: bool(value) and all(_is_text(one["name"]) for one in value),
    "items": lambda value: isinstance(value, list) and not [wrong for one in value for wrong in _wrong_item(one)],
}
_ITEM = {
    "id": _is_text,
    "url": _is_link,
    "title": _is_text,
    "summary": _is_text,
    "content_text": _is_text,
    "date_published": _is_moment,
    "date_modified": _is_moment,
    "tags": lambda value: all(map(_is_text, value)),
}


def _wrong_item(item: Mapping[str, Any]) -> Iterator[str]:
    # It has an id and a text; whatever is ours begins with an underscore.
    yield from ({"id", "content_text"} - item.keys())
    for name, value in item.items():
        if not name.startswith("_") and not (name in _ITEM and _ITEM[name](value)):
            yield name


def problems_of_json_feed(feed: Mapping[str, Any]) -> list[str]:
    """The members of a JSON Feed that its definition does not know or not like this."""
    wrong = [name for name in ("version", "title", "items") if name not in feed]
    wrong += [name for name, value in feed.items() if not (name in _FEED and _FEED[name](value))]
    ids = [item["id"] for item in feed["items"]]
    return wrong if len(ids) == len(set(ids)) else [*wrong, "not each its own id"]
