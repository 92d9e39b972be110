"""Vandaag: each line counts what its page shows, a busy house costs what a quiet one costs, and a new one says how."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.concerns import Concern
from eventapp.domain.events import EventKind, EventState
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Event, Job, MailState, OutboxMail, PendingDetails, Registration
from eventapp.queries import concerns, trend
from tests.factories import NOW, make_event, make_grant, make_person, make_registration
from tests.web.office import client_of, made, signed_in, words


def busy(times: int = 1) -> None:
    """Something of most kinds, so many times."""
    for turn in range(times):
        event = make_event(title=f"Themadag {turn}", kind=EventKind.THEMADAG, starts_at=NOW + timedelta(days=30 + turn))
        make_event(state=EventState.DRAFT, starts_at=NOW + timedelta(days=10))
        db.session.add(PendingDetails(event_id=event.id, base={}, details={}, changed_by="", changed_at=NOW))
        make_event(starts_at=NOW - timedelta(days=40 + turn), kind=EventKind.THEMADAG)
        states = (State.CONFIRMED, State.OFFERED, State.WAITLISTED, State.AWAITING_PAYMENT)
        made_here = [make_registration(event, state=state) for state in states]
        make_registration(event, state=State.AWAITING_CONFIRMATION, review=Review.PENDING, claimed_organisation="X")
        db.session.add(
            OutboxMail(
                purpose=f"p{turn}",
                kind="confirmed",
                to_address="weg@zonnevlinder.example",
                subject="Uw ticket",
                text="",
                html="",
                message_id=f"<m{turn}@x.example>",
                state=MailState.FAILED,
                created_at=NOW,
                last_error="550",
                event_id=event.id,
                registration_id=made_here[0].id,
            )
        )
        db.session.add(
            Job(kind=JobKind.TELL, state=JobState.FAILED, actor_kind="system", actor_name="", created_at=NOW)
        )
    db.session.commit()


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", see)


def numbers(page: str) -> dict[str, int]:
    """What each line says, by its title."""
    found = re.findall(r'concerns__number">(\d+)\+?</span> <span>([^<]+)</span>', page)
    return {title: int(number) for number, title in found}


def test_a_busy_house_asks_as_many_statements_as_a_quiet_one(make_app) -> None:
    app = make_app()
    client, cost = signed_in(app), []
    for times in (1, 9):
        made(app, lambda times=times: busy_again(times))
        client.get("/beheer/")
        with app.app_context(), statements() as seen:
            assert client.get("/beheer/").status_code == 200
        cost.append(len(seen))

    assert cost[0] == cost[1]
    assert cost[0] < 40


def busy_again(times: int) -> None:
    db.session.execute(sa.delete(OutboxMail))
    busy(times)


def test_each_line_counts_what_its_page_shows(make_app) -> None:
    app = make_app()
    made(app, lambda: busy(2))
    client = signed_in(app)

    page = client.get("/beheer/").text
    links = re.findall(r'<li><a href="([^"]+)"><span class="concerns__number">(\d+)</span>', page)

    assert len(links) >= 8
    shown = {}
    for path, number in links:
        rows = re.findall(r"<tr.*?</tr>", client.get(path.replace("&amp;", "&")).text.split("<tbody>")[-1], re.DOTALL)
        shown[path] = (int(number), len(rows))
    # Koppelen and the circles have a page in another shape.
    assert {path: pair for path, pair in shown.items() if pair[0] != pair[1] and "koppelen" not in path} == {}


@pytest.mark.parametrize("concern", Concern)
def test_every_line_has_rows(app, concern) -> None:
    assert concern in {*concerns._COUNTED, *concerns.LOOKED_AT, Concern.LINKING, Concern.CIRCLES}


def test_a_role_for_one_event_sees_what_waits_there(make_app) -> None:
    app = make_app()

    def two() -> None:
        busy(2)
        mine = db.session.scalars(sa.select(Event).where(Event.title == "Themadag 0")).one()
        make_grant(Role.COORDINATOR, event=mine)

    made(app, two)
    client = client_of(app, "kantoor@kindcentra.example")
    said = client.get("/beheer/")

    assert set(numbers(said.text).values()) == {1}
    assert "Themadag 0" in words(said)
    assert "Themadag 1" not in said.text
    assert client.get("/beheer/vandaag/taken").status_code == 403
    assert "Themadag 1" not in client.get("/beheer/vandaag/mails").text


def test_the_pace_is_counted_per_day_and_compared_with_the_one_before(app) -> None:
    before = make_event(kind=EventKind.THEMADAG, starts_at=NOW - timedelta(days=300))
    event = make_event(kind=EventKind.THEMADAG, starts_at=NOW + timedelta(days=20))
    other = make_event(starts_at=NOW + timedelta(days=20))
    for moment in (NOW - timedelta(days=321), NOW - timedelta(days=320), NOW - timedelta(days=319)):
        make_registration(before).created_at = moment
    for days in (0, 1, 1, 27, 28):
        make_registration(event).created_at = NOW - timedelta(days=days)
    make_registration(event, make_person(), state=State.EXPIRED)
    db.session.commit()

    found = trend.trends([event, other], now=NOW)

    days = found[event.id].days
    assert (days[-1], days[-2], days[0], sum(days), found[event.id].week) == (1, 2, 1, 4, 3)
    assert (found[event.id].before, found[other.id].before, found[other.id].week) == (2, None, 0)
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 9


def test_a_new_house_says_what_to_do_first(make_app) -> None:
    app = make_app()
    keeper, reader = signed_in(app, Role.BEHEERDER), signed_in(app, Role.LEZER)

    first, as_reader = words(keeper.get("/beheer/")), words(reader.get("/beheer/"))
    made(app, lambda: make_event(starts_at=NOW - timedelta(days=3)).id)

    assert "Zo begint u Vul de gegevens van de vereniging in" in first
    assert "Het secretariaat zet de eerste bijeenkomst erin." in as_reader
    assert "Zo begint u" not in words(keeper.get("/beheer/"))
