"""Does a row that was made ready hold what it is said to hold?"""

import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Registration
from eventapp.services.ready_rows import ReadyRow, unsaid
from eventapp.transaction import transaction
from tests.factories import make_event, make_registration

_COLUMNS = Registration.__table__.c


def test_what_was_not_said_stands_in_the_row_as_it_is_told(app: Flask):
    earlier = make_registration(make_event())
    said = {
        "order_id": earlier.order_id,
        "event_id": make_event().id,
        "person_id": earlier.person_id,
        "address": earlier.address,
        "state": State.CONFIRMED,
        "category": Category.LID,
        "created_at": TestConfig.NOW,
        "calendar_uid": "een@agenda.example",
    }

    with transaction() as session:
        new_id = ReadyRow(Registration, said).write()
        row = session.execute(sa.select(*_COLUMNS).where(_COLUMNS.id == new_id)).mappings().one()

    assert said | unsaid(Registration, said) | {"id": new_id} == dict(row)
    assert db.session.get_one(Registration, new_id).lowered_cents == 0
