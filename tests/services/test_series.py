"""A circle over a season: who was at which meeting, whom silence does not blame, and a certificate over all of it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.certificates import Verdict
from eventapp.domain.circles import MeetingAnswer, MemberRole
from eventapp.domain.errors import NotFound, PresenceNotFixed, WasNotThere
from eventapp.domain.events import EventState
from eventapp.domain.matrix import Score
from eventapp.domain.presence import PresenceStatus as S
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Certificate, Circle, CircleAnswer, CircleMember, Event, Person, Presence, Registration
from eventapp.queries.attendance import attendees, everybody
from eventapp.queries.certificates import verdict_on
from eventapp.queries.matrix import matrix_of
from eventapp.services import certifying_series, fixing
from eventapp.services.carrying_out import run_next
from eventapp.services.fixing import Wish
from eventapp.services.knowing import Somebody
from eventapp.services.long_work import RUNNERS
from tests import circling
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import mails

DONE = {"by": OFFICE, "now": NOW}
DAYS = (-90, -60, -30, -1, 30)


def make_circle() -> tuple[Circle, list[Event]]:
    """A circle that met four times, of which the third was cancelled, and meets once more."""
    circle = Circle(slug="kenniskring-hr", name="Kenniskring HR", season="2027", created_at=NOW, updated_at=NOW)
    db.session.add(circle)
    db.session.commit()
    events = [
        make_event(
            title=f"Kring {place}",
            starts_at=NOW + timedelta(days=days),
            ends_at=NOW + timedelta(days=days, hours=2),
            circle_id=circle.id,
            state=EventState.CANCELLED if place == 2 else EventState.PUBLISHED,
        )
        for place, days in enumerate(DAYS)
    ]
    return circle, events


def joins(circle: Circle, name: str, *, first: date = date(2026, 1, 1), role: MemberRole = MemberRole.LID, **more):
    person = more.pop("person", None) or make_person(name, "", "Bakker", address=f"{name.lower()}@zon.example")
    member = CircleMember(circle_id=circle.id, person_id=person.id, address=person.address, role=role, joined_on=first)
    member.token, member.created_at, member.organisation_name = new_token(), NOW, "Zonnevlinder"
    for field, value in more.items():
        setattr(member, field, value)
    db.session.add(member)
    db.session.commit()
    return member


def at(event: Event, member: CircleMember, *, came: bool = True, **more: object) -> int:
    """The registration that every member gets; with a presence when they came."""
    person = db.session.get_one(Person, member.person_id)
    registration = make_registration(event, person, **({"source": "circle"} | more))
    if came:
        seen = {"registration_id": registration.id, "event_id": event.id, "first_in_at": event.starts_at}
        db.session.add(Presence(**seen))
        db.session.commit()
    return registration.id


def says(event: Event, member: CircleMember, answer: MeetingAnswer, *, days_before: int = 3) -> None:
    at = event.starts_at - timedelta(days=days_before)
    db.session.add(CircleAnswer(event_id=event.id, member_id=member.id, answer=answer, answered_at=at))
    db.session.commit()


def fix(*events: Event) -> None:
    for event in events:
        fixing.fix(event.id, seen=fixing.seen_now(event, now=NOW), **DONE)


def scores(circle: Circle) -> dict[str, Score]:
    return {row.member.name.partition(", ")[2]: row.score for row in matrix_of(circle, now=NOW).rows}


def test_members_guests_and_observers_stand_apart_at_a_meeting(app: Flask) -> None:
    circle, (first, *_) = make_circle()
    away = {"came": False, "state": State.CANCELLED, "cancelled_at": first.starts_at - timedelta(days=3)}
    at(first, joins(circle, "Anna"))
    at(first, joins(circle, "Bram"), came=False)
    says(first, cas := joins(circle, "Cas"), MeetingAnswer.JA)
    at(first, cas, came=False)
    says(first, dina := joins(circle, "Dina"), MeetingAnswer.VERHINDERD)
    at(first, dina, **away)
    at(first, joins(circle, "Ed"), **away)
    at(first, joins(circle, "Fien", role=MemberRole.WAARNEMEND))
    at(first, joins(circle, "Gijs", first=date(2027, 1, 1)))
    late = first.starts_at - timedelta(hours=1)
    at(first, joins(circle, "Hans"), came=False, state=State.CANCELLED, cancelled_at=late)

    found = {one.given_name: (one.status, one.promised) for one in everybody(first, now=NOW)}

    assert found == {
        "Anna": (S.AANWEZIG, False),
        "Bram": (S.AFWEZIG, False),
        "Cas": (S.AFWEZIG, True),
        "Dina": (S.MET_BERICHT, True),
        "Ed": (S.MET_BERICHT, False),
        "Fien": (S.WAARNEMEND, False),
        # Not in the circle yet on that day.
        "Gijs": (S.GAST, False),
        "Hans": (S.OP_DE_DAG, False),
    }


def test_what_members_answer_says_how_they_stood(app: Flask) -> None:
    make_organisation()
    circle = circling.make_circle()
    meeting = circling.make_meeting(circle)
    names = ("Anna", "Bram", "Cas", "Dina")
    tokens = {
        name: circling.joins(circle, Somebody(f"{name}@zonnevlinder.example", name, "", "Bakker")) for name in names
    }
    observer = Somebody("fien@elders.example", "Fien", "", "Bakker")
    circling.added(circle, observer, role=MemberRole.WAARNEMEND)
    morning, afterwards = meeting.starts_at - timedelta(hours=3), meeting.ends_at + timedelta(hours=1)

    circling.says(tokens["Anna"], meeting, MeetingAnswer.JA)
    circling.says(tokens["Bram"], meeting, MeetingAnswer.VERHINDERD, reason="Inspectie op bezoek")
    circling.says(tokens["Cas"], meeting, MeetingAnswer.NEE, now=morning)
    let_in(meeting, "Fien")

    found = {one.given_name: (one.status, one.promised) for one in attendees(meeting, now=afterwards)}
    assert found == {
        "Anna": (S.AFWEZIG, True),
        "Bram": (S.MET_BERICHT, True),
        "Cas": (S.OP_DE_DAG, True),
        "Dina": (S.AFWEZIG, False),
        "Fien": (S.WAARNEMEND, False),
    }


def let_in(meeting: Event, name: str) -> None:
    own = sa.select(Registration.id).join(Registration.person).where(Registration.event_id == meeting.id)
    registration_id = db.session.scalars(own.where(Person.given_name == name)).one()
    seen = {"registration_id": registration_id, "event_id": meeting.id, "first_in_at": meeting.starts_at}
    db.session.add(Presence(**seen))
    db.session.commit()


def test_somebody_of_two_circles_and_two_organisations_counts_in_each_for_its_own(app: Flask) -> None:
    one, (first, *_) = make_circle()
    other = circling.make_circle(slug="kenniskring-ict", name="Kenniskring ICT")
    meeting = circling.make_meeting(other, days=-10)
    here = joins(one, "Anna")
    there = joins(other, "Anna", person=here.person, organisation_name="Kleine Beer")
    at(first, here, organisation_name="Zonnevlinder")
    at(meeting, there, organisation_name="Kleine Beer")

    found = [
        [(name, people, score.present) for name, people, score in matrix_of(circle, now=NOW).organisations]
        for circle in (one, other)
    ]

    assert found == [[("Zonnevlinder", 1, 1)], [("Kleine Beer", 1, 1)]]


def test_who_withdrew_and_came_back_is_one_person(app: Flask) -> None:
    circle, (first, second, *_) = make_circle()
    anna, bram = joins(circle, "Anna"), joins(circle, "Bram")
    for event in (first, second):
        away = {"came": False, "state": State.CANCELLED, "cancelled_at": event.starts_at - timedelta(hours=2)}
        at(event, anna, **away)
        at(event, bram, **away)
        at(event, anna, came=event is first)
    late = {"came": False, "state": State.CANCELLED, "cancelled_at": first.starts_at - timedelta(days=3)}
    at(first, bram, **late)

    found = [[(one.given_name, one.status) for one in attendees(event, now=NOW)] for event in (first, second)]

    assert found == [
        [("Anna", S.AANWEZIG), ("Bram", S.MET_BERICHT)],
        [("Anna", S.AFWEZIG), ("Bram", S.OP_DE_DAG)],
    ]
    assert scores(circle) == {"Anna": Score(held=3, present=1, absent=2), "Bram": Score(held=3, excused=2, absent=1)}


def test_the_matrix_counts_what_was_held_while_somebody_belonged(app: Flask) -> None:
    circle, (first, second, _, last, ahead) = make_circle()
    anna, bram = joins(circle, "Anna"), joins(circle, "Bram", first=date(2026, 12, 1))
    joins(circle, "Cas", left_on=date(2026, 11, 1))
    for event in (first, second, last, ahead):
        at(event, anna, came=event is not ahead)
    says(last, bram, MeetingAnswer.NEE)
    guest = make_registration(second, make_person("Gast", "", "Gijs"))
    db.session.add(Presence(registration_id=guest.id, event_id=second.id, first_in_at=second.starts_at))
    db.session.commit()

    found = scores(circle)
    matrix = matrix_of(circle, now=NOW)

    assert found == {
        "Anna": Score(held=3, present=3),
        # Joined for the last meeting only, and never had a place at it.
        "Bram": Score(held=1, excused=1),
        "Cas": Score(held=1, absent=1),
        "Gast": Score(beside=1),
    }
    assert [(column.held, column.meeting.cancelled) for column in matrix.columns] == [
        (True, False),
        (True, False),
        (False, True),
        (True, False),
        (False, False),
    ]
    assert [(name, people, score.percentage) for name, people, score in matrix.organisations] == [
        ("Zonnevlinder", 3, 60)
    ]
    assert matrix.provisional


def test_after_a_move_to_another_day_an_old_no_says_nothing(app: Flask) -> None:
    circle, (first, *_) = make_circle()
    says(first, anna := joins(circle, "Anna"), MeetingAnswer.NEE, days_before=9)
    first.moved_at = first.starts_at - timedelta(days=5)
    db.session.commit()
    at(first, anna, came=False)

    fix(first)

    assert [(one.status, one.promised) for one in everybody(first, now=NOW)] == [(S.AFWEZIG, False)]
    assert scores(circle)["Anna"].no_shows == 0


def test_a_certificate_over_the_circle_grows_with_what_is_fixed(app: Flask) -> None:
    circle, (first, second, _, last, _) = make_circle()
    anna = joins(circle, "Anna", organisation_id=make_organisation().id)
    for event in (first, last):
        at(event, anna)
    at(second, anna, came=False)
    me = (circle.id, anna.person_id)
    with pytest.raises(PresenceNotFixed):
        certifying_series.issue_series(*me, **DONE)
    fix(second)
    with pytest.raises(WasNotThere):
        certifying_series.issue_series(*me, **DONE)
    fix(first)

    early = certifying_series.issue_series(*me, **DONE).facts
    same = certifying_series.issue_series(*me, **DONE).id
    fix(last)
    late = certifying_series.issue_series(*me, **DONE)

    assert (early["attended"], early["hours"]) == ("1 van 2 bijeenkomsten", "2 uur")
    assert (late.facts["attended"], late.facts["hours"]) == ("2 van 3 bijeenkomsten", "4 uur")
    assert late.facts["when"] == "13 oktober 2026 t/m 10 januari 2027"
    assert late.facts["meetings"] == ["13 oktober", "10 januari"]
    assert (late.facts["title"], late.id != same) == ("Kenniskring HR 2027", True)
    fixing.unfix(last.id, reason="Nakijken", **DONE)
    given = db.session.scalars(sa.select(Certificate).order_by(Certificate.id)).all()
    assert [verdict_on(one) for one in given] == [Verdict.VALID, Verdict.UNDER_REVIEW]


def test_nobody_but_a_member_has_one_over_the_circle(app: Flask) -> None:
    circle, _ = make_circle()
    stranger = make_person("Gast", "", "Gijs")

    with pytest.raises(NotFound):
        certifying_series.issue_series(circle.id, stranger.id, **DONE)
    with pytest.raises(NotFound):
        certifying_series.issue_series(0, stranger.id, **DONE)


def test_a_correction_afterwards_is_in_the_matrix(app: Flask) -> None:
    circle, (first, *_) = make_circle()
    says(first, anna := joins(circle, "Anna"), MeetingAnswer.JA)
    registration_id = at(first, anna, came=False)
    fix(first)
    before = scores(circle)["Anna"]

    fixing.correct(first.id, {registration_id: Wish(S.AFWEZIG, S.ONLINE)}, reason="Eén laptop", **DONE)

    assert (before.no_shows, before.present) == (1, 0)
    assert (scores(circle)["Anna"].no_shows, scores(circle)["Anna"].present) == (0, 1)


def test_everybody_who_was_there_gets_theirs_once(app: Flask) -> None:
    circle, (first, *_) = make_circle()
    at(first, joins(circle, "Anna"))
    at(first, joins(circle, "Bram"), came=False)
    fix(first)

    for _ in range(2):
        certifying_series.ask_all(circle.id, **DONE)
        run_next(RUNNERS, clock=lambda: NOW)

    assert mails() == [("certificate", "anna@zon.example")]
