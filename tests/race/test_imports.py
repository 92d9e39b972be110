"""Two members of staff bring the same lists in the same moment: every event and every person comes in once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Job, Registration
from eventapp.queries import health
from eventapp.services import carrying_out
from eventapp.services.jobs import StoredFile
from eventapp.services.long_work import RUNNERS
from tests.factories import NOW, OFFICE, make_event, make_organisation

pytestmark = pytest.mark.race
PLACES, PEOPLE = 15, 25


def at_once(app: Flask, parameters: dict[str, object], files: list[str]) -> list[dict[str, int]]:
    """Carry out these files side by side; answers what became of the rows of each."""
    begin = Barrier(len(files))

    def bring(content: str) -> dict[str, int]:
        with app.app_context():
            file = StoredFile("lijst.csv", "text/csv", content.encode())
            begin.wait()
            number = carrying_out.run_here(RUNNERS, JobKind.IMPORT, parameters, by=OFFICE, clock=lambda: NOW, file=file)
            job = db.session.get_one(Job, number, populate_existing=True)
            assert job.state == JobState.DONE, (job.refusal, job.last_error)
            counts = dict(job.result["counts"])
            db.session.remove()
            return counts

    with ThreadPoolExecutor(len(files)) as pool:
        return list(pool.map(bring, files))


def test_the_same_events_twice_at_once_are_made_once(app: Flask) -> None:
    rows = "".join(f"Kring {n};{1 + n:02}-05-2027;9.30;11.00\n" for n in range(28))
    parameters = {"what": "events", "skip_refused": False, "kind": "kenniskring"}

    counts = at_once(app, parameters, [f"titel;datum;van;tot\n{rows}"] * 2)

    assert [sum(one[fate] for one in counts) for fate in ("new", "unchanged", "refused")] == [28, 28, 0]
    assert len(db.session.scalars(sa.select(Event.title)).all()) == 28


def test_lists_for_the_last_places_at_once_fill_them_exactly_with_nobody_twice(app: Flask) -> None:
    make_organisation("Zonnevlinder")
    event_id = make_event(capacity=PLACES).id
    rows = [f"Jan{n};Jansen;jan{n}@zonnevlinder.example\n" for n in range(PEOPLE)]
    head = "voornaam;achternaam;e-mail\n"
    parameters = {"what": "registrations", "skip_refused": True, "event_id": event_id, "told": False}
    db.session.remove()

    counts = at_once(app, parameters, [head + "".join(rows), head + "".join(reversed(rows))])

    states = db.session.execute(sa.select(Registration.person_id, Registration.state)).all()
    assert sum(one["new"] for one in counts) == PLACES
    assert [sum(one.values()) for one in counts] == [PEOPLE, PEOPLE]
    assert (len({person for person, _ in states}), {state for _, state in states}) == (PLACES, {State.CONFIRMED})
    assert (db.session.get_one(Event, event_id).places.taken, health.miscounts()) == (PLACES, [])
