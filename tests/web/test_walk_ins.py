"""People without a registration, from a phone at the door and on a laptop of the office."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role, Scope
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, PaymentAttempt, Registration, Scan
from eventapp.services.coupling import couple, invite_device
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration, make_token
from tests.invoicing import make_ready
from tests.shop import settings
from tests.web.office import csrf_token, signed_in, words

LATER = NOW + timedelta(minutes=30)
NOOR = {"email": "noor@zonnevlinder.example", "given_name": "Noor", "infix": "de", "family_name": "Wit"}
BUITEN = NOOR | {"email": "noor@elders.example"}


@pytest.fixture
def app(make_app, shop_sandbox):
    shop_sandbox.control("reset")
    shop_sandbox.switch("no-webhooks")
    app = make_app(**settings(shop_sandbox), CLOCK=lambda: LATER)
    with app.app_context():
        make_organisation()
        yield app


@pytest.fixture
def event(app):
    return make_event(starts_at=NOW, capacity=2)


@pytest.fixture
def phone(app, event):
    return caller(app, event, Scope.CHECKIN, Scope.WALK_INS)


def caller(app, event, *scopes):
    """A phone that asks about its event, by its path below the walk-ins."""
    _token, secret = make_token(*scopes, event=event)
    slug = event.slug

    def call(path="", **body):
        return app.test_client().post(
            f"/api/v1/checkin/walk-ins{path}",
            json={"event": slug} | body,
            headers={"Authorization": f"Bearer {secret}"},
        )

    return call


def state(registration_id):
    db.session.rollback()
    return db.session.get_one(Registration, registration_id).state


def test_a_phone_takes_in_a_member_and_only_once(phone, event):
    said = phone("/quote", **NOOR).json
    wanted = NOOR | {"walk_in_id": str(uuid4()), "price_cents": said["price_cents"]}

    first, again = phone(**wanted), phone(**wanted)

    assert said == {
        "organisation": "Zonnevlinder",
        "category": "lid",
        "price_cents": 0,
        "known": None,
        "state": None,
        "left": 2,
        "waiting": 0,
        "ways": ["online", "gast"],
    }
    assert (first.status_code, first.json, again.json) == (200, first.json, first.json)
    assert (first.json["name"], first.json["state"], first.json["inside"]) == ("Noor de Wit", "confirmed", True)
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 1
    assert phone("/quote", **NOOR).json["known"] == "admit"


def test_who_pays_by_the_code_is_let_in_once_the_money_is_there(phone, event, shop_sandbox):
    arrival = phone(**BUITEN, walk_in_id=str(uuid4()), price_cents=9500).json
    step, keeps_scanning = f"/{arrival['id']}", {"walk_in_id": str(uuid4())}
    shop_sandbox.fault("http-502", times=0)
    silent = phone(f"{step}/payment")
    shop_sandbox.control("faults/clear")
    code = phone(f"{step}/payment").json
    waiting = phone(f"{step}/entry", **keeps_scanning).json
    attempt = db.session.scalars(sa.select(PaymentAttempt)).one()
    shop_sandbox.mark(attempt.provider_id, "paid")
    inside = phone(f"{step}/entry", **keeps_scanning).json

    assert (arrival["state"], arrival["inside"], arrival["pay_until"]) == (
        "awaiting_payment",
        False,
        "2027-01-11T11:00:00+01:00",
    )
    assert (silent.status_code, silent.json["code"]) == (503, "payment_unavailable")
    assert code["url"].startswith("http") and code["qr"].startswith("<svg")
    assert (waiting["inside"], inside["state"], inside["inside"]) == (False, "confirmed", True)


def test_a_phone_puts_nobody_on_an_invoice_whom_it_did_not_meet(phone, event):
    """Who waits for payment at home is not the phone's; at the door the address they give makes them so."""
    make_ready()
    person = make_person("Noor", "de", "Wit", address=BUITEN["email"])
    waiting = make_registration(event, person, state=State.AWAITING_PAYMENT, price_cents=9500)

    by_number = phone(f"/{waiting.id}/invoice")
    before = state(waiting.id)
    at_the_door = phone(**BUITEN, walk_in_id=str(uuid4()), price_cents=9500).json
    by_address = phone(**BUITEN, walk_in_id=str(uuid4()), price_cents=9500, way="factuur").json
    walked_in = phone(**BUITEN | {"email": "een@elders.example"}, walk_in_id=str(uuid4()), price_cents=9500).json
    its_own = phone(f"/{walked_in['id']}/invoice").json

    assert (by_number.status_code, before) == (404, State.AWAITING_PAYMENT)
    assert (at_the_door["id"], at_the_door["inside"], at_the_door["registered"]) == (waiting.id, False, True)
    assert (by_address["id"], by_address["inside"], its_own["inside"]) == (waiting.id, True, True)


