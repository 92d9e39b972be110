"""Do rows that were made ready together hold what was given, what the models say, and each other's ids?"""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from config import TestConfig
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, Order, Person, Registration
from eventapp.services.ready_rows import ReadyRows, Row
from eventapp.transaction import transaction
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.both_databases

NOW = TestConfig.NOW
TITLE = sa.select(Event.title).where(Event.id == sa.bindparam("asked")).with_for_update(read=True)


def booked(event_id: int) -> list[Row]:
    registration = {
        "event_id": event_id,
        "address": "emre@lijsterbes.example",
        "state": State.CONFIRMED,
        "category": Category.LID,
        "reason": {"via": 'é’"'},
        "created_at": NOW,
        "calendar_uid": "een@agenda.example",
    }
    order = {"token": "t", "pay_token": "p", "event_id": event_id, "address": "a", "created_at": NOW}
    return [
        Row("person", Person, {"family_name": "Meulen", "sort_key": "meulen", "created_at": NOW}),
        Row("order", Order, order | {"invoice_buyer": {}}, (("booker_id", "person"),), later=("visitor_key",)),
        Row("registration", Registration, registration, (("order_id", "order"), ("person_id", "person"))),
    ]


def test_rows_written_together_are_those_that_the_models_would_write(app: Flask):
    event_id = make_event(title="Samen").id

    with transaction():
        rows = ReadyRows(booked(event_id), asked=TITLE, of={"asked": event_id})
        title, ids = rows.write({"order": {"visitor_key": "v"}, "nobody": {"at": NOW}})

    found = db.session.get_one(Registration, ids["registration"])
    assert title == "Samen"
    assert (found.order_id, found.person_id, found.order.booker_id) == (ids["order"], ids["person"], ids["person"])
    assert (found.order.visitor_key, found.reason, found.category) == ("v", {"via": 'é’"'}, Category.LID)
    assert (found.created_at, found.expires_at, found.terms) == (NOW, None, None)
    by_model = make_registration(make_event())
    unsaid = [column.name for column in Registration.__table__.c if column.default is not None]
    unsaid = [name for name in unsaid if name not in ("reason", "mail_domain", "organisation_name", "function")]
    assert {name: getattr(found, name) for name in unsaid} == {name: getattr(by_model, name) for name in unsaid}


def test_of_rows_that_are_refused_none_stands(app: Flask):
    event_id = make_event().id
    with transaction():
        ReadyRows(booked(event_id)).write({"order": {"visitor_key": ""}})

    with pytest.raises(IntegrityError), transaction():
        ReadyRows(booked(event_id)).write({"order": {"visitor_key": ""}})

    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_what_has_a_default_of_its_own_for_each_row_has_to_be_given(app: Flask):
    values = {"at": NOW, "actor_kind": "api", "actor_name": "", "act": "a", "subject": "s"}

    with pytest.raises(TypeError, match=r"audit_log\.facts"):
        ReadyRows([Row("entry", AuditEntry, values)])
