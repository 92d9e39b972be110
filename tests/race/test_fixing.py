"""Two at the office fix presence, and one person asks for a certificate in two tabs: it happens once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.errors import DomainError
from eventapp.extensions import db
from eventapp.models import Certificate, Event, FixedPresence, Presence
from eventapp.services import certifying, fixing
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration

DONE = {"by": OFFICE, "now": NOW}


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[str]:
    """What became of each, all started in the same moment."""
    ready, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait(timeout=30)
            try:
                act()
                outcomes.append("done")
            except DomainError as refusal:
                outcomes.append(refusal.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


@pytest.mark.race
def test_fixing_and_certifying_twice_at_once_is_once(app: Flask) -> None:
    event = make_event(starts_at=NOW - timedelta(days=1))
    people = [make_registration(event, make_person(f"Persoon{one}", "", "Bakker")) for one in range(20)]
    for one in people:
        db.session.add(Presence(registration_id=one.id, event_id=event.id, first_in_at=NOW))
    db.session.commit()
    event_id, mine, seen = event.id, people[0].id, fixing.seen_now(event, now=NOW)
    db.session.remove()

    fixed = at_once(app, [lambda: fixing.fix(event_id, seen=seen, **DONE)] * 4)
    given = at_once(app, [lambda: certifying.issue(mine, **DONE)] * 4)

    assert fixed == ["done", "presence_fixed", "presence_fixed", "presence_fixed"]
    assert given == ["done"] * 4
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FixedPresence)) == 20
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 1
    assert db.session.scalar(sa.select(Event.presence_fixed_at)) == NOW
