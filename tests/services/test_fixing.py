"""Presence is corrected by hand and fixed once it is over; from then on nothing changes it but a correction."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.errors import (
    ChangedMeanwhile,
    NotFound,
    PresenceFixed,
    PresenceNotDue,
    PresenceNotFixed,
    ReasonNeeded,
)
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.presence import PresenceStatus as S
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Choice, Event, FixedPresence, Presence, PresenceCorrection, Registration
from eventapp.queries.attendance import attendees, everybody
from eventapp.services import fixing, presence
from eventapp.services.fixing import Wish
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_person, make_registration, make_round
from tests.reading import acts

BEGAN = NOW - timedelta(days=1)
DONE = {"by": OFFICE, "now": NOW}


def over(**more: object) -> Event:
    return make_event(starts_at=BEGAN, **more)


def somebody(event: Event, name: str, *, came: bool = False, **more: object) -> Registration:
    registration = make_registration(event, make_person(name, "", "Bakker"), **more)
    if came:
        let_in(registration)
    return registration


def let_in(registration: Registration, *, session: str = "") -> None:
    whose = {"registration_id": registration.id, "event_id": registration.event_id, "session": session}
    db.session.add(Presence(**whose, first_in_at=BEGAN, inside_since=BEGAN))
    db.session.commit()


def stood(event_id: int, **more: object) -> dict[str, S | None]:
    event = db.session.get_one(Event, event_id, populate_existing=True)
    return {one.given_name: one.status for one in everybody(event, now=NOW, **more)}


def kept() -> dict[int, tuple[S, bool]]:
    found = db.session.scalars(sa.select(FixedPresence).execution_options(populate_existing=True))
    return {one.registration_id: (one.status, one.no_show) for one in found}


def fix(event: Event) -> dict[S, int]:
    return fixing.fix(event.id, seen=fixing.seen_now(event, now=NOW), **DONE)


def test_everybody_of_a_hybrid_day_has_one_status(app: Flask) -> None:
    event = over(form=EventForm.HYBRIDE)
    somebody(event, "Anna", came=True)
    somebody(event, "Bram", came=True, attends=EventForm.ONLINE)
    somebody(event, "Cas", came=True, category=Category.WAARNEMEND)
    somebody(event, "Dina", came=True, state=State.CANCELLED, cancelled_at=BEGAN - timedelta(days=9))
    somebody(event, "Ed", state=State.CANCELLED, cancelled_at=BEGAN)
    somebody(event, "Fien", state=State.CANCELLED, cancelled_at=BEGAN - timedelta(days=9))
    somebody(event, "Gijs")
    somebody(event, "Hans", state=State.WAITLISTED)

    found = stood(event.id)

    assert found == {
        "Anna": S.AANWEZIG,
        "Bram": S.ONLINE,
        "Cas": S.WAARNEMEND,
        "Dina": S.AANWEZIG,
        "Ed": S.OP_DE_DAG,
        "Fien": None,
        "Gijs": S.AFWEZIG,
        "Hans": None,
    }


def test_what_was_fixed_stays_whatever_is_scanned_afterwards(app: Flask) -> None:
    event = over()
    anna, late = somebody(event, "Anna", came=True), somebody(event, "Bram")
    anna_id, late_id = anna.id, late.id

    counts = fix(event)
    let_in(db.session.get_one(Registration, late_id))

    found = {one.given_name: (one.status, one.now_status) for one in attendees(event, now=NOW)}
    assert counts == {S.AANWEZIG: 1, S.AFWEZIG: 1}
    assert kept() == {anna_id: (S.AANWEZIG, False), late_id: (S.AFWEZIG, True)}
    assert found == {"Anna": (S.AANWEZIG, S.AANWEZIG), "Bram": (S.AFWEZIG, S.AANWEZIG)}
    assert (event.presence_fixed_at, event.presence_fixed_by) == (NOW, "Secretariaat")
    assert acts() == ["presence_fixed"]


def test_a_correction_after_fixing_needs_a_reason_and_leaves_a_trace(app: Flask) -> None:
    event = over()
    anna_id, bram_id = somebody(event, "Anna", came=True).id, somebody(event, "Bram").id
    fix(event)
    wishes = {bram_id: Wish(S.AFWEZIG, S.ONLINE)}

    with pytest.raises(ReasonNeeded):
        fixing.correct(event.id, wishes, **DONE)
    stale = fixing.correct(event.id, wishes, reason="Zat met Anna achter één laptop", **DONE)

    logged = db.session.scalars(sa.select(PresenceCorrection)).one()
    assert stale == []
    assert kept() == {anna_id: (S.AANWEZIG, False), bram_id: (S.ONLINE, False)}
    assert (logged.from_status, logged.to_status, logged.at, logged.by_name) == (S.AFWEZIG, S.ONLINE, NOW, OFFICE.name)
    assert logged.reason == "Zat met Anna achter één laptop"


def test_who_withdrew_and_came_is_put_on_the_list_and_off_again(app: Flask) -> None:
    event = over()
    gone = somebody(event, "Anna", state=State.CANCELLED, cancelled_at=BEGAN - timedelta(days=9)).id
    fix(event)

    fixing.correct(event.id, {gone: Wish(None, S.AANWEZIG)}, reason="Stond op papier", **DONE)
    on_the_list = kept()
    fixing.correct(event.id, {gone: Wish(S.AANWEZIG, None)}, reason="Toch iemand anders", **DONE)

    assert on_the_list == {gone: (S.AANWEZIG, False)}
    assert kept() == {}
    assert stood(event.id) == {"Anna": None}


def test_what_somebody_else_changed_meanwhile_is_left_alone(app: Flask) -> None:
    event = over()
    anna_id, bram_id = somebody(event, "Anna").id, somebody(event, "Bram").id
    fixing.correct(event.id, {anna_id: Wish(S.AFWEZIG, S.MET_BERICHT)}, **DONE)

    old_page = {anna_id: Wish(S.AFWEZIG, S.AANWEZIG), bram_id: Wish(S.AFWEZIG, S.AANWEZIG)}
    stale = fixing.correct(event.id, old_page, **DONE)

    assert stale == [anna_id]
    assert stood(event.id) == {"Anna": S.MET_BERICHT, "Bram": S.AANWEZIG}


def test_a_stranger_among_the_corrections_changes_nothing(app: Flask) -> None:
    event, other = over(), over()
    mine, theirs = somebody(event, "Anna").id, somebody(other, "Bram").id

    with pytest.raises(NotFound):
        fixing.correct(event.id, {mine: Wish(S.AFWEZIG, S.ONLINE), theirs: Wish(S.AFWEZIG, S.ONLINE)}, **DONE)

    assert stood(event.id) == {"Anna": S.AFWEZIG}
    assert stood(other.id) == {"Bram": S.AFWEZIG}


@pytest.mark.parametrize(
    "more", [{"starts_at": NOW - timedelta(hours=1)}, {"state": EventState.CANCELLED}, {"state": EventState.DRAFT}]
)
def test_what_is_not_over_or_was_off_is_not_fixed(app: Flask, more: dict) -> None:
    event = make_event(**({"starts_at": BEGAN} | more))

    with pytest.raises(PresenceNotDue):
        fix(event)


def test_fixing_what_changed_since_it_was_read_is_refused(app: Flask) -> None:
    event = over()
    anna = somebody(event, "Anna")
    seen = fixing.seen_now(event, now=NOW)
    let_in(anna)

    with pytest.raises(ChangedMeanwhile):
        fixing.fix(event.id, seen=seen, **DONE)

    assert kept() == {}


def test_presence_is_opened_with_a_reason_and_fixed_again(app: Flask) -> None:
    event = over()
    anna_id = somebody(event, "Anna").id
    fix(event)
    let_in(db.session.get_one(Registration, anna_id))

    with pytest.raises(PresenceFixed):
        fix(event)
    with pytest.raises(ReasonNeeded):
        fixing.unfix(event.id, reason="", **DONE)
    fixing.unfix(event.id, reason="Telefoon met scans gevonden", **DONE)
    open_again = kept()
    fix(event)

    assert open_again == {}
    assert kept() == {anna_id: (S.AANWEZIG, False)}
    with pytest.raises(PresenceNotFixed):
        fixing.unfix(over().id, reason="x", **DONE)


def test_a_breakout_has_a_list_and_corrections_of_its_own(app: Flask) -> None:
    event = over()
    one = make_breakout(make_round(event))
    anna, bram, cas = (somebody(event, name, came=True) for name in ("Anna", "Bram", "Cas"))
    chosen = one.in_rounds[0].round_id
    db.session.add_all(
        Choice(registration_id=who.id, round_id=chosen, breakout_id=one.id, chosen_at=NOW) for who in (anna, bram)
    )
    db.session.commit()
    let_in(anna, session=one.slug)
    let_in(cas, session=one.slug)

    before = stood(event.id, breakout=one)
    fixing.correct(event.id, {bram.id: Wish(S.AFWEZIG, S.AANWEZIG)}, session=one.slug, **DONE)

    assert before == {"Anna": S.AANWEZIG, "Bram": S.AFWEZIG, "Cas": S.AANWEZIG}
    assert stood(event.id, breakout=one)["Bram"] == S.AANWEZIG
    assert stood(event.id) == {"Anna": S.AANWEZIG, "Bram": S.AANWEZIG, "Cas": S.AANWEZIG}
    with pytest.raises(NotFound):
        fixing.correct(event.id, {bram.id: Wish(S.AFWEZIG, S.AANWEZIG)}, session="niets", **DONE)


def test_leaving_by_the_door_does_not_make_somebody_absent(app: Flask) -> None:
    event = over()
    anna = somebody(event, "Anna", came=True)

    presence.leave(anna.id, "")
    db.session.commit()

    assert stood(event.id) == {"Anna": S.AANWEZIG}
