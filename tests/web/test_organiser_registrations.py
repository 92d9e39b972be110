"""Registrations in the back office: the list, adding by hand, and putting one right."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.payments import AttemptStatus, Outcome
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import AuditEntry, Capacity, MailState, OutboxMail, PaymentAttempt, Refund, Registration
from tests.factories import NOW, make_event, make_organisation, make_person, make_registration
from tests.web.office import made, rows, signed_in, whole_today, words

BY_HAND = {
    "address": "directeur@zonnevlinder.example",
    "given_name": "Zoë",
    "infix": "van 't",
    "family_name": "Hoff-Müller",
    "category": "lid",
    "attends": "fysiek",
    "function_group": "",
}


@pytest.fixture
def house(make_app):
    """A signed-in browser of the secretariat; its `application` is the app behind it."""
    return signed_in(make_app(WTF_CSRF_ENABLED=False))


def registration(**values) -> int:
    return make_registration(make_event(), **values).id


def test_list_sorts_the_dutch_way_and_shows_what_matters(house):
    def three():
        event = make_event(slug="feest")
        make_registration(event, make_person("Jan-Willem", "van der", "Meulen"), price_cents=9500)
        make_registration(event, make_person("Suharti", "", ""), state=State.CANCELLED)
        make_registration(event, make_person("Ĳsbrand", "d'", "Ancona"))

    made(house.application, three)

    said = words(house.get("/beheer/evenementen/feest/aanmeldingen"))

    ancona, meulen, suharti = (said.index(n) for n in ("Ancona, Ĳsbrand d'", "Meulen, Jan-Willem van der", "Suharti"))
    assert ancona < meulen < suharti
    assert "€\xa095,00" in house.get("/beheer/evenementen/feest/aanmeldingen").text
    assert "3 aanmeldingen" in said


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zoek=yildiz", ["Yıldız, Fatma"]),
        ("zoek=FATMA+zonne", ["Yıldız, Fatma"]),
        ("zoek=gratismail", ["Suharti"]),
        ("staat=cancelled", ["Suharti"]),
        ("staat=verzonnen", ["Suharti", "Yıldız, Fatma"]),
        ("zoek=%25", []),
    ],
)
def test_list_is_narrowed_by_words_and_state(house, query, found):
    def two():
        event = make_event(slug="feest")
        make_registration(event, make_person("Fatma", "", "Yıldız"))
        someone = make_person("Suharti", "", "", address="s@gratismail.example")
        make_registration(event, someone, state=State.CANCELLED, organisation_name="Elders")

    made(house.application, two)

    said = words(house.get(f"/beheer/evenementen/feest/aanmeldingen?{query}"))

    assert [name for name in ("Suharti", "Yıldız, Fatma") if name in said] == found
    assert ("Niemand gevonden" in said) is (not found)


def test_a_hundred_rows_fill_a_page(house):
    def many():
        event = make_event(slug="vol", capacity=300)
        for n in range(101):
            make_registration(event, make_person("A", "", f"Naam{n:03}"))

    made(house.application, many)

    first = words(house.get("/beheer/evenementen/vol/aanmeldingen"))
    second = words(house.get("/beheer/evenementen/vol/aanmeldingen?pagina=2"))

    assert ("1 tot en met 100 van 101" in first, "Naam099" in first, "Naam100" in first) == (True, True, False)
    assert ("101 tot en met 101 van 101" in second, "Naam100" in second) == (True, True)


def test_added_by_hand_is_confirmed_and_gets_the_ticket(house):
    made(house.application, make_organisation)
    made(house.application, lambda: make_event(slug="feest").id)

    answer = house.post("/beheer/evenementen/feest/aanmeldingen/nieuw", data=BY_HAND)

    assert answer.status_code == 303
    assert rows(
        house.application, sa.select(Registration.state, Registration.organisation_name, Registration.price_cents)
    ) == [(State.CONFIRMED, "Zonnevlinder", 0)]
    assert rows(house.application, sa.select(OutboxMail.kind, OutboxMail.to_address)) == [
        ("confirmed", "directeur@zonnevlinder.example")
    ]


def test_above_capacity_asks_first_and_is_logged(house):
    made(house.application, lambda: make_registration(make_event(slug="vol", capacity=1)).id)

    asked = house.post("/beheer/evenementen/vol/aanmeldingen/nieuw", data=BY_HAND)
    assert asked.status_code == 422
    assert "Vink dit aan om toch een plaats te geven" in words(asked)
    assert 'value="Hoff-Müller"' in asked.text
    assert rows(house.application, sa.select(Capacity.taken)) == [(1,)]

    house.post("/beheer/evenementen/vol/aanmeldingen/nieuw", data=BY_HAND | {"force": "y", "note": "belde"})
    assert rows(house.application, sa.select(Capacity.size, Capacity.taken)) == [(1, 2)]
    [[facts]] = rows(house.application, sa.select(AuditEntry.facts).where(AuditEntry.act == "added_by_hand"))
    assert (facts["forced"], facts["note"]) == (True, "belde")


def test_same_person_twice_is_said_in_the_form(house):
    made(house.application, lambda: make_event(slug="feest").id)
    house.post("/beheer/evenementen/feest/aanmeldingen/nieuw", data=BY_HAND)

    again = house.post("/beheer/evenementen/feest/aanmeldingen/nieuw", data=BY_HAND)

    assert again.status_code == 422
    assert "Deze persoon is al aangemeld" in words(again)
    assert len(rows(house.application, sa.select(Registration.id))) == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"address": "directeur"}, "Dit is geen volledig e-mailadres"),
        ({"given_name": "", "family_name": ""}, "Vul de naam in."),
        ({"price_cents": "veel"}, "Dit is geen bedrag"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(house, changes, error):
    made(house.application, lambda: make_event(slug="feest").id)

    answer = house.post("/beheer/evenementen/feest/aanmeldingen/nieuw", data=BY_HAND | changes)

    assert answer.status_code == 422
    assert words(answer).count(error) == 2
    assert rows(house.application, sa.select(Registration.id)) == []


def test_page_tells_everything_about_one_registration(house):
    def whole():
        r = make_registration(
            make_event(), make_person("Fatma", "", "Yıldız"), category=Category.NIET_LID, price_cents=9500
        )
        attempt = PaymentAttempt(
            order_id=r.order_id,
            token="t",
            idempotency_key="k",
            amount_cents=9500,
            status=AttemptStatus.PAID,
            outcome=Outcome.PAID_TWICE,
            mode="test",
            created_at=NOW,
        )
        mail = OutboxMail(
            purpose="p",
            kind="confirmed",
            registration_id=r.id,
            to_address=r.address,
            subject="Uw ticket",
            text="Tekst & uitleg <b>",
            html="<p>opmaak</p>",
            message_id="<m@x.example>",
            state=MailState.SENT,
            created_at=NOW,
            sent_at=NOW,
        )
        db.session.add_all([attempt, mail])
        db.session.commit()
        return r.id, mail.id

    registration_id, mail_id = made(house.application, whole)

    page = words(house.get(f"/beheer/aanmeldingen/{registration_id}"))
    mail = house.get(f"/beheer/aanmeldingen/{registration_id}/mail/{mail_id}")

    assert all(
        text in page for text in ("Fatma Yıldız", "Dubbel betaald, wordt terugbetaald", "Uw ticket", "Verstuurd")
    )
    assert "Tekst &amp; uitleg &lt;b&gt;" in mail.text
    assert "opmaak" not in mail.text
    assert house.get(f"/beheer/aanmeldingen/{registration_id + 1}/mail/{mail_id}").status_code == 404


def test_corrected_address_gets_its_link(house):
    registration_id = made(house.application, lambda: registration(state=State.AWAITING_CONFIRMATION))

    bad = house.post(f"/beheer/aanmeldingen/{registration_id}/adres", data={"address": "fout@"})
    good = house.post(f"/beheer/aanmeldingen/{registration_id}/adres", data={"address": "Goed@Zonnevlinder.example"})

    assert (bad.status_code, 'value="fout@"' in bad.text) == (422, True)
    assert good.status_code == 303
    assert rows(house.application, sa.select(OutboxMail.to_address)) == [("goed@zonnevlinder.example",)]


def test_mail_can_be_sent_again(house):
    registration_id = made(house.application, registration)

    answer = house.post(f"/beheer/aanmeldingen/{registration_id}/bericht", follow_redirects=True)

    assert "De mail is opnieuw onderweg." in words(answer)
    assert rows(house.application, sa.select(OutboxMail.kind)) == [("confirmed",)]


def paid_registration() -> int:
    soon = make_event(starts_at=NOW + timedelta(days=10))
    r = make_registration(soon, price_cents=9500, category=Category.NIET_LID)
    db.session.add(
        PaymentAttempt(
            order_id=r.order_id,
            token="t",
            idempotency_key="k",
            amount_cents=9500,
            status=AttemptStatus.PAID,
            mode="test",
            provider_id="tr_1",
            created_at=NOW,
        )
    )
    db.session.commit()
    return r.id


@pytest.mark.parametrize(
    ("back", "refunds"), [("voorwaarden", [(4750,)]), ("alles", [(9500,)]), ("niets", []), ("veel", None)]
)
def test_cancelling_pays_back_what_the_office_chooses(house, back, refunds):
    registration_id = made(house.application, paid_registration)

    page = house.get(f"/beheer/aanmeldingen/{registration_id}/annulering")
    answer = house.post(f"/beheer/aanmeldingen/{registration_id}/annulering", data={"back": back})

    assert "Volgens de voorwaarden: €\xa047,50" in page.text
    assert answer.status_code == (422 if refunds is None else 303)
    state = State.CONFIRMED if refunds is None else State.CANCELLED
    assert rows(house.application, sa.select(Registration.state)) == [(state,)]
    assert rows(house.application, sa.select(Refund.amount_cents)) == (refunds or [])


def claim(name: str = "zonnevlinder") -> tuple[int, int]:
    organisation = make_organisation()
    someone = make_person("Fatma", "", "Yıldız", address="f@gratismail.example", proven=True)
    r = make_registration(
        make_event(),
        someone,
        state=State.AWAITING_CONFIRMATION,
        review=Review.PENDING,
        claimed_organisation=name,
        proven_at=NOW,
        expires_at=NOW + timedelta(days=3),
    )
    return r.id, organisation.id


def test_claim_is_approved_with_one_click_from_today(house):
    registration_id, organisation_id = made(house.application, claim)

    today = house.get("/beheer/vandaag/lidmaatschap")
    data = {"besluit": "ja", "organisatie": str(organisation_id), "terug": "vandaag"}
    answer = house.post(f"/beheer/aanmeldingen/{registration_id}/lidmaatschap", data=data)

    assert "Ja, van Zonnevlinder" in words(today)
    assert f'name="organisatie" value="{organisation_id}"' in today.text
    assert answer.location == "/beheer/"
    decided = sa.select(Registration.state, Registration.review)
    assert rows(house.application, decided) == [(State.CONFIRMED, Review.APPROVED)]


def test_claim_without_a_likely_member_leads_to_the_choice(house):
    registration_id, _ = made(house.application, lambda: claim("De kleine prins"))

    today = whole_today(house)
    answer = house.post(f"/beheer/aanmeldingen/{registration_id}/lidmaatschap", data={"besluit": "ja"})

    assert "Kies de organisatie" in today
    assert "Kies eerst bij welke organisatie" in words(house.get(answer.location))
    assert rows(house.application, sa.select(Registration.review)) == [(Review.PENDING,)]


def test_claim_is_refused(house):
    registration_id, _ = made(house.application, claim)

    house.post(f"/beheer/aanmeldingen/{registration_id}/lidmaatschap", data={"besluit": "nee"})

    decided = sa.select(Registration.review, Registration.state)
    assert rows(house.application, decided) == [(Review.REFUSED, State.AWAITING_PAYMENT)]


def test_decided_claim_is_decided_once(house):
    registration_id, organisation_id = made(house.application, claim)
    data = {"besluit": "ja", "organisatie": str(organisation_id)}
    house.post(f"/beheer/aanmeldingen/{registration_id}/lidmaatschap", data=data)

    again = house.post(f"/beheer/aanmeldingen/{registration_id}/lidmaatschap", data={"besluit": "nee"})

    assert again.status_code == 409
    assert rows(house.application, sa.select(Registration.review)) == [(Review.APPROVED,)]
