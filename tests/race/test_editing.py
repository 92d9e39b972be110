"""Two people save and carry through in the same moment: nothing is lost, and nobody is told twice."""

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import DomainError
from eventapp.extensions import db
from eventapp.models import OutboxMail, PendingDetails
from eventapp.queries.events import event_by_id
from eventapp.services import editing, organising
from tests.factories import NOW, OFFICE, make_event, make_registration
from tests.race.test_last_places import in_threads

pytestmark = pytest.mark.race


def test_what_many_save_at_once_is_all_kept_and_told_once(app):
    event = make_event()
    event_id, began = event.id, organising.details_of(event)
    make_registration(event)
    wishes = [{"title": "Anders"}, {"city": "Assen"}, {"capacity": 7}, {"contact": "Ik"}, {"summary": "A"}]

    def save(wanted: dict) -> str:
        was = {name: getattr(began, name) for name in wanted}
        return str(editing.save_section(event_id, was, wanted, by=OFFICE, now=NOW).conflicts)

    saved = in_threads(app, [lambda one=one: save(one) for one in (*wishes, {"summary": "B"})])
    pending = editing.pending_of(event_by_id(event_id))
    assert pending is not None
    seen, summary = pending.seen, pending.after.summary
    db.session.rollback()

    def carry_through() -> str:
        try:
            return editing.carry_through(event_id, seen=seen, with_words=False, by=OFFICE, now=NOW)
        except DomainError as refusal:
            return refusal.code

    carried = in_threads(app, [carry_through] * 4)

    db.session.rollback()
    assert saved == {"()": 5, "(('summary',),)": 1}
    assert carried == {began.slug: 1, "changed_meanwhile": 3}
    said = organising.details_of(event_by_id(event_id))
    assert (said.title, said.city, said.capacity, said.contact) == ("Anders", "Assen", 7, "Ik")
    assert summary == said.summary
    assert db.session.scalars(sa.select(OutboxMail.kind)).all() == ["event_changed"]
    assert db.session.scalars(sa.select(PendingDetails.event_id)).all() == []
