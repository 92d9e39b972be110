"""People in the back office: finding somebody, the whole story of one, and that whom an organisation names comes in."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain.actors import Role
from eventapp.domain.admission import Action, Result
from eventapp.domain.events import TargetGroup
from eventapp.domain.payments import AttemptStatus, RefundState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    CircleMember,
    Invitation,
    OrganisationPerson,
    OutboxMail,
    PaymentAttempt,
    Person,
    PersonAddress,
    PersonNote,
    PersonStatus,
    Refund,
    Registration,
    Scan,
)
from tests.circling import make_circle
from tests.factories import NOW, make_event, make_organisation, make_person, make_registration
from tests.reading import last_mail, token_in
from tests.web.office import made, rows, signed_in, words

LIST = "/beheer/mensen"
NAMES = sa.select(Person.given_name, Person.infix, Person.family_name)
STATUSES = sa.select(PersonStatus.category, PersonStatus.region, PersonStatus.starts_on, PersonStatus.ends_on)
NAMINGS = sa.select(OrganisationPerson.starts_on, OrganisationPerson.ends_on, OrganisationPerson.named_by)
TODAY = date(2027, 1, 11)


@pytest.fixture
def office(make_app):
    """A function that signs somebody in with a role; `office.app` is the app."""
    app = make_app(WTF_CSRF_ENABLED=False)
    enter = partial(signed_in, app)
    enter.app = app
    return enter


def make(app, *name, status: Category | None = None, until: date | None = None, **values) -> int:
    """A person, with a status since 2026 if asked for, and the id."""

    def person() -> int:
        found = make_person(*name, **values)
        if status:
            found.statuses = [PersonStatus(category=status, region="Noord", starts_on=date(2026, 1, 1), ends_on=until)]
            db.session.commit()
        return found.id

    return made(app, person)


def listed(answer) -> list[list[str]]:
    """What stands in the cells of the first table, row by row."""
    page = BeautifulSoup(answer.text, "html.parser")
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
        for row in page.select("main table tbody tr")
    ]


def names(answer) -> list[str]:
    return [cells[0] for cells in listed(answer)]


def error_beside(answer, field: str) -> str:
    found = BeautifulSoup(answer.text, "html.parser").select_one(f"#{field}-fout")
    return found.text.removeprefix("Fout: ") if found else ""


class Statements:
    """Counts what is asked of the database while it is open."""

    def __init__(self, app) -> None:
        with app.app_context():
            self.engine = db.engine
        self.number = 0

    def __enter__(self):
        sa.event.listen(self.engine, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_error) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self._count)

    def _count(self, *_details) -> None:
        self.number += 1


# The list


def test_without_a_search_the_list_shows_who_has_a_status(office):
    make(office.app, "Aafke", "", "Verzonnen", status=Category.AMBASSADEUR)
    make(office.app, "Bo", "", "Voorbij", status=Category.BESTUUR, until=TODAY - timedelta(days=1))
    make(office.app, "Gül", "", "Denkbeeld", status=Category.SERVICEBUREAU, until=TODAY)
    make(office.app, "Jan", "", "Jansen")

    answer = office().get(LIST)

    assert names(answer) == ["Denkbeeld, Gül", "Verzonnen, Aafke"]
    assert [cells[3] for cells in listed(answer)] == ["Servicebureau Noord", "Ambassadeur Noord"]


def test_an_empty_house_says_how_to_find_somebody(office):
    assert "Zoek iemand op naam of adres" in words(office().get(LIST))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("yildiz", ["Yıldız, Fatma"]),
        ("FATMA y", ["Yıldız, Fatma"]),
        ("van der meulen", ["Meulen, Marieke van der"]),
        ("gratismail", ["Yıldız, Fatma"]),
        ("Info@Zonne", ["Meulen, Marieke van der"]),
        ("meulen gratismail", []),
        ("%", None),
        ("a_b%", []),
    ],
)
def test_search_looks_in_names_and_addresses(office, text, found):
    make(office.app, address="info@zonnevlinder.example")
    make(office.app, "Fatma", "", "Yıldız", address="fatma@gratismail.example")
    make(office.app, "", "", "Status", address="s@elders.example", status=Category.BESTUUR)

    answer = office().get(LIST, query_string={"zoek": text})

    if found is None:
        assert "Typ ten minste twee letters" in words(answer)
        assert names(answer) == ["Status"]
    else:
        assert names(answer) == found
        assert ("Niemand gevonden" in words(answer)) == (found == [])


def test_a_row_says_what_there_is(office):
    def known():
        make_organisation(domains=("zonnevlinder.example", "vlinder.example"))
        person = make_person("Jan", "", "Jansen", address="jan@zonnevlinder.example", proven=True)
        person.addresses.append(PersonAddress.of(person, "jan@vlinder.example"))
        person.addresses.append(PersonAddress.of(person, "jan@gratismail.example"))
        db.session.commit()
        make_registration(make_event(), person)
        make_registration(make_event(), person, state=State.CANCELLED)

    made(office.app, known)

    (cells,) = listed(office().get(f"{LIST}?zoek=jansen"))

    assert cells == [
        "Jansen, Jan",
        "jan@zonnevlinder.example jan@vlinder.example niet bevestigd jan@gratismail.example niet bevestigd",
        "Zonnevlinder",
        "",
        "2",
    ]


def test_a_long_list_goes_by_the_hundred_and_asks_the_database_the_same(office):
    def many(n: int) -> None:
        for i in range(n):
            db.session.add(person := Person(created_at=NOW))
            person.rename("Jan", "", f"Jansen{i:03}")
            person.addresses.append(PersonAddress.of(person, f"jan{i:03}@zonnevlinder.example"))
        db.session.commit()

    client = office()
    made(office.app, lambda: many(1))
    with Statements(office.app) as one:
        client.get(f"{LIST}?zoek=jansen")
    made(office.app, lambda: (db.session.execute(sa.delete(PersonAddress)), many(101)))
    with Statements(office.app) as hundred:
        first = client.get(f"{LIST}?zoek=jan+zonne")
    second = client.get(f"{LIST}?zoek=jan+zonne&pagina=2")

    assert (len(names(first)), names(second)) == (100, ["Jansen100, Jan"])
    assert "1 tot en met 100 van 101" in words(first)
    assert "zoek=jan+zonne&amp;pagina=2" in first.text
    assert one.number == hundred.number


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DEURVRIJWILLIGER])
def test_all_of_the_office_reads_and_editors_change(office, role):
    person_id = make(office.app, "Jan", "", "Jansen", status=Category.BESTUUR)
    client = office(role)
    page = f"{LIST}/{person_id}"
    may = role in (Role.BEHEERDER, Role.COORDINATOR, Role.SECRETARIAAT)

    shown = client.get(page)
    answer = client.post(f"{page}/naam", data={"given_name": "J.", "family_name": "Jansen"})

    assert client.get(LIST).status_code == 200
    assert ("Naam bewaren" in shown.text) == may
    assert ("Beëindigen" in shown.text) == may
    assert answer.status_code == (303 if may else 403)
    for action in ("statussen", "opgaven", "statussen/1/einde", "opgaven/1/einde"):
        assert (client.post(f"{page}/{action}").status_code == 403) != may


def test_the_door_does_not_know_who_is_who(office):
    person_id = make(office.app)
    client = office(Role.DEURVRIJWILLIGER)

    assert [client.get(path).status_code for path in (LIST, f"{LIST}/{person_id}")] == [403, 403]


# One person


def whole_story(person_id: int, number: int) -> None:
    """So many of everything that can happen to somebody."""
    person = db.session.get_one(Person, person_id)
    address = person.address
    for n in range(number):
        event = make_event(title=f"Themadag {person.created_at:%Y} {n}")
        registration = make_registration(event, person, price_cents=9500)
        attempt = PaymentAttempt(order=registration.order, token=new_token(), idempotency_key=new_token())
        attempt.amount_cents, attempt.status, attempt.mode, attempt.created_at = 9500, AttemptStatus.PAID, "test", NOW
        attempt.provider_id = new_token()
        refund = Refund(attempt=attempt, amount_cents=4500, reason="cancelled", created_at=NOW)
        refund.idempotency_key, refund.state = new_token(), RefundState.DONE
        scan = Scan(scan_id=new_token()[:36], event_id=event.id, registration_id=registration.id, action=Action.IN)
        scan.result, scan.scanned_at, scan.counted_at, scan.received_at = Result.ADMITTED, NOW, NOW, NOW
        circle = make_circle(slug=new_token(), name=f"Kring {n}")
        member = CircleMember(
            circle_id=circle.id, person_id=person_id, address=address, joined_on=TODAY, token=new_token()
        )
        member.created_at = NOW
        note = PersonNote(person_id=person_id, text=f"Belde {n} keer", written_by="Kees", written_at=NOW)
        act = {"act": "resent", "subject": "registration", "subject_id": registration.id}
        entry = AuditEntry(at=NOW, actor_kind="staff", actor_name="Kees", **act)
        mail = {"kind": "my_link", "to_address": address, "text": "", "html": "", "created_at": NOW}
        letter = OutboxMail(purpose=new_token(), message_id=new_token(), subject=f"Brief {n}", **mail)
        naming = OrganisationPerson(
            person_id=person_id,
            organisation=make_organisation(f"Lid {event.id}", domains=(f"lid{event.id}.example",)),
            starts_on=TODAY,
            ends_on=TODAY,
        )
        invitation = Invitation(event=event, person_id=person_id, address=address, sent_at=NOW)
        invitation.token, invitation.answer_token = new_token(), new_token()
        db.session.add_all([attempt, refund, scan, member, note, entry, letter, naming, invitation])
    db.session.commit()


def test_the_page_tells_the_whole_story_in_as_many_statements_for_much_as_for_little(office):
    def known() -> int:
        person = make_person("Jan", "", "Jansen", address="jan@gratismail.example", proven=True)
        person.statuses = [PersonStatus(category=Category.BESTUUR, starts_on=date(2025, 1, 1), ends_on=TODAY)]
        whole_story(person.id, 1)
        return person.id

    person_id = made(office.app, known)
    path, client = f"{LIST}/{person_id}", office()
    with Statements(office.app) as little:
        client.get(path)
    made(office.app, lambda: whole_story(person_id, 4))
    with Statements(office.app) as much:
        said = words(client.get(path))

    for part in (
        "jan@gratismail.example bevestigd op 11-01-2027",
        "Bestuur sinds 01-01-2025, tot en met 11-01-2027",
        "sinds 11-01-2027, tot en met 11-01-2027 het secretariaat",
        "Themadag 2027 3 10-02-2027 Lid Aangemeld",
        "Themadag 2027 3 11-01-2027 10.00 Betaald € 95,00 € 45,00",
        "Themadag 2027 3 10-02-2027 11-01-2027",
        "Kring 3",
        "Brief 3",
        "Belde 3 keer Kees, 11-01-2027 10.00",
        "11-01-2027 10.00 Themadag 2027 3 Welkom",
        "Mail opnieuw verstuurd, Themadag 2027 3 Kees",
    ):
        assert part in said
    assert (much.number, much.number <= 24) == (little.number, True)


def test_a_mail_reads_as_it_was_sent_without_what_its_links_prove(office):
    token = new_token()

    def mailed() -> int:
        person = make_person("Jan", "", "Jansen", address="jan@gratismail.example")
        text = f"Uw factuur: https://x.example/factuur/{token}\nhttps://x.example/agenda/een-dag-met-een-lange-naam"
        mail = {"subject": "Brief", "text": text, "html": "", "created_at": NOW, "to_address": person.address}
        for kind in ("invoice", "sign_in"):
            db.session.add(OutboxMail(purpose=kind, kind=kind, message_id=kind, **mail))
        other = mail | {"to_address": "ander@gratismail.example"}
        db.session.add(OutboxMail(purpose="x", kind="invoice", message_id="x", **other))
        db.session.commit()
        return person.id

    path = f"{LIST}/{made(office.app, mailed)}"
    invoice, sign_in, of_another = rows(office.app, sa.select(OutboxMail.id).order_by(OutboxMail.id))
    client = office()
    page = client.get(path)
    read = client.get(f"{path}/mail/{invoice[0]}")

    assert re.findall(r"/mail/(\d+)", page.text) == [str(invoice[0])]
    assert "Uw factuur: https://x.example/factuur/… " in words(read) and "een-dag-met-een-lange-naam" in read.text
    assert token not in read.text
    assert [client.get(f"{path}/mail/{mail[0]}").status_code for mail in (sign_in, of_another)] == [404, 404]


def test_a_note_is_for_who_edits_and_goes_when_thrown_away(office):
    person_id = make(office.app, "Jan", "", "Jansen")
    path, client = f"{LIST}/{person_id}", office()

    empty = client.post(f"{path}/notities", data={"text": "  "})
    client.post(f"{path}/notities", data={"text": "Belt liever.\r\n<b>Echt</b>"})
    shown, hidden = words(client.get(path)), words(office(Role.LEZER).get(path))
    note_id = rows(office.app, sa.select(PersonNote.id))[0][0]
    elsewhere = client.post(f"{LIST}/{person_id + 1}/notities/{note_id}/verwijdering")
    gone = client.post(f"{path}/notities/{note_id}/verwijdering")

    assert (empty.status_code, elsewhere.status_code, gone.status_code) == (422, 404, 303)
    assert "Belt liever. <b>Echt</b> Kees Kantoor, 11-01-2027 10.00" in shown
    assert "Belt liever" not in hidden
    assert rows(office.app, sa.select(PersonNote.id)) == []


def test_the_name_is_put_right_and_a_clash_is_said_beside_it(office):
    person_id = make(office.app, "Jan", "", "Janse", address="info@zonnevlinder.example")
    client = office()
    path = f"{LIST}/{person_id}"

    done = client.post(f"{path}/naam", data={"given_name": "Jan ", "infix": "", "family_name": "Jansen"})
    make(office.app, "Fatma", "", "Yıldız", address="info@zonnevlinder.example")
    clash = client.post(f"{path}/naam", data={"given_name": "fatma", "infix": "", "family_name": "Yildiz"})
    nameless = client.post(f"{path}/naam", data={"given_name": " ", "infix": "de", "family_name": ""})

    assert done.headers["Location"] == path
    assert clash.status_code == 422
    assert error_beside(clash, "family_name") == (
        "Bij info@zonnevlinder.example staat al iemand met deze naam. Eén adres met één naam is één persoon."
    )
    assert 'value="fatma"' in clash.text
    assert error_beside(nameless, "family_name") == "Vul de naam in."
    assert rows(office.app, NAMES)[0] == ("Jan", "", "Jansen")


def test_the_function_group_is_said_and_taken_back(office):
    path = f"{LIST}/{make(office.app, 'Jan', '', 'Jansen')}"
    client = office()

    client.post(f"{path}/functiegroep", data={"function_group": "rvt"})
    shown = client.get(path)
    wrong = client.post(f"{path}/functiegroep", data={"function_group": "koning"})
    reader = office(Role.LEZER).post(f"{path}/functiegroep", data={"function_group": ""})

    assert "Functiegroep Raad van toezicht" in words(shown)
    assert "Functiegroep gewijzigd" in words(shown)
    assert (wrong.status_code, reader.status_code) == (422, 403)
    assert rows(office.app, sa.select(Person.function_group)) == [(TargetGroup.RVT,)]


def test_a_status_is_given_ended_and_kept(office):
    path = f"{LIST}/{make(office.app)}"
    client = office()
    status = {"category": "ambassadeur", "region": "Noord", "starts_on": "2027-01-01", "ends_on": ""}

    client.post(f"{path}/statussen", data=status)
    again = client.post(f"{path}/statussen", data=status)
    empty = client.post(f"{path}/statussen", data={"category": "lid"})
    end = re.search(rf'href="({path}/statussen/\d+/einde)"', client.get(path).text)[1]
    early = client.post(end, data={"last": "2026-12-31"})
    offered = client.get(end)
    client.post(end, data={"last": "2027-01-10"})
    late = client.post(end, data={"last": "2027-06-30"})

    assert "valt samen met een andere" in words(again)
    assert (empty.status_code, error_beside(empty, "starts_on")) == (422, "Vul de eerste dag in.")
    assert error_beside(early, "last") == "De laatste dag ligt voor de eerste dag."
    assert 'value="2027-01-11"' in offered.text
    assert "Deze periode is al voorbij" in words(late)
    assert rows(office.app, STATUSES) == [("ambassadeur", "Noord", date(2027, 1, 1), date(2027, 1, 10))]
    said = words(client.get(path))
    assert "van 01-01-2027 tot en met 10-01-2027" in said
    assert "Status gegeven: ambassadeur, vanaf 01-01-2027" in said
    assert "Laatste dag van de status bewaard: ambassadeur, tot en met 10-01-2027" in said


def test_somebody_known_is_named_and_the_naming_ends(office):
    person_id = make(office.app)
    organisation_id = made(office.app, lambda: make_organisation().id)
    path, client = f"{LIST}/{person_id}", office()
    naming = {"organisation_id": organisation_id, "until": "2028-12-31"}

    client.post(f"{path}/opgaven", data=naming)
    twice = client.post(f"{path}/opgaven", data=naming)
    nowhere = client.post(f"{path}/opgaven", data={"organisation_id": "0", "until": "2028-12-31"})
    backwards = client.post(f"{path}/opgaven", data={**naming, "until": "2026-12-31"})
    end = re.search(rf'href="({path}/opgaven/\d+/einde)"', client.get(path).text)[1]
    client.post(end, data={"last": "2027-02-01"})

    assert "valt samen met een andere" in words(twice)
    assert error_beside(nowhere, "organisation_id") == "Kies een organisatie."
    assert error_beside(backwards, "until") == "De laatste dag ligt voor de eerste dag."
    assert rows(office.app, NAMINGS) == [(TODAY, date(2027, 2, 1), "")]
    assert "Opgegeven door een organisatie: Zonnevlinder, vanaf 11-01-2027 tot en met 31-12-2028" in words(
        client.get(path)
    )


def test_an_erased_person_keeps_registrations_and_no_forms(office):
    def erased():
        registration = make_registration(make_event(title="Themadag"))
        person = registration.person
        person.rename("", "", "")
        person.erased_at = NOW
        db.session.execute(sa.delete(PersonAddress))
        db.session.commit()
        return person.id

    answer = office().get(f"{LIST}/{made(office.app, erased)}")

    assert "(gewist)" in words(answer)
    assert "Themadag" in words(answer)
    assert "Naam bewaren" not in answer.text


def test_unknown_numbers_are_not_found(office):
    person_id = make(office.app)
    client = office()

    for path in ("4711", f"{person_id}/statussen/4711/einde", f"{person_id}/opgaven/4711/einde"):
        assert client.get(f"{LIST}/{path}").status_code == 404
    assert client.get("/beheer/organisaties/4711/opgave").status_code == 404


def test_a_registration_leads_to_its_person(office):
    def registered():
        registration = make_registration(make_event())
        return registration.id, registration.person_id

    registration_id, person_id = made(office.app, registered)

    page = BeautifulSoup(office().get(f"/beheer/aanmeldingen/{registration_id}").text, "html.parser")

    assert page.select_one(f'main a[href="{LIST}/{person_id}"]').text == "Marieke van der Meulen"


# From naming to a place

TOEZICHT = {
    "email": "joke@gratismail.example",
    "given_name": "Joke",
    "infix": "",
    "family_name": "Toezicht",
    "organisation": "",
    "function": "Lid raad van toezicht",
    "function_group": "rvt",
    "basis": "eigen",
    "step": "versturen",
}


@pytest.mark.parametrize(
    ("prices", "offered"),
    [
        ({Category.LID: 0}, True),
        ({Category.KERNPARTNER: 0}, True),
        ({Category.STEUNPARTNER: 9500}, True),
        ({Category.LID: None}, False),
        ({Category.SPREKER: 0}, False),
    ],
)
def test_the_form_offers_to_say_so_wherever_it_could_help(office, prices, offered):
    made(office.app, lambda: make_event(slug="binnen", prices=prices).id)

    asked = office.app.test_client().post("/agenda/binnen/aanmelden", data={**TOEZICHT, "basis": "", "step": ""})

    assert ("of opgegeven door een lid of partner" in words(asked)) == offered


def test_a_named_supervisor_with_a_private_address_comes_in_free_until_the_end(office):
    def ready():
        organisation = make_organisation()
        inside = make_event(slug="binnen", prices={Category.LID: 0})
        make_event(slug="later", prices={Category.LID: 0}, starts_at=inside.starts_at + timedelta(days=1))
        return organisation.id

    page = f"/beheer/organisaties/{made(office.app, ready)}"
    visitor, client = office.app.test_client(), office()
    somebody = {"address": "Joke@Gratismail.example", "given_name": "Joke", "family_name": "Toezicht"}
    named = client.post(f"{page}/opgave", data={**somebody, "until": "2027-02-10"}, follow_redirects=True)

    asked = visitor.post("/agenda/binnen/aanmelden", data={**TOEZICHT, "basis": "", "step": ""})
    visitor.post("/agenda/binnen/aanmelden", data=TOEZICHT)
    with office.app.app_context():
        link = f"/aanmelden/bevestigen/{token_in(last_mail('confirm_address'))}"
        before = list(db.session.scalars(sa.select(Registration.state)))
    visitor.post(link)
    visitor.post("/agenda/later/aanmelden", data=TOEZICHT)
    visitor.post("/agenda/binnen/aanmelden", data={**TOEZICHT, "given_name": "Wim"})

    assert "Joke Toezicht is opgegeven" in words(named)
    assert "Toezicht, Joke joke@gratismail.example niet bevestigd sinds 11-01-2027, tot en met 10-02-2027" in words(
        named
    )
    assert "of opgegeven door een lid of partner" in words(asked)
    assert before == [State.AWAITING_CONFIRMATION]
    came = sa.select(Registration.state, Registration.category, Registration.price_cents)
    assert rows(office.app, came) == [(State.CONFIRMED, Category.LID, 0)]
    refused = sa.select(OutboxMail.to_address).where(OutboxMail.kind == "not_admitted")
    assert rows(office.app, refused) == [("joke@gratismail.example",)] * 2
    assert "Lid via Zonnevlinder, opgegeven door het secretariaat" in words(client.get(f"{LIST}/1"))
