"""Does the demo show every mail as people get it, and nobody anything outside the demo?"""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import transport_from
from eventapp.services import mails
from tests.factories import NOW
from tests.mail import kinds

PAGES = ["/postvak", "/postvak.json", "/postvak/1", "/postvak/1/html", "/postvak/1/bijlage/1"]


@pytest.fixture
def demo(make_app: Callable[..., Flask]) -> Flask:
    """The demo with a ticket mail and a sign-in mail in its mailbox."""
    app = make_app(DEMO=True)
    with app.app_context():
        event = kinds.themadag(slug="themadag-2027")
        mails.confirmed(kinds.somebody(event, address="team@zonnevlinder.example"), now=NOW)
        write("sign_in_unknown", Recipient("Kees@kindcentra.example", "Kees"), purpose="1", now=NOW)
        db.session.commit()
        assert deliver_due(transport_from(app.config), now=NOW) == 2
    return app


@pytest.fixture
def client(demo: Flask) -> FlaskClient:
    return demo.test_client()


@pytest.mark.parametrize("page", PAGES)
def test_outside_the_demo_it_does_not_exist(demo: Flask, page: str) -> None:
    client = demo.test_client()
    demo.config["DEMO"] = False

    assert client.get(page).status_code == 404


def test_the_list_has_the_newest_first(client: FlaskClient) -> None:
    page = client.get("/postvak").text

    assert page.index("Inloggen bij Netwerk Kindcentra") < page.index("Ticket voor Marieke van der Meulen")
    assert "1 tot 2 van 2 mails" in page


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("team@zonnevlinder.example", ["team@zonnevlinder.example"]),
        ("TEAM@Zonnevlinder.example", ["team@zonnevlinder.example"]),
        ("eam@zonnevlinder.example", []),
        ("kees", ["Kees@kindcentra.example"]),
        ("%", []),
        ("", ["Kees@kindcentra.example", "team@zonnevlinder.example"]),
    ],
)
def test_a_whole_address_or_a_piece_of_one_finds_mails(client: FlaskClient, to: str, found: list[str]) -> None:
    mails_found = client.get("/postvak.json", query_string={"aan": to}).json
    page = client.get("/postvak", query_string={"aan": to}).text

    assert [mail["to"] for mail in mails_found] == found
    assert [address for address in ("Kees@", "team@") if f'<td data-label="Aan">{address}' in page] == [
        f"{address.partition('@')[0]}@" for address in found
    ]


def test_the_data_has_words_links_and_attachments(client: FlaskClient) -> None:
    mail = client.get("/postvak.json").json[1]

    assert (mail["to"], mail["date"]) == ("team@zonnevlinder.example", "2027-01-11T10:00:00+01:00")
    assert mail["subject"] == f"Ticket voor Marieke van der Meulen: {kinds.TITLE}"
    assert mail["text"].startswith(f"U bent aangemeld voor {kinds.TITLE}")
    assert [link.split("/")[3] for link in mail["links"]] == ["ticket", "bestelling"]
    assert [(file["name"], file["type"]) for file in mail["attachments"]] == [
        ("afspraak-themadag-2027.ics", "application/ics"),
        ("ticket-themadag-2027.pdf", "application/pdf"),
    ]


def test_what_came_along_can_be_fetched(client: FlaskClient) -> None:
    calendar, ticket = (file["url"] for file in client.get("/postvak.json").json[1]["attachments"])

    assert client.get(calendar).data.startswith(b"BEGIN:VCALENDAR")
    answer = client.get(ticket)
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == "attachment; filename=ticket-themadag-2027.pdf"
    assert client.get("/postvak/1/bijlage/3").status_code == 404


def test_a_mail_is_shown_with_its_head_and_both_its_parts(client: FlaskClient) -> None:
    page = client.get("/postvak/1").text

    assert "Vereniging Netwerk Kindcentra &lt;aanmelden@kindcentra.example&gt;" in page
    assert '<iframe class="mail-frame" src="/postvak/1/html"' in page
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert "Themadag 2027: samen &amp; sterk op woensdag 10 februari 2027." in page


def test_the_styled_part_may_do_nothing_but_be_shown_by_us(client: FlaskClient) -> None:
    answer = client.get("/postvak/1/html")

    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert "X-Frame-Options" not in answer.headers
    assert '<head><base target="_top">' in answer.text
    assert "DEMO" in answer.text


def test_a_ticket_of_the_demo_says_that_it_opens_no_door(client: FlaskClient) -> None:
    pdf = client.get("/postvak/1/bijlage/2").data

    assert "dit ticket geeft geen toegang" in _words(pdf)


def test_an_empty_mailbox_is_told_in_words(make_app: Callable[..., Flask]) -> None:
    client = make_app(DEMO=True).test_client()

    assert "Nog geen mail" in client.get("/postvak").text
    assert "Geen mail aan kees" in client.get("/postvak?aan=kees").text
    assert client.get("/postvak.json").json == []
    assert client.get("/postvak/1").status_code == 404


def _words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
