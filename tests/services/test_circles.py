"""A circle through its season: joining, a place at every meeting, answering, leaving, and the bad days."""

from datetime import date, timedelta

import pytest

from eventapp.domain.circles import JoinPolicy, MeetingAnswer, MemberRole, Standing
from eventapp.domain.errors import AlreadyMember, CircleClosed, CircleMembersOnly, SatInBefore, UsedLink
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import CircleAnswer, CircleMember, CircleRequest, Event, Membership, Registration
from eventapp.queries.circles import attending, guests_at, requests_of
from eventapp.queries.merging import PERSON
from eventapp.services import (
    circle_joining,
    circle_meetings,
    circle_members,
    confirming,
    forgetting,
    merging,
    organising,
)
from eventapp.services.cancelling import cancel_own
from tests.booking import book
from tests.circling import FATMA, MARIEKE, added, asks, joins, make_circle, make_meeting, members, says, stands
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person
from tests.reading import kinds, last_mail, only_registration, registrations, states, taken, token_in

JA, NEE, VERHINDERD = MeetingAnswer.JA, MeetingAnswer.NEE, MeetingAnswer.VERHINDERD
LATER = NOW + timedelta(hours=1)
TODAY = NOW.date()


def test_who_joins_gets_one_mail_with_all_dates_and_a_place_at_each(app):
    zonnevlinder = make_organisation()
    circle = make_circle()
    first, second, past = (make_meeting(circle, days=days) for days in (30, 60, -30))

    token = joins(circle)

    booked = [(r.event_id, r.state, r.category, r.organisation_id, r.source) for r in registrations()]
    assert booked == [(event.id, State.CONFIRMED, Category.LID, zonnevlinder.id, "circle") for event in (first, second)]
    assert (taken(first), taken(second), taken(past)) == (1, 1, 0)
    assert kinds() == ["circle_confirm", "circle_joined", "confirmed", "confirmed"]
    joined = last_mail("circle_joined").text
    assert "wo 10 februari 2027: 10.00-14.00 uur, online" in joined and "vr 12 maart 2027: " in joined
    assert f"/kringen/lid/{token}" in joined and "/mijn/agenda/" in joined
    assert f"/kringen/lid/{token}/{second.slug}" in last_mail("confirmed").text
    assert stands(token) == [Standing.VERWACHT, Standing.VERWACHT]


def test_the_link_joins_once_and_a_second_request_leads_to_the_same_membership(app):
    make_organisation()
    circle = make_circle()
    make_meeting(circle)
    proof = asks(circle)

    token = circle_joining.prove(proof, now=NOW).member_token

    with pytest.raises(UsedLink):
        circle_joining.prove(proof, now=NOW)
    assert joins(circle, now=LATER) == token
    assert members() == [(MARIEKE.address, TODAY, None)]
    assert len(registrations()) == 1


def test_who_is_no_member_or_has_to_be_approved_waits_for_the_coordinator(app):
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle)

    assert joins(circle, FATMA) == ""

    (request,) = requests_of(circle.id)
    assert (request.address, members(), states()) == (FATMA.address, [], [])
    circle_joining.decide_request(request.id, circle.id, accepted=True, by=OFFICE, now=LATER)
    # Whom the coordinator let in comes free, whatever the address proves.
    registration = only_registration()
    assert (registration.event_id, registration.category, registration.price_cents) == (event.id, Category.NIET_LID, 0)
    assert kinds()[1:] == ["circle_request", "circle_joined", "confirmed"]


def test_who_is_turned_down_hears_so_and_gets_nothing(app):
    make_organisation()
    circle = make_circle(policy=JoinPolicy.APPROVAL)
    make_meeting(circle)
    joins(circle)
    (request,) = requests_of(circle.id)

    circle_joining.decide_request(request.id, circle.id, accepted=False, by=OFFICE, now=LATER)

    assert (members(), states(), requests_of(circle.id)) == ([], [], [])
    assert kinds()[-1] == "circle_declined"


