"""An ambassador proposes, the office asks and takes over, and only then may the public see anything."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.events import EventState
from eventapp.domain.pricing import Category
from eventapp.domain.proposals import ProposalState
from eventapp.extensions import db
from eventapp.models import Event, EventProposal, OutboxMail, Person, PersonStatus, ProposalRemark
from eventapp.queries.proposals import waiting_proposals
from eventapp.services import forgetting, organising, proposing
from eventapp.services.merging import PERSON, merge
from tests.factories import NOW, OFFICE, make_person
from tests.web.office import made, rows, signed_in, words
from tests.web.test_mine import MINE, browser

FILLED = {
    "title": "Ontbijt in Zwolle: <samen> beginnen",
    "kind": "regionale-activiteit",
    "text": "Over de doorgaande lijn.",
    "for_whom": "Directeuren in Overijssel",
    "starts_at": "2027-05-20T08:30",
    "ends_at": "2027-05-20T10:00",
    "form": "fysiek",
    "place": "Buurthuis, Zwolle",
    "pays": "nobody",
}
NEW = "/mijn/voorstellen/nieuw"


def ambassador(until: date | None = None, **named) -> int:
    person = make_person(**({"address": MINE, "proven": True} | named))
    db.session.add(
        PersonStatus(person=person, category=Category.AMBASSADEUR, starts_on=date(2026, 1, 1), ends_on=until)
    )
    db.session.commit()
    return person.id


def proposed(client, person_id: int, **changes) -> int:
    answer = client.post(NEW, data=FILLED | {"person": str(person_id)} | changes)
    assert answer.status_code == 303, words(answer)
    return int(answer.location.rpartition("/")[2])


def mails(app) -> list[tuple[str, str]]:
    wanted = sa.select(OutboxMail.subject, OutboxMail.to_address).where(OutboxMail.kind.startswith("proposal"))
    return rows(app, wanted.order_by(OutboxMail.id))


def test_from_form_to_agenda(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, ambassador)
    mine, office = browser(app), signed_in(app)

    offered = words(mine.get("/mijn"))
    key = proposed(mine, person_id)
    again = proposed(mine, person_id)
    hidden = words(app.test_client().get("/"))
    waits = made(app, waiting_proposals)
    first_page = words(office.get("/beheer/"))
    page = f"/beheer/evenementen/voorstellen/{key}"
    office.post(f"{page}/vraag", data={"text": "Kan het ook in mei?"})
    asked = words(mine.get(f"/mijn/voorstellen/{key}"))
    mine.post(f"/mijn/voorstellen/{key}/antwoord", data={"text": "Het is in mei."})
    read = words(office.get(page))
    taken = office.post(f"{page}/overname")
    twice = office.post(f"{page}/overname")
    still_hidden = words(app.test_client().get("/"))
    event = made(app, lambda: db.session.scalars(sa.select(Event.id)).one())
    with app.app_context():
        db.session.get_one(Event, event).city = "Zwolle"
        db.session.commit()
    office.post(f"{taken.location}/publicatie")

    assert "Stel een bijeenkomst voor" in offered
    assert (again, waits) == (key, 1)
    assert "Ontbijt" not in hidden + still_hidden
    assert "Ambassadeurs stellen een bijeenkomst voor" in first_page
    assert "Er is een vraag voor u" in asked and "Kan het ook in mei?" in asked
    assert "Het is in mei." in read and "Buurthuis, Zwolle" in read
    assert (taken.status_code, twice.status_code) == (303, 409)
    assert "Ontbijt" in words(app.test_client().get("/"))
    assert rows(app, sa.select(Event.state, Event.invoice_allowed)) == [(EventState.PUBLISHED, False)]
    title = FILLED["title"]
    assert [subject for subject, to in mails(app) if to == MINE] == [
        f"Wij hebben uw voorstel: {title}",
        f"Een vraag over uw voorstel: {title}",
        f"Uw voorstel is overgenomen: {title}",
        f"Uw bijeenkomst staat in de agenda: {title}",
    ]
    assert [subject for subject, to in mails(app) if to != MINE] == [
        f"Marieke van der Meulen stelt een bijeenkomst voor: {title}",
        f"Marieke van der Meulen antwoordt over een voorstel: {title}",
    ]


def test_a_draft_that_is_thrown_away_leaves_the_proposal_waiting(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, ambassador)
    key = proposed(browser(app), person_id)

    with app.app_context():
        for hours in range(2):
            slug = proposing.take_over(key, by=OFFICE, now=NOW + timedelta(hours=hours))
            event_id = db.session.scalars(sa.select(Event.id).where(Event.slug == slug)).one()
            organising.delete_draft(event_id, by=OFFICE, now=NOW)

    assert rows(app, sa.select(EventProposal.state, EventProposal.event_id)) == [(ProposalState.WAITING, None)]
    assert [subject.partition(":")[0] for subject, to in mails(app) if to == MINE][1:] == [
        "Uw voorstel is overgenomen"
    ] * 2


def test_declining_says_why_and_withdrawing_needs_nobody(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, ambassador)
    mine, office = browser(app), signed_in(app)
    one, other = proposed(mine, person_id), proposed(mine, person_id, title="Nog een")

    empty = office.post(f"/beheer/evenementen/voorstellen/{one}/afwijzing", data={"reason": " "})
    office.post(f"/beheer/evenementen/voorstellen/{one}/afwijzing", data={"reason": "Er is dan al een themadag."})
    mine.post(f"/mijn/voorstellen/{other}/intrekking")

    assert empty.status_code == 422
    assert "Er is dan al een themadag." in words(mine.get(f"/mijn/voorstellen/{one}"))
    assert rows(app, sa.select(EventProposal.state).order_by(EventProposal.id)) == [
        (ProposalState.DECLINED,),
        (ProposalState.WITHDRAWN,),
    ]
    assert "Er is dan al een themadag." in rows(app, sa.select(OutboxMail.text).order_by(OutboxMail.id))[-2][0]
    assert "Afgehandeld" in words(office.get("/beheer/evenementen/voorstellen"))


@pytest.mark.parametrize("until", [date(2027, 1, 10), "none"])
def test_only_who_is_an_ambassador_today_may_propose(make_app, until):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, lambda: make_person(address=MINE, proven=True).id if until == "none" else ambassador(until))
    mine = browser(app)

    answer = mine.post(NEW, data=FILLED | {"person": str(person_id)})

    assert "Stel een bijeenkomst voor" not in words(mine.get("/mijn"))
    assert (mine.get(NEW).status_code, answer.status_code) == (403, 403)
    assert app.test_client().get(NEW).status_code == 302
    assert rows(app, sa.select(EventProposal.id)) == []


def test_another_at_the_mailbox_or_elsewhere_sees_and_proposes_nothing_of_mine(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, ambassador)
    other = made(app, lambda: ambassador(given_name="Suharti", infix="", family_name="", address="s@elders.example"))
    key = proposed(browser(app), person_id)
    stranger = browser(app, "s@elders.example")

    shown = stranger.get(f"/mijn/voorstellen/{key}")
    answered = stranger.post(f"/mijn/voorstellen/{key}/intrekking")
    in_my_name = stranger.post(NEW, data=FILLED | {"person": str(person_id)})

    assert (shown.status_code, answered.status_code, in_my_name.status_code) == (404, 404, 422)
    assert rows(app, sa.select(EventProposal.person_id)) == [(person_id,)]
    assert other != person_id


def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, ambassador)
    mine = browser(app)
    wrong = {
        "title": ("", "Geef de bijeenkomst een titel."),
        "starts_at": ("2026-05-20T08:30", "Dit moment is al voorbij."),
        "ends_at": ("2027-05-20T08:30", "Het einde ligt niet na het begin."),
        "place": ("", "Vul in waar het is, of kies online."),
        "kind": ("themadag", "Soort"),
    }

    for field, (typed, said) in wrong.items():
        answer = mine.post(NEW, data=FILLED | {"person": str(person_id), field: typed})

        assert (answer.status_code, said in words(answer)) == (422, True), field
        assert "Over de doorgaande lijn." in answer.text
        assert "Geld en contracten lopen nooit via" in words(answer)
    assert rows(app, sa.select(EventProposal.id)) == []


def test_the_sixth_waits_until_the_office_said_something(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, ambassador)
    mine = browser(app)
    for number in range(5):
        proposed(mine, person_id, title=f"Nummer {number}")

    answer = mine.post(NEW, data=FILLED | {"person": str(person_id)})

    assert (answer.status_code, "Er staan al 5 voorstellen open" in words(answer)) == (422, True)


def test_it_goes_along_when_people_are_merged_and_is_forgotten_with_them(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    gone = made(app, ambassador)
    key = proposed(browser(app), gone)
    with app.app_context():
        kept = make_person("Marieke", "v.d.", "Meulen", address="m@elders.example").id
        proposing.ask(key, "Wat bedoelt u?", by=OFFICE, now=NOW)
        merge(PERSON, kept, gone, by=OFFICE, now=NOW)
        assert db.session.scalars(sa.select(EventProposal.person_id)).all() == [kept]

        young = forgetting.sweep(now=NOW + timedelta(days=300)).proposals
        old = forgetting.sweep(now=NOW + timedelta(days=400)).proposals

        assert (young, old) == (0, 1)
        assert db.session.scalars(sa.select(ProposalRemark.id)).all() == []
        assert db.session.get(Person, kept) is not None


def test_answers_fill_no_mailbox(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    person_id = made(app, ambassador)
    mine = browser(app)
    key = proposed(mine, person_id)

    said = [
        mine.post(f"/mijn/voorstellen/{key}/antwoord", data={"text": f"Nog iets {n}"}).status_code for n in range(11)
    ]

    assert said == [303] * 10 + [429]
    assert len(mails(app)) == 12
