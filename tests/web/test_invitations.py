"""The pages of an invitation: what a link holder sees of the person (nothing), and what the office sees and does."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from config import TestConfig
from eventapp.domain.actors import Role
from eventapp.domain.events import EventForm, Visibility
from eventapp.domain.guest_lists import Guest
from eventapp.domain.invitations import InvitationState, Terms
from eventapp.domain.pricing import Category
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Invitation, OutboxMail, Registration
from eventapp.services import calling_off, contacts, inviting
from eventapp.services.knowing import Somebody
from tests.booking import make_ambassador
from tests.factories import OFFICE, make_event, make_organisation, make_registration
from tests.web.office import csrf_token, rows, signed_in, words

NOW = TestConfig.NOW
SECRET_NAME = "Geheimpje"
SPEAKER = Terms(Category.SPREKER)
GUEST = Guest("wie.ditleest@gratismail.example", "Anna", "", SECRET_NAME)


@pytest.fixture
def app(make_app):
    return make_app()


@pytest.fixture
def client(app):
    with app.app_context():
        yield app.test_client()


def invited(guest: Guest = GUEST, terms: Terms = SPEAKER, **event: object) -> tuple[str, str]:
    """The tokens of an invitation to an event: of the invitation and of its answer."""
    found = make_event(**({"description": "Wat wij die dag doen."} | event))
    inviting.invite(found.id, [guest], terms, message="Fijn als u komt.", by=OFFICE, now=NOW)
    return db.session.execute(
        sa.select(Invitation.token, Invitation.answer_token).order_by(Invitation.id.desc())
    ).first()


def press(client, page: str, action: str, **data: str):
    data["csrf_token"] = csrf_token(client, page)
    return client.post(action, data=data)


def test_a_closed_event_is_read_and_answered_on_the_page_of_the_invitation_alone(client):
    token, answer = invited(visibility=Visibility.BESLOTEN, slug="kopgroep", title="Kopgroep bestuurders")
    page = f"/uitnodiging/{token}"

    first = client.get(page)
    accepted = press(client, page, f"{page}/toezegging", function="Adviseur")
    after = client.get(page)

    assert client.get("/agenda/kopgroep").status_code == 404
    assert "Wat wij die dag doen." in words(first)
    assert "w•••@gratismail.example" in words(first)
    assert first.headers["Cache-Control"].startswith("private, no-store")
    assert accepted.status_code == 303
    assert accepted.headers["Location"] == page
    assert "De uitnodiging is aangenomen" in words(after)
    registration = db.session.scalars(sa.select(Registration)).one()
    private = [
        SECRET_NAME,
        "ditleest",
        registration.order.token,
        registration.order.pay_token,
        registration.ticket.token,
    ]
    private += [registration.ticket.code, answer, "/agenda/kopgroep"]
    assert [word for word in private for shown in (first, after) if word in shown.text] == []


def test_the_mailed_answer_link_undoes_and_redoes(client):
    token, answer = invited()
    page, change = f"/uitnodiging/{token}", f"/uitnodiging/{answer}/antwoord"
    press(client, page, f"{page}/toezegging")

    asked = client.get(change)
    press(client, change, f"{change}/afmelding")
    declined = client.get(page)
    press(client, change, f"{change}/heropening")
    open_again = client.get(page)
    press(client, page, f"{page}/afzegging")

    assert "U komt. Toch niet?" in words(asked)
    assert SECRET_NAME not in asked.text
    assert "De uitnodiging is afgeslagen" in words(declined)
    assert "Ja, ik kom" in words(open_again)
    kinds = db.session.scalars(sa.select(OutboxMail.kind).order_by(OutboxMail.id)).all()
    assert kinds == ["invitation", "confirmed", "registration_cancelled", "invitation_declined"]


def test_whose_name_we_do_not_know_fills_it_in_and_nothing_is_filled_in_beforehand(client):
    make_organisation()
    token, _ = invited(Guest("bea@zonnevlinder.example"), Terms(), form=EventForm.HYBRIDE)
    page = f"/uitnodiging/{token}"

    empty = press(client, page, f"{page}/toezegging", given_name="", family_name="", function="Directeur")
    done = press(client, page, f"{page}/toezegging", given_name="Bea", family_name="Bos", attends="online")

    assert empty.status_code == 422
    assert "Vul uw naam in." in words(empty)
    assert 'value="Directeur"' in empty.text
    assert 'name="organisation"' not in empty.text
    assert done.status_code == 303
    registration = db.session.scalars(sa.select(Registration)).one()
    assert (registration.person.family_name, registration.attends) == ("Bos", EventForm.ONLINE)
    assert (registration.category, registration.organisation_name) == (Category.LID, "Zonnevlinder")


def test_a_price_is_said_before_and_the_pay_link_is_only_mailed(make_app):
    app = make_app(MOLLIE_API_KEY="test_" + "x" * 30)
    with app.app_context():
        client = app.test_client()
        token, _ = invited(terms=Terms(price_cents=2500))
        page = f"/uitnodiging/{token}"

        before = client.get(page)
        press(client, page, f"{page}/toezegging")
        after = client.get(page)

        order = db.session.scalars(sa.select(Registration)).one().order
        mail = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "pay")).one()
    assert "€ 25,00 (incl. btw)" in words(before).replace("\xa0", " ")
    assert "Nog één stap: betalen" in words(after)
    assert order.pay_token not in after.text
    assert (mail.to_address, order.pay_token in mail.text) == (GUEST.address, True)


@pytest.mark.parametrize(
    ("spoil", "status", "says"),
    [
        ("full", 200, "Alle plaatsen zijn bezet"),
        ("cancelled", 410, "De zaal staat blank"),
        ("withdrawn", 410, "Deze uitnodiging is ingetrokken"),
        ("closed", 410, "Antwoorden kan niet meer"),
        ("not_admitted", 200, "Ja zeggen kan hier nu niet"),
        ("erased", 404, "Deze link kennen wij niet"),
    ],
)
def test_every_sad_state_is_written(client, spoil, status, says):
    ambassador = make_ambassador("rik@eigenzaak.example")
    guest = Guest(ambassador.address, "Marieke", "van der", "Meulen", ambassador.id)
    token, _ = invited(guest, Terms(), prices={Category.AMBASSADEUR: None}, capacity=1)
    invitation = db.session.scalars(sa.select(Invitation)).one()
    event_id, invitation_id = invitation.event_id, invitation.id
    if spoil == "full":
        make_registration(invitation.event)
    elif spoil == "cancelled":
        calling_off.cancel_event(event_id, reason="De zaal staat blank", by=OFFICE, now=NOW)
    elif spoil == "withdrawn":
        inviting.withdraw(invitation_id, by=OFFICE, now=NOW)
    elif spoil == "closed":
        invitation.event.closes_at = NOW - timedelta(hours=1)
    elif spoil == "not_admitted":
        ambassador.statuses[0].ends_on = ambassador.statuses[0].starts_on
    elif spoil == "erased":
        invitation.address = ""
    db.session.commit()

    shown = client.get(f"/uitnodiging/{token}")

    assert (shown.status_code, says in words(shown)) == (status, True)
    assert "Meulen" not in shown.text
    assert client.get("/uitnodiging/bestaat-niet").status_code == 404


def test_a_withdrawn_invitation_tells_nothing_of_a_closed_event(client):
    """Of an open one anybody may read; both of its links are dead."""
    closed = {"title": "Heidag bestuur", "visibility": Visibility.BESLOTEN, "city": "Zwolle"}
    for title, shows in (("Heidag bestuur", False), ("Themadag", True)):
        token, answer_token = invited(Guest("jan@gratismail.example"), SPEAKER, **(closed | {"title": title}))
        invitation = db.session.scalars(sa.select(Invitation).where(Invitation.token == token)).one()
        if shows:
            invitation.event.visibility = Visibility.OPENBAAR
        invitation.state = InvitationState.WITHDRAWN
        db.session.commit()

        pages = [client.get(f"/uitnodiging/{token}"), client.get(f"/uitnodiging/{answer_token}/antwoord")]

        assert [title in page.text or "10 februari" in page.text for page in pages] == [shows] * 2
        assert pages[0].status_code == 410
        assert "ingetrokken" in words(pages[0]) and "ingetrokken" in words(pages[1])


def test_the_office_pastes_a_list_sees_what_happens_sends_reminds_and_withdraws(app):
    with app.app_context():
        make_organisation()
        slug = make_event(prices={Category.LID: 0, Category.AMBASSADEUR: None}).slug
        db.session.remove()
    office = signed_in(app)
    base = f"/beheer/evenementen/{slug}/uitnodigingen"
    typed = {
        "who": "lijst",
        "people": "Bea Bos <bea@zonnevlinder.example>\nbea zonder adres\njan@gratismail.example",
        "message": "Tot <b>dan</b>!",
    }
    file = (io.BytesIO("Fatma Yıldız;fatma@zonnevlinder.example".encode()), "lijst.csv")

    empty = office.get(base)
    token = csrf_token(office, f"{base}/nieuw")
    preview = office.post(f"{base}/nieuw", data=typed | {"file": file, "csrf_token": token})
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', preview.text.replace("&lt;", "<")))
    kept["people"] = kept["people"].replace("&gt;", ">")
    back = office.post(f"{base}/nieuw", data=kept | {"step": "wijzigen", "csrf_token": token})
    office.post(f"{base}/nieuw", data=kept | {"step": "versturen", "csrf_token": token})
    reminded = office.post(f"{base}/herinnering", data={"csrf_token": token}, follow_redirects=True)
    first = rows(app, sa.select(Invitation.id).order_by(Invitation.id))[0][0]
    withdrawn = office.post(f"{base}/{first}/intrekking", data={"csrf_token": token}, follow_redirects=True)

    assert "Er is nog niemand uitgenodigd" in words(empty)
    assert "Regel 2: bea zonder adres . Hier staat geen e-mailadres bij." in words(preview)
    assert "Verstuur 2 uitnodigingen" in words(preview)
    assert "Mag niet komen" in words(preview)
    assert "bea zonder adres" in back.text
    assert "fatma@zonnevlinder.example" in back.text
    sent = rows(app, sa.select(OutboxMail.kind, OutboxMail.to_address, OutboxMail.to_name).order_by(OutboxMail.id))
    assert sent == [
        ("invitation", "bea@zonnevlinder.example", "Bea Bos"),
        ("invitation", "fatma@zonnevlinder.example", "Fatma Yıldız"),
        ("invitation_reminder", "bea@zonnevlinder.example", "Bea Bos"),
        ("invitation_reminder", "fatma@zonnevlinder.example", "Fatma Yıldız"),
    ]
    assert "2 herinneringen zijn onderweg." in words(reminded)
    assert "Ingetrokken" in words(withdrawn)


def test_a_group_is_invited_by_one_choice_and_readers_may_not(app):
    with app.app_context():
        make_ambassador("rik@eigenzaak.example")
        slug = make_event(prices={Category.AMBASSADEUR: None}).slug
        db.session.remove()
    office, reader = signed_in(app), signed_in(app, Role.LEZER)
    page = f"/beheer/evenementen/{slug}/uitnodigingen/nieuw"

    preview = press(office, page, page, who="ambassadeur")
    sent = press(office, page, page, who="ambassadeur", step="versturen")

    assert "Ambassadeur sinds 01-01-2024" in words(preview)
    assert sent.status_code == 303
    assert rows(app, sa.select(Invitation.address)) == [("rik@eigenzaak.example",)]
    assert reader.get(page).status_code == 403
    assert "Uitnodigingen" not in words(reader.get(f"/beheer/evenementen/{slug}"))


def test_every_contact_person_of_today_gets_one_invitation(app):
    with app.app_context():
        member, other = make_organisation(), make_organisation(name="Tweeklank", domains=("tweeklank.example",))
        fatma = Somebody("fatma@zonnevlinder.example", "Fatma", "", "Yıldız")
        shared = Somebody(fatma.address, "Bea", "", "Bos")
        left = Somebody("oud@tweeklank.example", "Kees", "", "Oud")
        day = local_date(NOW)
        for organisation, who in [(member, fatma), (other, fatma), (member, shared), (other, left)]:
            first = day - timedelta(days=9) if who is left else day
            with_invoices = {"receives_invoices": False, "by": OFFICE, "now": NOW}
            contact = contacts.add_contact(organisation.id, who, first=first, **with_invoices)
        contacts.end_contact(other.id, contact, day - timedelta(days=1), by=OFFICE, now=NOW)
        slug = make_event().slug
        db.session.remove()
    office = signed_in(app)
    page = f"/beheer/evenementen/{slug}/uitnodigingen/nieuw"

    preview = press(office, page, page, who="contactpersonen")
    press(office, page, page, who="contactpersonen", step="versturen")

    assert "1 regel slaan wij over Fatma Yıldız" in words(preview)
    sent = sa.select(Invitation.address, Invitation.given_name)
    assert rows(app, sent) == [("fatma@zonnevlinder.example", "Bea")]
    assert rows(app, sa.select(sa.func.count()).where(OutboxMail.kind == "invitation")) == [(1,)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"who": "lijst", "people": "  "}, "Plak hier een lijst, of kies een groep."),
        ({"who": "lijst", "people": "a@x.example\n" * 501}, "Nodig er hooguit 500 tegelijk uit."),
        ({"who": "ambassadeur", "price_cents": "veel"}, "Dit is geen bedrag"),
        ({"who": "lijst", "file": b"PK\0\0\0"}, "Dit bestand kunnen wij niet lezen."),
    ],
)
def test_what_cannot_be_a_list_gives_the_form_back(app, data, says):
    with app.app_context():
        slug = make_event().slug
        db.session.remove()
    office = signed_in(app)
    page = f"/beheer/evenementen/{slug}/uitnodigingen/nieuw"

    sent = data | {"csrf_token": csrf_token(office, page)}
    if "file" in data:
        sent["file"] = (io.BytesIO(data["file"]), "lijst.xlsx")

    answer = office.post(page, data=sent)

    assert (answer.status_code, says in words(answer)) == (422, True)
