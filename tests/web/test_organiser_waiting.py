"""The office sees who waits and gives somebody another place, with a reason."""

from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, WaitingEntry
from eventapp.services import queueing
from eventapp.transaction import transaction
from tests.factories import NOW, make_event, make_person, make_registration
from tests.web.office import signed_in, words


def wait(event, name: str, minutes: int) -> int:
    person = make_person(name, "", "Wachter", address=f"{name.lower()}@zonnevlinder.example")
    registration = make_registration(event, person, state=State.WAITLISTED)
    with transaction():
        entry = queueing.join(registration, event.whole.id, now=NOW + timedelta(minutes=minutes))
    return entry.id


def in_order() -> list[int]:
    return list(db.session.scalars(sa.select(WaitingEntry.id).order_by(WaitingEntry.joined_at)))


def test_somebody_gets_another_place_and_the_others_keep_their_order(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        event = make_event(capacity=0)
        slug, ids = event.slug, [wait(event, name, at) for at, name in enumerate(("Anna", "Bram", "Cato"))]
    client = partial(signed_in, app)(Role.SECRETARIAAT)

    page = words(client.get(f"/beheer/evenementen/{slug}/wachtlijst"))
    unexplained = client.post(f"/beheer/evenementen/{slug}/wachtlijst/{ids[2]}", data={"place": "1", "reason": ""})
    moved = client.post(
        f"/beheer/evenementen/{slug}/wachtlijst/{ids[2]}", data={"place": "1", "reason": "Vervangt de spreker"}
    )

    assert page.index("Anna") < page.index("Bram") < page.index("Cato")
    assert (unexplained.status_code, moved.status_code) == (422, 303)
    assert "Vul een reden in." in words(unexplained)
    with app.app_context():
        assert in_order() == [ids[2], ids[0], ids[1]]
        facts = db.session.scalar(sa.select(AuditEntry.facts).where(AuditEntry.act == "waiting_moved"))
        assert facts == {"was": 3, "place": 1, "reason": "Vervangt de spreker"}


def test_of_another_event_nobody_is_moved(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        entry_id, slug = wait(make_event(capacity=0), "Anna", 0), make_event().slug

    answer = partial(signed_in, app)(Role.SECRETARIAAT).get(f"/beheer/evenementen/{slug}/wachtlijst/{entry_id}")

    assert answer.status_code == 404
