"""Another system of the association books somebody in: what it may say, what it hears, and what is written."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from eventapp.domain.actors import Scope
from eventapp.domain.events import EventForm, EventState, Visibility
from eventapp.domain.invitations import InvitationState
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import Category
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import AuditEntry, Capacity, Event, Invitation, Invoice, MailText, Person, Registration, Setting
from eventapp.queries.choices import programme_of
from eventapp.queries.questions import answers_of
from eventapp.services.mails import confirmed
from eventapp.transaction import transaction
from eventapp.web.api.refusals import unreadable
from eventapp.web.api.schemas.registrations import BookingIn
from tests.asking import ask
from tests.factories import (
    NOW,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
    make_token,
)
from tests.invoicing import make_ready
from tests.reading import acts, all_mails, last_mail, mails, only_registration, registrations, taken

pytestmark = pytest.mark.both_databases

MARIEKE = {
    "email": "Marieke@Zonnevlinder.example",
    "given_name": "Marieke",
    "infix": "van der",
    "family_name": "Meulen",
    "organisation": "Zonnevlinder locatie Noord",
    "function": "Directeur",
    "sessions": [],
    "answers": {},
    "invoice": None,
}
INVOICE = {
    "legal_name": "Stichting PO Veenrand",
    "street": "Veenweg",
    "house_number": "12",
    "postcode": "2803PA",
    "city": "Gouda",
    "email": "Crediteuren@po-veenrand.example",
    "order_number": "PO-4500123",
}
PAYS = {"MOLLIE_API_KEY": "test_" + "x" * 30, "MOLLIE_API_ENDPOINT": "http://127.0.0.1:9"}


@pytest.fixture
def book(app):
    """POST a booking to an event; anything about it by keyword, headers with `headers`."""
    return booker(app)


def booker(app, *scopes):
    _token, secret = make_token(*(scopes or (Scope.REGISTRATIONS_WRITE,)), name="Website")
    client = app.test_client()

    def call(event, *, headers=None, **changes):
        bearer = {"Authorization": f"Bearer {secret}", **(headers or {})}
        answer = client.post(f"/api/v1/events/{event.slug}/registrations", json=MARIEKE | changes, headers=bearer)
        db.session.rollback()
        return answer

    return call


def test_an_employee_of_a_member_is_confirmed_at_once_and_gets_the_ticket(book):
    organisation, event = make_organisation(), make_event()

    answer = book(event)

    found = only_registration()
    assert (answer.status_code, answer.content_type) == (201, "application/json")
    assert answer.json == {
        "token": found.order.token,
        "state": "confirmed",
        "category": "lid",
        "price_cents": 0,
        "ticket_code": found.ticket.code,
        "order_url": f"http://127.0.0.1:8000/bestelling/{found.order.token}",
    }
    assert (found.address, found.mail_domain) == ("marieke@zonnevlinder.example", "zonnevlinder.example")
    assert (found.organisation_id, found.organisation_name) == (organisation.id, "Zonnevlinder")
    assert (found.function, found.attends, found.source) == ("Directeur", EventForm.FYSIEK, "api")
    assert (found.reason["category"], found.reason["via"]) == ("lid", "domain")
    assert (found.person.infix, found.person.sort_key) == ("van der", "meulen\x1fmarieke\x1fvan der")
    assert (found.confirmed_at, found.expires_at, taken(event)) == (NOW, None, 1)
    mail = last_mail("confirmed")
    assert (mail.to_address, mail.to_name) == ("marieke@zonnevlinder.example", "Marieke van der Meulen")
    assert (found.ticket.token in mail.text, "Marieke van der Meulen" in mail.html) == (True, True)
    assert [paper["draw"] for paper in mail.attachments] == ["ticket", "invitation"]
    logged = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.act, entry.actor_kind, entry.actor_name) for entry in logged] == [
        ("booked_by_api", "api", "Website"),
        ("confirmed", "api", "Website"),
    ]
    assert (logged[0].subject_id, logged[0].event_id, logged[0].facts) == (found.id, event.id, found.reason)


def test_the_same_words_go_out_as_when_the_office_does_it(book):
    """The mail is worded before anything is written: that must not be seen."""
    event = make_event(route="Acht minuten lopen", prices={Category.LID: 0, Category.NIET_LID: 0})

    book(event, email="a@elders.example")
    with transaction():
        confirmed(only_registration(), now=NOW, again="-again")

    first, again = all_mails()
    assert (first.subject, first.text, first.html) == (again.subject, again.text, again.html)
    assert (first.attachments, first.to_name, first.event_id) == (again.attachments, again.to_name, again.event_id)


PEOPLE = [
    {},
    {"given_name": "", "infix": "", "family_name": "meulen", "organisation": ""},
    {
        "given_name": "<b>Emre</b>  Jan",
        "infix": "d'",
        "family_name": "O & 'Neill'",
        "organisation": "A  <i>&</i> {naam}",
    },
    {
        "given_name": "*Fatma*",
        "infix": "",
        "family_name": "https://elders.example/x",
        "organisation": "\\1 \u00e9\u200d",
    },
    {"family_name": "x" * 100, "organisation": "y" * 200},
    {"category": "niet-lid"},
]
OFFICE = {
    "subject": "{voornaam} {organisatie}: {evenement} voor {naam}",
    "opening": "Beste {voornaam},\n\n*{naam}* van {organisatie}\nop {datum}: https://kindcentra.example/tips",
    "closing": "{naam}",
}

SETTINGS = {"name": "Wij=3:en; & Co", "short_name": "", "email": "w@é.example", "brand_colour": "#123456"}


@pytest.mark.parametrize("office", [{}, OFFICE], ids=["ours", "of the office"])
def test_each_of_many_gets_the_same_words_as_when_the_office_does_it(book, office):
    """What is the same for everybody is worded once: that must not be seen, nor when something changes in between."""
    prices = {Category.LID: 0, Category.NIET_LID: 0}
    event = make_event(title="Samen {naam} <&>", route="Acht minuten lopen", prices=prices)
    changes = [
        lambda: db.session.add(MailText(kind="confirmed", written_at=NOW, written_by="Bureau", **office)),
        lambda: db.session.add_all(Setting(name=name, value=value) for name, value in SETTINGS.items()),
        lambda: db.session.execute(sa.update(Event).values(title="Anders", version=Event.version + 1)),
    ]

    for number, change in enumerate([lambda: None, *changes]):
        with transaction():
            change()
        for place, person in enumerate(PEOPLE):
            answer = book(event, email=f"p{place}.{number}@elders.example", **person)
            with transaction():
                confirmed(registrations()[-1], now=NOW + timedelta(days=place), again="-again")
            first, again = all_mails()[-2:]
            assert (answer.status_code, first.to_address) == (201, f"p{place}.{number}@elders.example")
            assert (first.subject, first.text, first.html) == (again.subject, again.text, again.html)
            assert (first.to_name, "Gat" in first.html + first.text + first.subject) == (again.to_name, False)


@pytest.mark.parametrize(
    ("chosen", "lines"),
    [
        (("vroeg", "laat"), ["Vroeg, Zaal 3", "Laat", "geen deelsessie"]),
        (("heel-de-dag",), ["Heel de dag", "Heel de dag", "geen deelsessie"]),
        ((), []),
    ],
)
def test_the_mail_says_what_was_chosen_or_that_there_is_something_to_choose(book, chosen, lines):
    """Also the same words as when the office does it: nothing is left to choose but what opens later."""
    event = make_event(prices={Category.NIET_LID: 0})
    first, second = make_round(event), make_round(event, "Ronde 2", hours=2)
    make_breakout(make_round(event, "Vrij", hours=3, optional=True), title="Wandelen")
    make_breakout(make_round(event, "Later", hours=4, opens_at=NOW + timedelta(days=9)), title="Geheim")
    slugs = {
        "vroeg": make_breakout(first, title="Vroeg", room="Zaal 3").slug,
        "laat": make_breakout(second, title="Laat").slug,
        "heel-de-dag": make_breakout(first, second, title="Heel de dag").slug,
    }

    book(event, sessions=[slugs[one] for one in chosen])
    with transaction():
        confirmed(only_registration(), now=NOW, again="-again")

    first_mail, again = all_mails()
    assert (first_mail.text, first_mail.html) == (again.text, again.html)
    programme = [line.split(": ")[1] for line in first_mail.text.splitlines() if ".45" in line and ": " in line]
    assert programme == lines
    assert ("U koos nog niet voor elke ronde" in first_mail.text) == (not chosen)


def test_a_price_is_asked_with_the_pay_link(make_app):
    app = make_app(**PAYS)
    with app.app_context():
        event = make_event()

        answer = booker(app)(event)

        found = only_registration()
        assert answer.json == {
            "token": found.order.token,
            "state": "awaiting_payment",
            "category": "niet-lid",
            "price_cents": 9500,
            "order_url": f"http://127.0.0.1:8000/bestelling/{found.order.token}",
        }
        assert (found.expires_at, found.ticket, taken(event)) == (NOW + timedelta(hours=24), None, 1)
        assert found.organisation_name == "Zonnevlinder locatie Noord"
        assert (found.order.pay_token in last_mail("pay").text, acts()) == (True, ["booked_by_api"])


def test_the_named_category_decides(book):
    make_organisation()
    prices = {Category.LID: 0, Category.NIET_LID: 9500, Category.KERNPARTNER: None, Category.SPREKER: 0}
    event = make_event(prices=prices)

    named = [book(event, email=f"{name}@elders.example", category=name) for name in ("spreker", "lid", "kernpartner")]
    observer = book(event, email="w@elders.example", category="waarnemend")
    refused = book(event, email="s@elders.example", category="steunpartner")
    unpayable = book(event, category="niet-lid")

    assert [(answer.json["category"], answer.json["state"]) for answer in (*named, observer)] == [
        ("spreker", "confirmed"),
        ("lid", "confirmed"),
        ("kernpartner", "confirmed"),
        ("waarnemend", "confirmed"),
    ]
    assert {found.reason["via"] for found in registrations()} == {"office"}
    assert (refused.status_code, refused.json["code"]) == (403, "not_admitted")
    assert (unpayable.status_code, unpayable.json["code"]) == (409, "payment_not_possible")
    assert [found.counts for found in registrations()] == [False, True, True, True]
    assert (len(registrations()), taken(event)) == (4, 3)


def test_who_speaks_fills_a_place_only_when_the_other_system_says_so(book):
    """A full event still takes its speakers, and nobody else."""
    event = make_event(capacity=1)
    make_registration(event)

    speaker = book(event, category="spreker")
    counted = book(event, email="telt@elders.example", category="spreker", counts=True)
    unread = book(event, email="telt@elders.example", category="spreker", counts="misschien")

    assert (speaker.status_code, speaker.json["state"]) == (201, "confirmed")
    assert (counted.status_code, counted.json["code"]) == (409, "event_full")
    assert (unread.status_code, list(unread.json["errors"])) == (422, ["counts"])
    assert (len(registrations()), taken(event)) == (2, 1)


def test_who_is_known_keeps_being_that_person_and_comes_once(book):
    person = make_person(address="marieke@zonnevlinder.example")
    event = make_event(prices={Category.NIET_LID: 0}, capacity=1)

    first = book(event, given_name="MARIEKE")
    again = book(event)
    full = book(event, family_name="Iemand Anders")

    assert (first.status_code, only_registration().person_id) == (201, person.id)
    assert (again.status_code, again.json["code"]) == (409, "already_registered")
    assert (full.status_code, full.json["code"]) == (409, "event_full")
    assert full.content_type == "application/problem+json"
    assert (db.session.scalar(sa.select(sa.func.count(Person.id))), taken(event), len(mails())) == (1, 1, 1)


@pytest.mark.parametrize(("at_once", "state"), [(True, "confirmed"), (False, "awaiting_payment")])
def test_on_an_invoice_it_is_sure_at_once_or_once_paid_and_has_a_draft(book, at_once, state):
    make_ready()
    event = make_event(prices={Category.NIET_LID: 9500}, confirm_on_invoice=at_once)

    answer = book(event, email="fatma@elders.example", invoice=INVOICE)

    (draft,) = db.session.scalars(sa.select(Invoice))
    assert (answer.status_code, answer.json["state"], "ticket_code" in answer.json) == (201, state, at_once)
    assert (only_registration().expires_at, taken(event)) == (None, 1)
    assert [mail.kind for mail in all_mails()] == [*(["confirmed"] if at_once else []), "on_invoice"]
    assert (draft.details.postcode, draft.details.address) == ("2803 PA", "crediteuren@po-veenrand.example")


def test_invoice_that_cannot_be_issued_is_refused_beside_the_field_and_a_free_place_needs_none(book):
    paid, free = make_event(prices={Category.NIET_LID: 9500}), make_event(prices={Category.NIET_LID: 0})

    refused = book(paid, email="fatma@elders.example", invoice=INVOICE)
    gratis = book(free, email="fatma@elders.example", invoice=INVOICE)

    assert (refused.status_code, refused.json["code"], list(refused.json["errors"])) == (
        422,
        "invoice_not_possible",
        ["invoice"],
    )
    assert (gratis.status_code, gratis.json["state"]) == (201, "confirmed")
    assert db.session.scalar(sa.select(sa.func.count(Invoice.id))) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "geen adres"}, "email"),
        ({"email": None}, "email"),
        ({"family_name": " "}, "family_name"),
        ({"given_name": "x" * 101}, "given_name"),
        ({"category": "vip"}, "category"),
        ({"sessions": "verdieping"}, "sessions"),
        ({"sessions": [""]}, "sessions.0"),
        ({"answers": ["vegan"]}, "answers"),
        ({"invoice": {**INVOICE, "city": ""}}, "invoice.city"),
        ({"invoice": {**INVOICE, "postcode": "12"}}, "invoice.postcode"),
        ({"invoice": {**INVOICE, "kvk": "1"}}, "invoice.kvk"),
        ({"invoice": {**INVOICE, "email": "geen adres"}}, "invoice.email"),
    ],
)
def test_what_is_not_understood_is_named_per_field(changes, field):
    with pytest.raises(ValidationError) as caught:
        BookingIn.model_validate(MARIEKE | changes)

    assert list(unreadable(caught.value).more["errors"]) == [field]


def test_where_nobody_can_register_nobody_is_booked(app, book):
    closed_door = make_event(visibility=Visibility.BESLOTEN)
    draft = make_event(state=EventState.DRAFT)
    over = make_event(closes_at=NOW - timedelta(days=1))
    cancelled = make_event(state=EventState.CANCELLED)
    open_event = make_event(prices={Category.NIET_LID: 0})
    reader = booker(app, Scope.REGISTRATIONS_READ, Scope.EVENTS_READ)

    answers = [book(event) for event in (closed_door, draft, over, cancelled)]
    answers.append(book(SimpleNamespace(slug="bestaat-niet")))
    answers += [reader(open_event), book(open_event, sessions=["verdieping"])]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [
        (404, "unknown_event"),
        (404, "unknown_event"),
        (409, "registration_closed"),
        (409, "registration_closed"),
        (404, "unknown_event"),
        (403, "insufficient_scope"),
        (422, "unknown_breakout"),
    ]
    assert (registrations(), mails()) == ([], [])


def test_the_same_key_books_once(book):
    event = make_event(prices={Category.NIET_LID: 0})
    key = {"Idempotency-Key": "k1"}

    first, again = book(event, headers=key), book(event, headers=key)
    other = book(event, headers=key, family_name="Ander")

    assert (again.status_code, again.json) == (201, first.json)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert (len(registrations()), taken(event), len(mails())) == (1, 1, 1)


def test_beyond_the_free_places_of_a_member_the_event_decides(book):
    make_organisation()
    event = make_event(free_per_organisation=1, beyond_free=BeyondFree.REFUSED)

    first, second = book(event), book(event, family_name="Twee")
    named = book(event, family_name="Drie", category="lid")

    assert first.status_code == 201
    assert (second.status_code, second.json["code"]) == (409, "no_free_place_left")
    assert (named.status_code, named.json["code"]) == (409, "organisation_full")
    assert (len(registrations()), taken(event)) == (1, 1)


def test_being_booked_answers_the_invitation(book):
    event = make_event(prices={Category.NIET_LID: 0})
    invited = Invitation(
        event_id=event.id,
        address="marieke@zonnevlinder.example",
        token=new_token(),
        answer_token=new_token(),
        sent_at=NOW,
    )
    db.session.add(invited)
    db.session.commit()

    book(event)

    db.session.refresh(invited)
    assert (invited.state, invited.registration_id) == (InvitationState.ACCEPTED, only_registration().id)


def test_a_place_that_somebody_stands_in_line_for_is_not_free(book):
    event = make_event(prices={Category.NIET_LID: 0}, capacity=5)
    make_registration(event)
    db.session.execute(sa.update(Capacity).values(waiting=1))
    db.session.commit()

    answer = book(event)

    assert (answer.status_code, answer.json["code"]) == (409, "event_full")
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 1


def test_breakouts_and_answers_come_along(book):
    event = make_event(prices={Category.NIET_LID: 0})
    first, second = make_round(event), make_round(event, "Ronde 2", hours=2)
    early, late = make_breakout(first, title="Vroeg", size=1), make_breakout(second, title="Laat")
    travel = ask(event.id)

    answer = book(event, sessions=[early.slug, late.slug], answers={str(travel): "Bus"})

    found = only_registration()
    assert answer.status_code == 201
    assert [part.title for part in programme_of(found.id)] == ["Vroeg", "Laat"]
    assert answers_of(found.id) == {travel: "Bus"}
    assert len(found.holds) == 3


def test_what_cannot_be_chosen_or_answered_books_nobody(book):
    event = make_event(prices={Category.NIET_LID: 0})
    first, second = make_round(event), make_round(event, "Ronde 2", hours=2)
    gone, late = make_breakout(first, size=0), make_breakout(second)
    make_breakout(first, title="Er is nog plaats")
    travel = ask(event.id)

    incomplete = book(event, sessions=[late.slug])
    full = book(event, sessions=[gone.slug, late.slug])
    wrong = book(event, answers={str(travel): "Tractor"})

    assert [(one.status_code, one.json["code"]) for one in (incomplete, full, wrong)] == [
        (422, "choice_refused"),
        (409, "breakout_full"),
        (422, "bad_answer"),
    ]
    assert list(incomplete.json["errors"]) == ["sessions"]
    assert list(wrong.json["errors"]) == ["answers"]
    assert (registrations(), mails()) == ([], [])
