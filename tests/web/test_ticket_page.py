"""The ticket on the page is the equal of the one on paper; a group's file holds who shares the booker's mailbox."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import zxingcpp

from eventapp.domain.admission import TicketState
from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.mail import papers
from eventapp.models import Choice, Event, Ticket
from tests.documents.examples import read_pdf, text_of
from tests.documents.test_qr import drawn
from tests.factories import NOW, make_breakout, make_event, make_person, make_registration, make_round, make_ticket
from tests.web.office import made, words

EMOJI = "👩‍👩‍👧 Kim <b>=1+1</b>"


def _studiereis(**more) -> Event:
    starts_at = NOW.replace(hour=7, minute=0) + timedelta(days=30)
    ends_at = starts_at + timedelta(days=2, hours=8)
    plain = {"title": "Studiereis Gent", "route": "Met de bus vanaf Utrecht.", "contact": "reis@vnk.example"}
    return make_event(slug="gent", starts_at=starts_at, ends_at=ends_at, **{**plain, **more})


def _on_three_days() -> tuple[str, list[str], str]:
    """The token of a ticket with a breakout on the first and on the last day, what the paper says, and the code."""
    event = _studiereis()
    found = make_registration(event, make_person(EMOJI, "", "محمد"), organisation_name="Stichting De Brêge")
    for number, hours in enumerate((1, 49)):
        round_ = make_round(event, f"Ronde {number}", hours=hours)
        breakout = make_breakout(round_, title=f"Kijken {number}", room=f"Lokaal {number}")
        db.session.add(Choice(registration_id=found.id, round_id=round_.id, breakout_id=breakout.id, chosen_at=NOW))
    db.session.commit()
    ticket = found.tickets[0]
    paper = papers.ticket_data(ticket)
    said = [paper.event_title, paper.kind, paper.when, paper.doors, paper.venue, *paper.address, paper.route]
    said += [paper.holder, paper.organisation, paper.category, paper.contact, paper.order_reference]
    said += [part for session in paper.sessions for part in (session.day, session.time, session.title, session.room)]
    return ticket.token, said, ticket.code


def test_page_says_everything_that_the_paper_says(make_app):
    app = make_app()
    token, said, code = made(app, _on_three_days)

    page = app.test_client().get(f"/ticket/{token}")
    text = words(page)

    assert [part for part in said if part not in text] == []
    assert "Begint om 08.00 uur, eindigt om 16.00 uur" in said
    assert len({part for part in said if re.fullmatch(r"\w+dag \d+ \w+ \d{4}", part)}) == 2
    assert " ".join(code[at : at + 5] for at in range(0, 20, 5)) in text
    picture = re.search(r'class="ticket__qr">(<svg.*?</svg>)', page.text, re.DOTALL)[1]
    assert [found.text for found in zxingcpp.read_barcodes(drawn(picture))] == [code]
    assert code[:5] in ET.fromstring(picture).attrib["aria-label"]


def test_who_joins_by_video_reads_nothing_of_the_way_there(make_app):
    app = make_app()

    def at_home() -> str:
        found = make_registration(_studiereis(form=EventForm.HYBRIDE), attends=EventForm.ONLINE)
        return found.tickets[0].token

    text = words(app.test_client().get(f"/ticket/{made(app, at_home)}"))

    assert "Waar Online" in text
    assert "Met de bus" not in text
    assert "U doet online mee." in text


def _group() -> str:
    """An order for two at the mailbox that booked, one withdrawn, one replaced ticket, and a colleague elsewhere."""
    event = make_event(slug="themadag")
    booker = make_registration(event, make_person("Zoë", "", "Boeker", address="school@lid.example"))
    for name, address, state in (
        ("Anna", "school@lid.example", State.CONFIRMED),
        ("Weg", "school@lid.example", State.CANCELLED),
        ("Elders", "elders@lid.example", State.CONFIRMED),
    ):
        other = make_registration(event, make_person(name, "", "Collega", address=address), state=state)
        other.order = booker.order
    old = booker.tickets[0]
    old.state = TicketState.REPLACED
    db.session.flush()
    make_ticket(booker)
    db.session.commit()
    return booker.order.token


def test_group_gets_one_file_with_a_page_each_of_its_own_mailbox(make_app):
    app = make_app()
    token = made(app, _group)
    client = app.test_client()

    page = client.get(f"/bestelling/{token}")
    pdf = client.get(f"/bestelling/{token}/tickets.pdf")

    pages = [text_of(pdf.data, number) for number in range(len(read_pdf(pdf.data).pages))]
    codes = made(app, lambda: {row.code: row.state for row in db.session.query(Ticket)})
    assert f"/bestelling/{token}/tickets.pdf" in page.text
    assert [name in text for name, text in zip(("Zoë Boeker", "Anna Collega"), pages, strict=True)] == [True, True]
    printed = "".join(pages).replace(" ", "")
    assert {state for code, state in codes.items() if code in printed} == {TicketState.VALID}
    assert "tickets-themadag.pdf" in pdf.headers["Content-Disposition"]
    assert client.get(f"/bestelling/{token}/tickets.pdf").data == pdf.data


def test_order_without_a_ticket_has_no_file(make_app):
    app = make_app()

    def unpaid() -> str:
        return make_registration(make_event(), state=State.AWAITING_PAYMENT).order.token

    assert app.test_client().get(f"/bestelling/{made(app, unpaid)}/tickets.pdf").status_code == 404
    assert app.test_client().get("/bestelling/onbekend/tickets.pdf").status_code == 404
