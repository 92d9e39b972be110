"""What search engines and other sites read of the agenda: complete, true, and nothing that is not for strangers."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from eventapp.domain.events import EventForm, EventState, RegistrationMode, Visibility
from eventapp.domain.pricing import Category
from eventapp.services import organising
from eventapp.services.event_rows import details_of
from tests.circling import make_circle
from tests.factories import NOW, OFFICE, make_event
from tests.formats import problems_of_event, problems_of_json_feed, problems_of_xml

SECRET = "https://vergadering.example/geheim"
BASE = "http://127.0.0.1:8000"
# What Google's page about events asks for, and what it likes to have; all of it but pictures and performers.
REQUIRED = ("name", "startDate", "location.address.addressLocality", "location.address.streetAddress")
RECOMMENDED = (
    "description",
    "endDate",
    "eventStatus",
    "eventAttendanceMode",
    "location.name",
    "location.address.postalCode",
    "location.address.addressCountry",
    "organizer.name",
    "organizer.url",
    "offers.price",
    "offers.priceCurrency",
    "offers.availability",
    "offers.validFrom",
    "offers.url",
    "url",
)


@pytest.fixture
def client(app):
    return app.test_client()


def read(client, slug: str) -> dict[str, Any]:
    """The one piece of structured data of an event page, as a search engine reads it, which finds nothing wrong."""
    page = BeautifulSoup(client.get(f"/agenda/{slug}").data, "html.parser")
    (script,) = page.select('script[type="application/ld+json"]')
    data = json.loads(script.string)
    assert problems_of_event(data) == []
    return data


def at(data: Any, path: str) -> Any:
    """What stands at a dotted path, of a list its first."""
    for name in path.split("."):
        data = data[0] if isinstance(data, list) else data
        data = data.get(name)
    return data


def test_an_event_has_every_field_that_search_engines_ask_for(client):
    event = make_event(summary="Voor <wie> & wat", online_url=SECRET, opens_at=NOW - timedelta(days=1))

    data = read(client, event.slug)

    assert (data["@context"], data["@type"]) == ("https://schema.org", "Event")
    assert [path for path in (*REQUIRED, *RECOMMENDED) if not at(data, path)] == []
    assert data["description"] == "Voor <wie> & wat"
    assert (data["startDate"], data["endDate"]) == ("2027-02-10T10:00:00+01:00", "2027-02-10T14:00:00+01:00")
    assert SECRET not in json.dumps(data)


SCHEMA = "https://schema.org/"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, {"eventStatus": "EventScheduled", "offers.availability": "InStock", "location.@type": "Place"}),
        (
            {"state": EventState.CANCELLED, "moved_from": NOW},
            {"eventStatus": "EventCancelled", "previousStartDate": None},
        ),
        (
            {"moved_from": NOW + timedelta(days=200)},
            {"eventStatus": "EventRescheduled", "previousStartDate": "2027-07-30T11:00:00+02:00"},
        ),
        ({"capacity": 0}, {"offers.availability": "SoldOut"}),
        ({"opens_at": NOW + timedelta(days=1)}, {"offers.availability": "PreOrder"}),
        ({"closes_at": NOW}, {"offers.availability": "SoldOut"}),
        ({"registration": RegistrationMode.ELDERS, "external_url": "https://x.example"}, {"offers": None}),
        ({"prices": {Category.LID: None}}, {"offers": None}),
        (
            {"form": EventForm.ONLINE, "online_url": SECRET},
            {
                "eventAttendanceMode": "OnlineEventAttendanceMode",
                "location": {"@type": "VirtualLocation", "url": f"{BASE}/agenda/dag"},
            },
        ),
        ({"form": EventForm.HYBRIDE}, {"eventAttendanceMode": "MixedEventAttendanceMode"}),
        ({"postcode": "9000", "city": "Gent"}, {"location.address.addressCountry": None}),
        (
            {"postcode": "", "street": ""},
            {"location.address": {"@type": "PostalAddress", "addressLocality": "Utrecht"}},
        ),
    ],
)
def test_what_is_said_follows_the_event_and_what_is_unknown_is_left_out(client, settings, said):
    make_event(slug="dag", **settings)

    data = read(client, "dag")

    found = {path: at(data, path) for path in said}
    assert {p: v.removeprefix(SCHEMA) if isinstance(v, str) else v for p, v in found.items()} == said
    assert SECRET not in json.dumps(data)


def test_a_move_to_another_day_is_known_from_then_on(app, client):
    event = make_event(slug="dag")
    details = details_of(event)
    later = {name: getattr(details, name) + timedelta(days=7) for name in ("starts_at", "ends_at")}

    organising.change_event(event.id, replace(details, **later), version=event.version, by=OFFICE, now=NOW)

    data = read(client, "dag")
    assert (data["eventStatus"], data["startDate"], data["previousStartDate"]) == (
        f"{SCHEMA}EventRescheduled",
        "2027-02-17T10:00:00+01:00",
        "2027-02-10T10:00:00+01:00",
    )


def test_the_sitemap_names_what_strangers_may_find_and_nothing_else(client):
    make_event(slug="komt")
    make_event(slug="leden", visibility=Visibility.LEDEN)
    make_event(slug="geweest", starts_at=NOW - timedelta(days=100))
    make_event(slug="lang-geleden", starts_at=NOW - timedelta(days=500))
    make_event(slug="concept", state=EventState.DRAFT)
    make_event(slug="besloten", visibility=Visibility.BESLOTEN)
    make_circle(slug="kring")
    make_circle(slug="besloten-kring", visibility=Visibility.BESLOTEN)

    answer = client.get("/sitemap.xml")
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    assert problems_of_xml(answer.data, "sitemap") == []
    urls = ElementTree.fromstring(answer.data).findall("s:url", names)
    found = {url.findtext("s:loc", namespaces=names): url.findtext("s:lastmod", namespaces=names) for url in urls}

    paths = ("/", "/kringen", "/privacy", "/toegankelijkheid", "/kringen/kring")
    paths += ("/agenda/geweest", "/agenda/komt", "/agenda/leden")
    assert set(found) == {f"{BASE}{path}" for path in paths}
    assert found[f"{BASE}/agenda/komt"] == "2026-12-12T09:00:00Z"
    assert {client.get(address.removeprefix(BASE)).status_code for address in found} == {200}
    assert f"Sitemap: {BASE}/sitemap.xml" in client.get("/robots.txt").text
    assert client.get("/sitemap.xml", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("path", "title", "address"),
    [
        ("/?soort=themadag", "Agenda van Vereniging Netwerk Kindcentra", "/"),
        ("/agenda/dag", "Dag “één” <b>", "/agenda/dag"),
        ("/kringen/kring", "Kring HR", "/kringen/kring"),
    ],
)
def test_a_link_on_other_sites_says_what_it_leads_to(client, path, title, address):
    make_event(slug="dag", title="Dag “één” <b>", summary="Samen verder")
    make_circle(slug="kring", name="Kring HR")

    page = BeautifulSoup(client.get(path).data, "html.parser")
    said = {tag["property"]: tag["content"] for tag in page.select("meta[property]")}

    assert (said["og:title"], said["og:url"]) == (title, f"{BASE}{address}")
    assert said["og:description"] and said["og:locale"] == "nl_NL"
    assert page.select_one("link[rel=canonical]")["href"] == said["og:url"]


@pytest.mark.parametrize("filters", ["", "?soort=inspiratiebijeenkomst&zoek=%26+<b>", "?soort=alv"])
def test_feeds_keep_to_the_rules_of_their_formats(client, filters):
    make_event(title="Eén & <b>ander</b> \x0b één", summary="Voor <wie> & wat", description="Regel 1\n\nRegel 2")
    make_event(title="Eén & <b> afgelast", state=EventState.CANCELLED, online_url=SECRET, form=EventForm.ONLINE)
    make_event(
        title="één & <b> elders", registration=RegistrationMode.ELDERS, external_url="https://x.example/?a=1&b=2"
    )

    atom, feed = client.get(f"/agenda.atom{filters}"), client.get(f"/agenda.json{filters}")

    assert (atom.mimetype, feed.mimetype) == ("application/atom+xml", "application/feed+json")
    assert (problems_of_xml(atom.data, "atom"), problems_of_json_feed(feed.json or json.loads(feed.data))) == ([], [])
    assert len(json.loads(feed.data)["items"]) == (0 if "alv" in filters else 3)
    assert SECRET not in atom.text + feed.text


def test_the_rules_of_the_formats_are_not_empty(client):
    """What was broken on purpose is found."""
    make_event(slug="dag", opens_at=NOW)
    data, feed = read(client, "dag"), json.loads(client.get("/agenda.json").data)
    atom, sitemap = client.get("/agenda.atom").data, client.get("/sitemap.xml").data

    assert problems_of_event(data | {"startDate": "2027-02-10 10:00"}) == ["startDate"]
    assert problems_of_event(data | {"eventStatus": "https://schema.org/Moved"}) == ["eventStatus"]
    assert problems_of_event(data | {"offers": [{**data["offers"][0], "price": "0,00"}]}) == ["offers"]
    assert problems_of_event(data | {"location": data["location"] | {"zaal": "1"}}) == ["location"]
    assert problems_of_json_feed(feed | {"items": [feed["items"][0] | {"url": "/agenda/dag"}]}) == ["items"]
    assert problems_of_json_feed(feed | {"items": feed["items"] * 2}) == ["not each its own id"]
    assert problems_of_xml(atom.replace(b"<updated>", b"<updated>dinsdag "), "atom")
    assert problems_of_xml(atom.replace(b"<author>", b"<auteur>").replace(b"</author>", b"</auteur>"), "atom")
    assert problems_of_xml(sitemap.replace(b"<loc>", b"<loc> <b/>"), "sitemap")


def test_feeds_are_found_from_the_agenda_with_its_filters(client):
    page = BeautifulSoup(client.get("/?soort=themadag").data, "html.parser")

    assert {link["type"]: link["href"] for link in page.select("link[rel=alternate]")} == {
        "text/calendar": "/agenda.ics?soort=themadag",
        "application/atom+xml": "/agenda.atom?soort=themadag",
        "application/feed+json": "/agenda.json?soort=themadag",
    }
