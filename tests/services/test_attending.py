"""Online instead of on the spot, or back: places, calendar and answers follow, or nothing changes."""

from datetime import timedelta

import pytest

from eventapp.domain.actors import VISITOR
from eventapp.domain.care import AccessNeed, Block, Care, Diet
from eventapp.domain.errors import EventFull, IllegalStep, RegistrationClosed
from eventapp.domain.events import EventForm
from eventapp.extensions import db
from eventapp.models import FORM, Capacity, CareAnswer, EventBlock, PhotoChoice
from eventapp.services import answering_questions, attending
from eventapp.services.answering_questions import Filled
from tests.factories import NOW, make_event, make_registration
from tests.reading import acts, kinds, last_mail, taken

pytestmark = pytest.mark.usefixtures("app")


def hybrid(*, fysiek: int, online: int | None):
    event = make_event(form=EventForm.HYBRIDE, online_url="https://meet.example/x")
    for ref, size in (("fysiek", fysiek), ("online", online)):
        db.session.add(Capacity(event_id=event.id, kind=FORM, ref=ref, size=size))
    db.session.commit()
    return event


def held(event) -> dict[str, int]:
    rows = db.session.query(Capacity).filter_by(event_id=event.id, kind=FORM)
    return {row.ref: row.taken for row in rows}


def to(registration, attends: EventForm, *, now=NOW) -> bool:
    return attending.change(registration.id, attends, by=VISITOR, now=now)


def test_the_place_the_calendar_and_the_answers_follow():
    event = hybrid(fysiek=1, online=None)
    event_id = event.id
    db.session.add_all([EventBlock(event_id=event_id, code=block) for block in Block])
    registration = make_registration(event)
    to(registration, EventForm.ONLINE)
    to(registration, EventForm.FYSIEK)
    care = Care(diets=frozenset({Diet.HALAL}), access=frozenset({AccessNeed.TOLK}))
    filled = Filled(answers={}, care=care, consent=True, photo=True)
    answering_questions.save_answers(registration.id, filled, by=VISITOR, now=NOW)

    changed = to(registration, EventForm.ONLINE), to(registration, EventForm.ONLINE)

    assert changed == (True, False)
    assert (held(event), taken(event)) == ({"fysiek": 0, "online": 1}, 1)
    assert registration.calendar_sequence == 3
    attached = {"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"}
    assert last_mail("attends_changed").attachments == [attached]
    assert db.session.get_one(CareAnswer, registration.id).care == Care(access=frozenset({AccessNeed.TOLK}))
    assert db.session.get(PhotoChoice, registration.id) is None
    assert acts() == ["attends_changed", "attends_changed", "answered", "attends_changed"]


def test_a_full_room_leaves_everything_as_it_was():
    event = hybrid(fysiek=0, online=5)
    registration = make_registration(event, attends=EventForm.ONLINE)

    with pytest.raises(EventFull):
        to(registration, EventForm.FYSIEK)

    assert (registration.attends, registration.calendar_sequence, kinds()) == (EventForm.ONLINE, 0, [])


def test_only_where_there_are_two_ways_and_until_it_begins():
    event = hybrid(fysiek=5, online=5)
    begun, one_way = make_registration(event), make_registration(make_event())

    with pytest.raises(RegistrationClosed):
        to(begun, EventForm.ONLINE, now=event.starts_at)
    for registration, attends in ((one_way, EventForm.ONLINE), (begun, EventForm.HYBRIDE)):
        with pytest.raises(IllegalStep):
            to(registration, attends, now=event.starts_at - timedelta(seconds=1))

    assert kinds() == []