def test_a_closed_circle_is_joined_through_the_office_alone(app):
    circle = make_circle(policy=JoinPolicy.CLOSED)

    with pytest.raises(CircleClosed):
        asks(circle)
    added(circle, FATMA, role=MemberRole.WAARNEMEND)
    with pytest.raises(AlreadyMember):
        added(circle, FATMA)

    make_meeting(circle)
    assert circle_meetings.follow_everywhere(now=NOW) == 1
    assert only_registration().category == Category.WAARNEMEND


def test_an_answer_gives_the_place_back_and_takes_it_again(app):
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle)
    token = joins(circle)

    says(token, event, VERHINDERD, reason="vergadering", now=LATER)

    assert stands(token) == [Standing.VERHINDERD]
    assert (states(), taken(event), kinds()[-1]) == ([State.CANCELLED], 0, "registration_cancelled")
    assert [(one.standing, one.reason) for one in attending(event)] == [(Standing.VERHINDERD, "vergadering")]
    assert circle_meetings.follow_everywhere(now=LATER) == 0

    says(token, event, JA, now=LATER + timedelta(hours=1))

    assert stands(token) == [Standing.JA]
    assert (states(), taken(event)) == ([State.CANCELLED, State.CONFIRMED], 1)
    assert db.session.get(CircleAnswer, (event.id, 1)).reason == ""


def test_who_withdraws_by_the_ticket_is_not_registered_again(app):
    make_organisation()
    circle = make_circle()
    make_meeting(circle)
    token = joins(circle)

    cancel_own(only_registration().id, by=OFFICE, now=LATER)

    assert circle_meetings.follow_everywhere(now=LATER) == 0
    assert (states(), stands(token)) == ([State.CANCELLED], [Standing.GEEN])


def test_after_a_move_to_another_day_everybody_is_expected_and_asked_again(app):
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle)
    came, stayed = joins(circle), added(circle, FATMA)
    says(came, event, JA, now=LATER)
    says(stayed, event, NEE, now=LATER)
    moved = LATER + timedelta(hours=1)

    details = organising.details_of(db.session.get_one(Event, event.id))
    shift = timedelta(days=7)
    changed = organising.EventDetails(
        **{**vars(details), "starts_at": details.starts_at + shift, "ends_at": details.ends_at + shift}
    )
    organising.change_event(event.id, changed, version=event.version, by=OFFICE, now=moved)
    circle_meetings.follow_everywhere(now=moved)

    assert (stands(came), stands(stayed)) == ([Standing.VERWACHT], [Standing.VERWACHT])
    assert sorted(states()) == [State.CANCELLED, State.CONFIRMED, State.CONFIRMED]
    says(came, event, JA, now=moved + timedelta(hours=1))
    assert stands(came) == [Standing.JA]
    assert not db.session.query(Registration).filter_by(address=MARIEKE.address).one().date_open


def test_who_leaves_loses_what_comes_and_may_come_back(app):
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle)
    token = joins(circle)

    circle_members.leave(token, by=OFFICE, now=LATER)
    circle_members.leave(token, by=OFFICE, now=LATER)

    assert (members(), states(), taken(event)) == ([(MARIEKE.address, TODAY, TODAY)], [State.CANCELLED], 0)
    assert kinds()[-2:] == ["circle_left", "registration_cancelled"]

    again = joins(circle, now=LATER + timedelta(days=1))

    assert again != token
    assert members()[-1] == (MARIEKE.address, TODAY + timedelta(days=1), None)
    assert (states(), taken(event), stands(again)) == ([State.CANCELLED, State.CONFIRMED], 1, [Standing.VERWACHT])
    assert stands(token) == []


def test_a_broken_off_departure_is_finished_by_the_worker(app):
    """Killed between the last day and the places."""
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle)
    joins(circle)
    for row in circle.members:
        row.left_on = TODAY
    db.session.commit()

    assert circle_meetings.follow_everywhere(now=LATER) == 1
    assert (states(), taken(event)) == ([State.CANCELLED], 0)