@pytest.mark.parametrize(("role", "may"), [(Role.SECRETARIAAT, True), (Role.DEURVRIJWILLIGER, False)])
def test_who_was_registered_goes_on_an_invoice_by_who_may_change_that(app, event, role, may):
    make_ready()
    waiting = make_registration(event, make_person("Noor"), state=State.AWAITING_PAYMENT, price_cents=9500)
    path, client = f"/beheer/evenementen/{event.slug}/inloop", signed_in(app, role)
    token = csrf_token(client, path)

    page = client.get(f"{path}/{waiting.id}")
    client.post(f"{path}/{waiting.id}/factuur", data={"csrf_token": token})

    assert (state(waiting.id) == State.CONFIRMED, "Toch op factuur" in page.text) == (may, may)


def test_a_phone_without_the_right_or_of_another_door_gets_nothing(app, event, phone):
    other = make_event(starts_at=NOW)
    theirs = make_registration(other)
    scanner = caller(app, event, Scope.CHECKIN, Scope.SEARCH, Scope.NAMES)

    assert scanner(**NOOR).status_code == 403
    assert phone(**NOOR | {"event": other.slug}).json["code"] == "other_event"
    assert phone(f"/{theirs.id}/entry").status_code == 404
    assert phone(**NOOR | {"email": "geen adres"}).status_code == 422
    assert phone(**NOOR, way="gast").status_code == 422
    assert phone(**NOOR, price_cents=100).json["title"] == (
        "De prijs is nu €\xa00. Kijk of dat goed is en probeer het opnieuw."
    )
    assert (state(theirs.id), db.session.scalar(sa.select(sa.func.count(Scan.id)))) == (State.CONFIRMED, 0)


def test_the_right_is_given_with_the_coupling(app, event):
    token = invite_device(event.id, name="Balie", search=False, walk_ins=True, by=OFFICE, now=NOW)

    door = couple(token, now=NOW).door

    assert (door.walk_ins, door.search, door.names) == (True, True, False)


@pytest.mark.parametrize("role", [Role.SECRETARIAAT, Role.DEURVRIJWILLIGER])
def test_the_office_sees_the_price_first_and_goes_above_the_capacity_with_a_reason(app, event, role):
    make_registration(event), make_registration(event)
    path = f"/beheer/evenementen/{event.slug}/inloop"
    client = signed_in(app, role)
    filled = {"csrf_token": csrf_token(client, path)} | {
        "address": NOOR["email"],
        "given_name": "Noor",
        "infix": "de",
        "family_name": "Wit",
    }

    shown = client.post(path, data=filled)
    refused = client.post(path, data=filled | {"seen": "0"})
    bare = client.post(path, data=filled | {"seen": "0", "force": "y"})
    forced = client.post(path, data=filled | {"seen": "0", "force": "y", "reason": "Spreker"})

    assert "Lid, Zonnevlinder: gratis" in words(shown)
    assert "Alle plaatsen zijn bezet." in words(refused)
    assert [answer.status_code for answer in (shown, refused, bare)] == [200, 422, 422]
    if role == Role.DEURVRIJWILLIGER:
        assert (forced.status_code, "boven de capaciteit" in words(refused)) == (422, False)
        return
    assert forced.status_code == 303
    assert "Binnen" in words(client.get(forced.location))
    assert "Noor de Wit" in words(client.get(path))


def test_the_office_shows_the_code_to_pay_with(app, event, shop_sandbox):
    path = f"/beheer/evenementen/{event.slug}/inloop"
    client = signed_in(app)
    filled = {"address": BUITEN["email"], "family_name": "Wit", "seen": "9500", "way": "online"}
    token = {"csrf_token": csrf_token(client, path)}
    shop_sandbox.fault("http-502", times=0)
    page = client.post(path, data=filled | token).location
    silent = words(client.get(page))
    shop_sandbox.control("faults/clear")
    client.post(f"{page}/betaling", data=token)

    before = client.get(page)
    attempt = db.session.scalars(sa.select(PaymentAttempt)).all()[-1]
    shop_sandbox.mark(attempt.provider_id, "paid")
    app.test_client().post(f"/webhooks/mollie/{attempt.token}", data={"id": attempt.provider_id})
    paid = words(client.get(path))
    client.post(f"{page}/controle", data=token)

    assert "De betaaldienst antwoordt niet" in silent
    assert len(re.findall(r'<svg[^>]*aria-label="QR-code om te betalen"', before.text)) == 1
    assert "Binnen" in words(client.get(page))
    # Paid while nobody looked: sure of the place, and still outside.
    assert ("nog niet binnen" in paid, "nog niet binnen" in words(client.get(path))) == (True, False)
    assert db.session.get_one(Event, event.id).places.taken == 1
