"""What the door does meets what the rest of the house knows: free places, circles, presence that is fixed, lists."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.admission import Action, Result
from eventapp.domain.circles import MeetingAnswer
from eventapp.domain.errors import EventOver, PresenceFixed, ToTheDesk
from eventapp.domain.events import EventForm
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import OrganisationDomain, Registration
from eventapp.queries import reachable
from eventapp.queries.attendance import everybody
from eventapp.queries.scanned import refused_swap
from eventapp.services import fixing, marking, prospects, walking_in
from eventapp.services.admitting import admit
from eventapp.services.scan_reports import Newcomer
from eventapp.services.swapping import take_in
from tests.circling import MARIEKE, added, joins, make_circle, make_meeting, says
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import kinds
from tests.services.test_admitting import door, inside, scan
from tests.services.test_walking_in import KEY, LATER, found, outsider, somebody, walk

pytestmark = pytest.mark.usefixtures("app")
COLLEAGUE = Newcomer("Bram", "", "Bakker", "bram@zonnevlinder.example")
SOON = timedelta(minutes=5)


def fix(event, *, now):
    fixing.fix(event.id, seen=fixing.seen_now(event, now=now), by=OFFICE, now=now)


def statuses(event, *, now):
    return [one.status for one in everybody(event, now=now)]


@pytest.mark.parametrize("force", [False, True])
def test_beyond_the_free_places_one_pays_what_was_shown(force):
    make_organisation()
    event = make_event(starts_at=NOW, free_per_organisation=1, beyond_free=BeyondFree.PAYS, beyond_free_cents=4500)
    walk(somebody(event, given_name="Eerste"))
    second = somebody(event, given_name="Tweede", force=force, reason="x" * force)

    shown = prospects.look(second, by=OFFICE, now=LATER).price_cents
    came = found(walk(replace(second, price_cents=shown)))

    assert (shown, came.state, came.price_cents) == (4500, State.AWAITING_PAYMENT, 4500)


@pytest.mark.parametrize("by_hand", [False, True])
def test_member_of_a_circle_who_said_no_comes_after_all(by_hand):
    circle = make_circle(sit_in=False)
    event = make_meeting(circle, days=1, form=EventForm.FYSIEK)
    if not by_hand:
        make_organisation()
    says(added(circle) if by_hand else joins(circle), event, MeetingAnswer.NEE)
    comes = walking_in.WalkIn(event.id, MARIEKE.address, MARIEKE.given_name, MARIEKE.infix, MARIEKE.family_name)

    came = found(walk(comes, now=event.starts_at + SOON))

    assert (came.state, came.price_cents) == (State.CONFIRMED, 0)


def test_swap_that_arrives_after_presence_was_fixed_is_for_the_office():
    event = make_event(starts_at=NOW)
    old = make_registration(event, organisation_id=make_organisation().id)
    phone, code, later = door(event), old.ticket.code, event.ends_at + timedelta(hours=2)
    fix(event, now=later)
    late = scan(event, code, Action.SWAP, at=NOW + SOON, newcomer=COLLEAGUE, shown=Result.SWAPPED)

    (said,) = take_in([late], by=phone, now=later + SOON, sent_at=later + SOON)

    assert (said.result, said.conflict) == (Result.NOT_SWAPPED, True)
    assert [(one.family_name, one.state) for one in everybody(event, now=later)] == [("Meulen", State.CONFIRMED)]


def test_what_waits_for_money_is_not_settled_after_presence_was_fixed():
    event = make_event(starts_at=NOW)
    came = found(walk(outsider(event), now=event.ends_at - SOON))
    later = event.ends_at + SOON
    fix(event, now=later)

    with pytest.raises(PresenceFixed):
        walking_in.put_on_invoice(came.id, by=OFFICE, door=None, now=later)
    with pytest.raises((PresenceFixed, EventOver)):
        walking_in.put_on_invoice(came.id, by=walking_in.Actor("device", "d", 1), door=door(event), now=later)


def test_a_list_of_teams_changes_nothing_that_a_door_saw_and_a_tick_taken_back_takes_all_of_it_back():
    event = make_event(starts_at=NOW, form=EventForm.HYBRIDE)
    seen, ticked = (make_registration(event, make_person(name), attends=EventForm.FYSIEK) for name in ("Ada", "Bo"))
    phone, at, after = door(event), NOW + SOON, event.ends_at + SOON
    admit(scan(event, seen.ticket.code, at=at), by=phone, now=at)
    admit(scan(event, seen.ticket.code, Action.OUT, at=at), by=phone, now=at + timedelta(hours=2))

    marking.were_online(event.id, {seen.id: at + timedelta(hours=3), ticked.id: None}, by=OFFICE, now=after)
    listed = statuses(event, now=after)
    marking.tick(event.id, set(), not_after_all={ticked.id}, by=OFFICE, now=after)

    assert listed == [PresenceStatus.AANWEZIG, PresenceStatus.ONLINE]
    assert statuses(event, now=after) == [PresenceStatus.AANWEZIG, PresenceStatus.AFWEZIG]


def test_one_key_never_lets_two_people_be_one():
    make_organisation()
    event = make_event(starts_at=NOW)
    make_registration(event, make_person("Ada", "", "Bos", address="ada@zonnevlinder.example"))
    phone = door(event)
    known = {"address": "ada@zonnevlinder.example", "given_name": "Ada", "infix": "", "family_name": "Bos"}

    walk(somebody(event, **known, key=KEY), door=phone)
    walk(somebody(event, key=KEY), door=phone)

    assert inside() == 2
    with pytest.raises(ToTheDesk):
        walk(somebody(event, address="iemand@zonnevlinder.example", given_name="Iemand", key=KEY), door=phone)


def test_an_address_typed_at_the_door_is_no_ground_to_announce_to():
    make_organisation()
    walk(somebody(make_event(starts_at=NOW)))
    (domain,) = db.session.scalars(sa.select(OrganisationDomain.domain))

    reached = reachable.reachable(reachable.Choice(), topic=None, event_id=None, on=NOW.date())

    assert [one.address for one in reached if one.address.endswith(domain)] == []


def test_who_is_typed_in_afterwards_gets_no_ticket_any_more():
    make_organisation()
    event = make_event(starts_at=NOW)

    came = found(walk(somebody(event), now=event.ends_at + timedelta(days=3)))

    assert (came.state, kinds()) == (State.CONFIRMED, [])


def test_page_of_a_swap_that_came_too_late_says_so(app):
    event = make_event(starts_at=NOW)
    old = make_registration(event, organisation_id=make_organisation().id)
    stranger = Newcomer("A", "", "B", "a@elders.example")
    late = scan(event, old.ticket.code, Action.SWAP, newcomer=stranger, at=NOW + SOON, shown=Result.SWAPPED)
    take_in([late], by=door(event), now=NOW + SOON, sent_at=NOW + SOON)

    page = app.test_client().get(f"/overdracht/{refused_swap(late.scan_id)}")

    assert page.status_code < 500
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 1