def test_a_full_meeting_puts_a_member_in_line(app):
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle, capacity=1)
    added(circle, FATMA)

    token = joins(circle)

    assert (taken(event), stands(token), kinds()[-1]) == (1, [Standing.WACHTLIJST], "waitlisted")


def test_a_membership_of_the_association_that_ends_in_between_gives_no_later_places(app):
    zonnevlinder = make_organisation(until=TODAY + timedelta(days=45))
    circle = make_circle()
    inside = make_meeting(circle, days=30, prices={Category.LID: 0})
    outside = make_meeting(circle, days=60, prices={Category.LID: 0})

    joins(circle)

    assert [r.event_id for r in registrations()] == [inside.id]
    membership = db.session.query(Membership).filter_by(organisation_id=zonnevlinder.id).one()
    membership.ends_on = None
    db.session.commit()
    assert circle_meetings.follow_everywhere(now=LATER) == 1
    assert [r.event_id for r in registrations()] == [inside.id, outside.id]


def test_somebody_in_two_circles_for_two_organisations_comes_for_each_of_them(app):
    zonnevlinder = make_organisation()
    dijk = make_organisation("De Dijk", domains=("dijk.example",))
    hr, ict = make_circle(), make_circle(slug="kenniskring-ict", name="Kenniskring ICT")
    person = make_person("Marieke", "van der", "Meulen", address=MARIEKE.address)
    make_meeting(hr), make_meeting(ict)
    joins(hr)
    newcomer = circle_members.Newcomer(MARIEKE, organisation_id=dijk.id, by_hand=True)
    circle_members.add_by_hand(ict.id, newcomer, first=TODAY, by=OFFICE, now=NOW)

    found = [(r.person_id, r.organisation_id) for r in registrations()]

    assert found == [(person.id, zonnevlinder.id), (person.id, dijk.id)]


def test_a_guest_sits_in_once(app):
    make_organisation()
    circle = make_circle()
    first, second = make_meeting(circle, days=30), make_meeting(circle, days=60)
    book(first, MARIEKE.address)
    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    assert [one.address for one in guests_at(first)] == [MARIEKE.address]

    book(second, MARIEKE.address)
    with pytest.raises(SatInBefore):
        confirming.prove(token_in(last_mail("confirm_address")), now=NOW)

    other = make_event()
    book(other, MARIEKE.address)
    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    assert taken(other) == 1


def test_a_circle_without_guests_lets_nobody_book_one_meeting(app):
    make_organisation()
    event = make_meeting(make_circle(sit_in=False))

    with pytest.raises(CircleMembersOnly):
        book(event, MARIEKE.address)


def test_reasons_and_requests_are_forgotten_in_time(app):
    make_organisation()
    circle = make_circle()
    event = make_meeting(circle)
    token = joins(circle)
    says(token, event, NEE, reason="ziek", now=LATER)

    assert forgetting.sweep(now=event.ends_at + timedelta(days=13)).circles == 0
    assert forgetting.sweep(now=event.ends_at + timedelta(days=15)).circles == 1

    assert db.session.get(CircleAnswer, (event.id, 1)).reason == ""
    assert date(2027, 1, 11) == TODAY
    forgetting.sweep(now=NOW + timedelta(days=400))
    assert [row.address for row in db.session.query(CircleRequest)] == [""]


def test_two_records_of_one_member_become_one(app):
    make_organisation()
    circle = make_circle()
    added(circle, MARIEKE)
    added(circle, FATMA)
    kept, gone = (row.person_id for row in circle.members)

    merging.merge(PERSON, kept, gone, by=OFFICE, now=NOW)

    assert [(row.person_id, row.address) for row in db.session.query(CircleMember)] == [(kept, MARIEKE.address)]
